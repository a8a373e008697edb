"""`grade` alone: how far a student is in the course."""

from __future__ import annotations

import time
from pathlib import Path

import click

from grader.cli.closing import change_since, next_problem, short_name
from grader.cli.shared import console
from grader.cli.work import submission_in, untouched
from grader.errors import ProblemFileError, UsageError
from grader.journal import Journal, JournalEntry, best
from grader.problem import Course, find_course
from grader.reports.shown import FULL_PERCENT
from grader.reports.wording import counted, number, one_line

_BEGIN = """\
There is no course here. A course is a folder that holds problems/; go there first:

  cd my-course        the folder that you unpacked or cloned
  grade               how far you are
  grade start 01      begin with a problem

  grade --help        all commands
"""


def home() -> None:
    """In a course every problem with best score, points, last change and what is next; elsewhere how to begin."""
    try:
        course = find_course(Path.cwd())
    except UsageError:
        click.echo(_BEGIN)
        return
    _overview(course)


def _overview(course: Course) -> None:
    from rich.table import Table
    from rich.text import Text

    journal = Journal(course.root)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("problem", "best", "points", "last time", "next"):
        table.add_column(heading, justify="right" if heading == "best" else "left", no_wrap=heading != "next")
    for slug in course.slugs:
        entries = journal.entries(slug)
        top = best(entries)
        full = top is not None and top.percent >= FULL_PERCENT
        table.add_row(
            Text(one_line(slug), style="green" if full else ""),
            "" if top is None else f"{number(top.percent, 1)} %",
            _points(course, slug, top),
            _last(entries),
            _next(course, slug, top),
        )
    out = console()
    if course.rules.title:
        out.print(Text(one_line(course.rules.title), style="bold"))
        out.print()
    out.print(table)
    out.print()
    out.print(Text(_conclusion(course, journal), style="bold"))


def _points(course: Course, slug: str, top: JournalEntry | None) -> str:
    if top is not None:
        return f"{number(top.score)} of {number(top.max_score)}"
    try:
        return f"– of {number(course.load(slug).points)}"
    except ProblemFileError:
        return "–"


def _last(entries: list[JournalEntry]) -> str:
    """When it was graded last, and what that changed."""
    if not entries:
        return ""
    before = entries[-2] if len(entries) > 1 else None
    change = change_since(before, entries[-1]).removesuffix(" since last time").partition(",")[0]
    gained = change if change.startswith(("+", "−")) else ""
    return " ".join(part for part in (_ago(time.time() - entries[-1].when), gained) if part)


def _ago(seconds: float) -> str:
    if seconds < 90:
        return "just now"
    for size, unit in ((86400.0, "day"), (3600.0, "hour"), (60.0, "minute")):
        if seconds >= size:
            return f"{counted(int(seconds // size), unit)} ago"
    return "just now"


def _next(course: Course, slug: str, top: JournalEntry | None) -> str:
    name = short_name(course, slug)
    work = submission_in(course.root / "problems" / slug)
    if work is None:
        return "done" if top is not None and top.percent >= FULL_PERCENT else f"grade start {name}"
    if untouched(work):
        return f"write {work.name}"
    return "done" if top is not None and top.percent >= FULL_PERCENT else f"grade {name}"


def _conclusion(course: Course, journal: Journal) -> str:
    if not course.slugs:
        return "This course has no problems yet: grade new my-problem begins one."
    following = next_problem(course, journal)
    if following is None:
        return "Full marks everywhere. Hand it in: grade pack"
    work = submission_in(course.root / "problems" / following)
    name = short_name(course, following)
    return (
        f"Next: grade {name}"
        if work is not None and not untouched(work)
        else f"Next: grade read {name}, then grade start {name}"
        if work is None
        else f"Next: grade read {name}, then write {work.name}"
    )
