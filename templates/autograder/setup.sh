#!/usr/bin/env bash
# Runs once, as root: Gradescope does so while it builds the autograder's image. It installs the grader that lies beside this
# file, and gets ready what would otherwise be done for every submission.
set -euo pipefail

source_folder=${AUTOGRADER_SOURCE:-$(cd "$(dirname "$0")" && pwd)}
# A package index with builds of torch for the processor alone saves gigabytes: name one here if you know one.
torch_index=${TORCH_INDEX:-}

find_python() {
    for name in python3.14 python3.13 python3.12 python3.11 python3; do
        if command -v "$name" >/dev/null &&
            "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

if ! python=$(find_python); then
    apt-get install -y python3.12-venv || apt-get install -y python3.11-venv
    python=$(find_python)
fi
"$python" -m venv "$source_folder/venv"
installed="$source_folder/venv/bin"
"$installed/pip" install --no-cache-dir ${torch_index:+--index-url "$torch_index"} "torch==@TORCH@"
"$installed/pip" install --no-cache-dir "$source_folder/@WHEEL@"@PACKAGES@

# Where each activity brings its own course, that is all.
[ -d "$source_folder/course" ] || exit 0

# Student code runs under another user's number: what only root may read it cannot read, whatever walls are missing.
chmod -R go= "$source_folder/course" "$source_folder/setup.sh"

mkdir -p -m 700 "$source_folder/cache"
export XDG_CACHE_HOME="$source_folder/cache"
cd "$source_folder/course"
"$installed/grade" doctor || true
@DATA@
# A wrong answer, graded once: the answers of known misunderstandings are then there for every submission.
for problem in problems/*/; do
    "$installed/grade" "$problem" --submission "$problem/stub.py" >/dev/null || [ $? -eq 1 ]
done
