"""What an autograder does with one submission: find the answers, grade them, tell of them.

    find the answers  ->  grade each  ->  what the platform reads (`autograders`)

A student reads title, points and hint of a hidden check, as in every report. If the grader itself fails, the student
reads that it did, and no more.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.batch.floor import refuse_below_floor, refuse_room
from grader.bench import Bench
from grader.errors import UsageError
from grader.grade import Given, grade_one
from grader.intake.collect import collect_one
from grader.intake.model import Notice
from grader.model import Grade, Problem, Submission
from grader.problem import open_course
from grader.release.autograders.model import Autoanswer, Autograded
from grader.sandbox.inspection import inspect_walls
from grader.sandbox.launch import Stem

_MOST_NOTICES = 20


def autograde(course: Path, submission: Path, *, only: str = "", without: Iterable[str] = ()) -> Autograded:
    """Grade what one student handed in. Raises GraderError for faults that are not the student's.

    Too few walls are one: nothing is graded then. `only` names the one problem that is asked, `without` leaves walls
    out, for tests.
    """
    started = time.monotonic()
    opened = open_course(course)
    problems = [opened.load(opened.resolve(only))] if only else opened.load_all()
    try:
        work, notices = collect_one(submission, problems)
    except UsageError as error:
        answers = tuple(Autoanswer(problem) for problem in problems)
        return Autograded(answers, (), time.monotonic() - started, error.message)
    found = {each.problem: each.submission for each in work}
    with Stem() as stem:
        # Tried before any student code runs; and every room says again what stands around it.
        refuse_below_floor(inspect_walls(stem, without=without))
        bench = Bench(stem=stem, without=without)
        answers = tuple(_answer(problem, found.get(problem.slug), bench) for problem in problems)
    return Autograded(answers, tuple(_about_files(notices)), time.monotonic() - started)


def _answer(problem: Problem, submission: Submission | None, bench: Bench) -> Autoanswer:
    if submission is None:
        return Autoanswer(problem)
    grade: Grade = grade_one(Given(problem, submission, bench))
    refuse_room(grade.walls)
    return Autoanswer(problem, grade, submission.path)


def _about_files(notices: Sequence[Notice]) -> list[str]:
    lines = [f"{notice.path} {notice.reason}." for notice in notices[:_MOST_NOTICES]]
    if len(notices) > _MOST_NOTICES:
        lines.append(f"{len(notices) - _MOST_NOTICES} more files were not used.")
    return lines
