"""What exports read and report.

`Result` and `Check` are the part of result.json that exports use. The pictures of failed checks, most of a
line's length, are skipped while reading, so that a class fits in memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import msgspec

from grader.intake import Student
from grader.model import Grade, Outcome, Status, Visibility


class Format(StrEnum):
    """What a class's results can be exported as."""

    CSV = "csv"
    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"
    JUNIT = "junit"


class Check(msgspec.Struct, frozen=True):
    """One check's result, as far as exports go."""

    id: str
    title: str
    visibility: Visibility
    outcome: Outcome
    points: float
    max_points: float
    message: str
    hint: str
    duration_s: float


class Misconception(msgspec.Struct, frozen=True):
    """A misunderstanding that was recognised."""

    id: str
    title: str
    advice: str


class Result(msgspec.Struct, frozen=True):
    """One submission's result, as far as exports go; a line of results.jsonl is read as this."""

    problem: str
    student: str | None
    submission: str
    status: Status
    score: float
    max_score: float
    percent: float
    checks: tuple[Check, ...]
    misconceptions: tuple[Misconception, ...] = ()
    stdout: str = ""
    duration_s: float = 0.0
    message: str = ""
    notes: tuple[str, ...] = ()
    schema: int = 1

    @classmethod
    def of(cls, grade: Grade) -> Result:
        """The part of `grade` that exports use."""
        return msgspec.convert(grade, cls, from_attributes=True)


class Asked(msgspec.Struct, frozen=True):
    """A problem, as a column of a class's results."""

    slug: str
    title: str
    points: float

    @property
    def number(self) -> str:
        return self.slug.split("-", 1)[0]


class Person(msgspec.Struct, frozen=True):
    """A student with the results there are, by problem."""

    student: Student
    results: Mapping[str, Result]


class Gradebook(msgspec.Struct, frozen=True):
    """A class's results."""

    problems: tuple[Asked, ...]
    people: tuple[Person, ...]
    notes: tuple[str, ...] = ()
    """What was odd about the files they were read from."""

    @property
    def points(self) -> float:
        """The most that anyone can have."""
        return sum(problem.points for problem in self.problems)


class UnmatchedKind(StrEnum):
    """What found no counterpart."""

    STUDENT = "student"
    """Has results, and no row in the template."""
    ROW = "row"
    """Of the template; got no grade."""
    PROBLEM = "problem"
    """Has no column in the template."""


class Unmatched(msgspec.Struct, frozen=True):
    """One thing that could not be matched, and why."""

    kind: UnmatchedKind
    name: str
    reason: str


class Filled(msgspec.Struct, frozen=True):
    """A template with grades in it."""

    content: bytes
    cells: int
    """How many grades were written."""
    unmatched: tuple[Unmatched, ...] = ()
    notes: tuple[str, ...] = ()


class ExportReport(msgspec.Struct, frozen=True):
    """What an export did."""

    format: Format
    written: tuple[Path, ...]
    grades: int
    """How many grades are in what was written."""
    unmatched: tuple[Unmatched, ...] = ()
    notes: tuple[str, ...] = ()
