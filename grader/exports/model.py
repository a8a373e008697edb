"""What exports read and report.

`Result` and `ExportedCheck` are the part of result.json that exports use. The pictures of failed checks, most of a
line's length, are skipped while reading, so that a class fits in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from grader.intake.model import Student
from grader.model import Grade, Misconception, Outcome, PartGrade, Ruling, Status, Visibility
from grader.reports.shown import waiting_clause
from grader.scoring import total


class ExportedCheck(msgspec.Struct, frozen=True):
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
    idea: str = ""


class Result(msgspec.Struct, frozen=True):
    """One submission's result, as far as exports go; a line of results.jsonl is read as this."""

    problem: str
    student: str | None
    submission: str
    status: Status
    score: float
    max_score: float
    percent: float
    checks: tuple[ExportedCheck, ...]
    misconceptions: tuple[Misconception, ...] = ()
    stdout: str = ""
    duration_s: float = 0.0
    message: str = ""
    notes: tuple[str, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    manual: tuple[PartGrade, ...] = ()
    schema: int = 1

    @classmethod
    def of(cls, grade: Grade) -> Result:
        """The part of `grade` that exports use."""
        return msgspec.convert(grade, cls, from_attributes=True)

    @property
    def waiting(self) -> str:
        """What nobody has graded by hand yet, as a clause; empty where nothing waits."""
        return waiting_clause([part for part in self.manual if part.points is None])


NOTHING = "nothing handed in"
FAULT = "could not be graded, through a fault of the grader's"
"""The beginning of a remark that is no student's business."""
TOTAL = "total"
"""Stands for all problems: the points of all of them together."""


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
    remarks: Mapping[str, str] = {}
    """Problem -> why there is no result; under the empty name, what concerns all of them."""

    def why_not(self, problem: str = "") -> str:
        """A few words on why there is no score for `problem`, or for any problem."""
        for slug, result in self.results.items():
            if result.waiting and problem in (slug, TOTAL):
                return f"{result.waiting} in {slug}" if problem == TOTAL else result.waiting
        return self.remarks.get(problem) or self.remarks.get("") or NOTHING

    def answers_nothing(self, problem: str) -> str:
        """Why what the student handed in is no answer to `problem`; empty where that is not the student's to know."""
        why = self.why_not(problem)
        waits = any(result.waiting for slug, result in self.results.items() if problem in (slug, TOTAL))
        return "" if waits or why.endswith(NOTHING) or why.startswith(FAULT) else why


class Gradebook(msgspec.Struct, frozen=True):
    """A class's results."""

    problems: tuple[Asked, ...]
    people: tuple[Person, ...]
    notes: tuple[str, ...] = ()
    """What was odd about the files they were read from."""
    capped: bool = False
    """Whether points beyond full marks only make up for lost ones."""

    def score(self, person: Person, problem: str) -> float | None:
        """A person's points for a problem, or in total; None where nothing was graded, or a part waits for a person."""
        asked = [result for slug, result in person.results.items() if problem in (slug, TOTAL)]
        if not asked or any(result.waiting for result in asked):
            return None
        return total([result.score for result in asked], self.points, capped=self.capped and problem == TOTAL)

    @property
    def points(self) -> float:
        """The most that anyone can have."""
        return sum(problem.points for problem in self.problems)

    @property
    def grades(self) -> int:
        """How many results there are."""
        return sum(len(person.results) for person in self.people)


class UnmatchedKind(StrEnum):
    """What found no counterpart."""

    STUDENT = "student"
    """Has results, and no row in the template."""
    ROW = "row"
    """A row of the template that got no grade."""
    PROBLEM = "problem"
    """Has no column in the template."""


class Unmatched(msgspec.Struct, frozen=True):
    """One thing that could not be matched, and why."""

    kind: UnmatchedKind
    name: str
    reason: str


class ExportRequest(msgspec.Struct, frozen=True):
    """What a format is given."""

    gradebook: Gradebook
    template: bytes = b""
    """The file to fill in, where the format has one."""
    template_name: str = ""
    """What that file is called, without its ending."""
    columns: Mapping[str, str] = {}
    """Problem -> the column of the template that was named for it by hand."""


class Filled(msgspec.Struct, frozen=True):
    """What a format makes of a class's results."""

    files: Mapping[tuple[str, ...], bytes]
    """Parts of a path below the target, where it is a folder -> content; under no parts, the target itself."""
    grades: int
    """How many grades are in it."""
    unmatched: tuple[Unmatched, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def content(self) -> bytes:
        """The name of the only file."""
        (content,) = self.files.values()
        return content


@dataclass(frozen=True)
class ExportFormat:
    """One way to write a class's results."""

    name: str
    default_name: str
    """The file or folder that is written into the batch's directory where nothing else is named."""
    make: Callable[[ExportRequest], Filled]
    """Raises UsageError where the template is none, or grades have no certain place in it."""
    template_from: str = ""
    """Where an instructor gets the template; empty where the format has none. A template names its students."""
    is_folder: bool = False
    """Whether it is a folder of files, which is one file only where there is one result."""


class ExportReport(msgspec.Struct, frozen=True):
    """What an export did."""

    format: str
    written: tuple[Path, ...]
    grades: int
    """How many grades are in what was written."""
    unmatched: tuple[Unmatched, ...] = ()
    notes: tuple[str, ...] = ()
