"""What the autograder does with one submission to Gradescope: find the answers, grade them, tell of them.

    find the answers  ->  grade each  ->  one list of test cases  ->  results.json

A student reads `output` and the test cases. They show title, points and hint of a hidden check, as every report does.
If the grader itself fails, they say that it did, and no more.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from grader.batch.floor import refuse_below_floor, refuse_room
from grader.bench import Bench
from grader.errors import UsageError
from grader.exports.formats.gradescope import case, encoded, overall
from grader.exports.model import Result
from grader.grade import Given, grade_one
from grader.intake.collect import collect_one
from grader.intake.model import Notice
from grader.model import Grade, Problem, Submission
from grader.problem import open_course
from grader.sandbox.inspection import inspect_walls
from grader.sandbox.launch import Stem

OUR_FAULT = (
    "The autograder could not do its work. That is not your fault, and your submission is kept: "
    "please tell the course's staff, who can grade it again."
)
_MOST_NOTICES = 20


def autograde(course: Path, submission: Path, *, without: Iterable[str] = ()) -> bytes:
    """The results.json of what one student handed in. Raises GraderError for faults that are not the student's.

    Too few walls are one: nothing is graded then. `without` leaves walls out, for tests.
    """
    started = time.monotonic()
    problems = open_course(course).load_all()
    try:
        work, notices = collect_one(submission, problems)
    except UsageError as error:
        reason = [f"Nothing can be read of this submission: {error.message}."]
        return _encoded(reason, [_missing(problem) for problem in problems], started)
    answers = {each.problem: each.submission for each in work}
    tests, said = list[dict[str, Any]](), list[str]()
    with Stem() as stem:
        # Tried before any student code runs; and every room says again what stands around it.
        refuse_below_floor(inspect_walls(stem, without=without))
        bench = Bench(stem=stem, without=without)
        for problem in problems:
            answer = answers.get(problem.slug)
            grade = grade_one(Given(problem, answer, bench)) if answer is not None else None
            prefix = f"{problem.number}: " if len(problems) > 1 else ""
            said += _said(prefix, problem, answer, grade)
            tests += _tests(prefix, problem, grade)
            if grade is not None:
                refuse_room(grade.walls)
    said += _about_files(notices)
    return _encoded(said, tests, started)


def fault() -> bytes:
    """A results.json for the case that the grader has failed."""
    return encoded(score=0.0, seconds=0.0, output=OUR_FAULT, tests=[], extra={})


def _said(prefix: str, problem: Problem, answer: Submission | None, grade: Grade | None) -> list[str]:
    if answer is None or grade is None:
        return [f"{prefix}Nothing was found that answers “{problem.title}”."]
    told = overall(Result.of(grade))
    return [f"{prefix}The answer is {answer.path}.", *([told] if told else [])]


def _tests(prefix: str, problem: Problem, grade: Grade | None) -> list[dict[str, Any]]:
    if grade is None:
        return [_missing(problem)]
    checks = Result.of(grade).checks
    tests = [case(f"{prefix.replace(': ', '.')}{number}", check) for number, check in enumerate(checks, 1)]
    return [test | {"name": f"{prefix}{test['name']}"} for test in tests]


def _missing(problem: Problem) -> dict[str, Any]:
    return {
        "number": problem.number,
        "name": f"{problem.number}: {problem.title}",
        "score": 0.0,
        "max_score": problem.points,
        "status": "failed",
        "output": "Nothing was handed in for this problem.",
        "visibility": "visible",
    }


def _about_files(notices: Sequence[Notice]) -> list[str]:
    lines = [f"{notice.path} {notice.reason}." for notice in notices[:_MOST_NOTICES]]
    if len(notices) > _MOST_NOTICES:
        lines.append(f"{len(notices) - _MOST_NOTICES} more files were not used.")
    return lines


def _encoded(said: Sequence[str], tests: list[dict[str, Any]], started: float) -> bytes:
    score = sum(test["score"] for test in tests)
    return encoded(score=score, seconds=time.monotonic() - started, output="\n\n".join(said), tests=tests, extra={})
