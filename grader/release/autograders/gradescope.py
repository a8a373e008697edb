"""Gradescope: ``results.json`` as its autograder specification has it."""

from __future__ import annotations

from typing import Any

from grader.exports.formats.gradescope import encoded, tests_of
from grader.exports.model import Result
from grader.release.autograders.model import OUR_FAULT, Autoanswer, Autograded, Autograder
from grader.release.autograders.telling import told


def _encode(graded: Autograded) -> bytes:
    tests = [test for answer in graded.answers for test in _tests(answer, several=len(graded.answers) > 1)]
    score = sum(test["score"] for test in tests)
    return encoded(score=score, seconds=graded.seconds, output="\n\n".join(told(graded)), tests=tests, extra={})


def _tests(answer: Autoanswer, *, several: bool) -> list[dict[str, Any]]:
    problem = answer.problem
    if answer.grade is None:
        return [
            {
                "number": problem.number,
                "name": f"{problem.number}: {problem.title}",
                "score": 0.0,
                "max_score": problem.check_points,
                "status": "failed",
                "output": "Nothing was handed in for this problem.",
                "visibility": "visible",
            }
        ]
    tests = tests_of(Result.of(answer.grade))
    if several:
        for test in tests:
            test |= {"number": f"{problem.number}.{test['number']}", "name": f"{problem.number}: {test['name']}"}
    return tests


def _fault() -> bytes:
    return encoded(score=0.0, seconds=0.0, output=OUR_FAULT, tests=[], extra={})


AUTOGRADER = Autograder("gradescope", _encode, _fault, scripts=("run_autograder",))
