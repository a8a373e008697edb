#!/usr/bin/env bash
# VPL runs this beside the student's files, and then the vpl_execution that it makes. course.zip lies beside it as an
# execution file of this activity; the grader itself is installed on the execution server, by setup.sh.
[ -f vpl_environment.sh ] && . ./vpl_environment.sh
python=${AUTOGRADER_PYTHON:-/opt/torchgrade/venv/bin/python}
here=$(pwd)
work=$(mktemp -d -p "$here")
[ -f course.zip ] || base64 -i -d course.zip.b64 >course.zip
"$python" -I -m zipfile -e course.zip "$work/course"
rm -f course.zip course.zip.b64
mkdir "$work/submission"
for number in {0..999}; do
    name=VPL_SUBFILE$number
    file=${!name-}
    [ -n "$file" ] || break
    case "/$file/" in */../*) continue ;; esac
    mkdir -p "$work/submission/$(dirname "$file")"
    cp -P -- "$file" "$work/submission/$file"
done
{
    printf '#!/usr/bin/env bash\n'
    printf 'export VPL_GRADEMIN=%q VPL_GRADEMAX=%q\n' "${VPL_GRADEMIN:-0}" "${VPL_GRADEMAX:-10}"
    # What is printed here students may read: the grader's own words go to a file for staff, where one is named.
    printf '%q -I -m grader.cli.autograde %q %q %q vpl >>%q 2>&1\n' \
        "$python" "$work/course" "$work/submission" "$work/results" "${AUTOGRADER_LOG:-/dev/null}"
    printf 'cat -- %q 2>/dev/null || echo %q\n' "$work/results" "Comment :=>> @SAY@"
} >vpl_execution
chmod +x vpl_execution
