"""Who may read a problem's solutions: after full marks, where course.yaml allows it."""

from __future__ import annotations

import datetime
from pathlib import Path

from grader.errors import UsageError
from grader.journal import Journal, best
from grader.problem import Course
from grader.reports.shown import FULL_PERCENT
from grader.reports.wording import number


def solutions_of(course: Course, slug: str) -> Path:
    """The folder of a problem's solutions. Raises UsageError for whoever may not read them, or not yet."""
    if (closed := why_closed(course, slug)) is not None:
        raise closed
    # A grading of the public checks alone has not seen the hidden ones.
    top = best(entry for entry in Journal(course.root).entries(slug) if not entry.public_only)
    if top is None or top.percent < FULL_PERCENT:
        so_far = "it is not graded yet" if top is None else f"{number(top.score)} of {number(top.max_score)} so far"
        raise UsageError(
            f"the solution of {slug} can be read after full marks; {so_far}", hint=f"grade {slug.split('-', 1)[0]}"
        )
    return _folder(course, slug)


def why_closed(course: Course, slug: str) -> UsageError | None:
    """Why nobody may read them, whatever their marks; None where the marks decide."""
    if not course.rules.solutions_after_full_marks:
        return UsageError(
            "this course does not show its solutions", hint="its author allows it in course.yaml: solutions: full-marks"
        )
    if not (_folder(course, slug) / "solution.py").is_file():
        return UsageError(f"this copy of the course holds no solution of {slug}", hint="ask whoever gave it to you")
    due = course.rules.deadlines.get(slug)
    if due is not None and due.at > datetime.datetime.now(datetime.UTC):
        until = f"{due.at.astimezone():%Y-%m-%d %H:%M}"
        return UsageError(f"the solution of {slug} can be read after its deadline", hint=f"that is {until}")
    return None


def _folder(course: Course, slug: str) -> Path:
    return course.root / "solutions" / slug
