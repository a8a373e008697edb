#!/usr/bin/env bash
# PrairieLearn runs this in a container for each submission: /grade/student holds it, /grade/results/results.json is read.
# PROBLEM names the question's problem; without it all of them are graded.
source_folder=${AUTOGRADER_SOURCE:-/torchgrade}
submission=${AUTOGRADER_SUBMISSION:-/grade/student}
results=${AUTOGRADER_RESULTS:-/grade/results/results.json}
python=${AUTOGRADER_PYTHON:-$source_folder/venv/bin/python}
export XDG_CACHE_HOME=${XDG_CACHE_HOME:-$source_folder/cache}

mkdir -p "$(dirname "$results")"
cat >"$results" <<'END'
@FALLBACK@
END
"$python" -I -m grader.cli.autograde "$source_folder/course" "$submission" "$results" prairielearn ${PROBLEM:+"$PROBLEM"}
exit 0
