#!/bin/sh
# Grade three submissions for problem 02: one right, one with a misconception, one that crashes.
# Usage: demo.sh PATH/TO/grade. Reports go to demo-output/.
set -u
grade=$1
mkdir -p demo-output
for name in right misconception crash; do
    printf '\n\033[1m── examples/02-conv-bias/%s.py\033[0m\n\n' "$name"
    "$grade" 02 --submission "examples/02-conv-bias/$name.py" \
        --json "demo-output/$name.json" --html "demo-output/$name.html"
    code=$?
    # 0 is full marks, 1 is less; anything else means that the demonstration itself has failed.
    if [ "$code" -gt 1 ]; then
        echo "demo: grading $name.py ended with exit code $code" >&2
        exit "$code"
    fi
done
printf '\nReports: demo-output/right.html, demo-output/misconception.html, demo-output/crash.html\n'
