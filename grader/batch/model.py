"""What a batch is asked, what it tells while it runs, and what it comes to."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import msgspec

from grader.batch.rulings import Rules
from grader.model import Grade, Problem, Status
from grader.problem import Course


class ExecutorName(StrEnum):
    """Where the tasks of a batch are graded; the table is `grader.batch.executors`."""

    LOCAL = "local"
    DASK = "dask"


class Attempts(StrEnum):
    """Which of several answers counts."""

    BEST = "best"
    LAST = "last"


class Batch(msgspec.Struct, frozen=True):
    """One `grade batch`, as it was asked for."""

    source: Path
    """The folder or archive with the submissions."""
    out: Path
    problems: tuple[Problem, ...]
    """Those to grade, in the order of the columns."""
    course: tuple[Problem, ...]
    """All that the course has: an answer to another problem must not be taken for one to these."""
    roster: Path | None = None
    jobs: int = 1
    fresh: bool = False
    """Forget stored results."""
    add: bool = False
    """Keep what was collected from other sources, and add this one as a further round."""
    attempts: Attempts = Attempts.LAST
    """Which of a student's answers to one problem counts, where several rounds hold one."""
    title: str = ""
    """The course's, where it has one."""
    rules: Rules = Rules()
    """What may change grades after their checks."""
    deadlines: Mapping[str, datetime.datetime] = {}
    """Those that the command named; they are in `rules`, too."""
    executor: ExecutorName = ExecutorName.LOCAL
    scheduler: str = ""
    """The address of the Dask scheduler whose workers grade, such as ``tcp://10.0.0.1:8786``."""
    layout: str | None = None
    """The layout by which the submissions are read; by default the one that is clearly right."""
    plan: Path | None = None
    """A plan that is followed instead of a layout."""
    minutes: float | None = None
    """After so many minutes no submission is begun; the next run goes on."""
    earlier: tuple[Path, ...] = ()
    """Results of earlier classes, for likenesses."""
    student_seconds: float | None = None
    """After so many seconds for one student, no further answer of that student is begun."""

    def slug_of(self, typed: str) -> str:
        """The problem of the course that `typed` means. Raises UsageError where there is none, or several."""
        return Course(self.out, tuple(problem.slug for problem in self.course)).resolve(typed)


class Row(msgspec.Struct, frozen=True):
    """One answer of one student, with whatever the store knows of it."""

    student: str
    problem: str
    path: str
    key: str
    grade: Grade | None
    """None where it is not graded yet, or where `fault` says why."""
    fault: str | None
    content: str = ""
    """What the store files the content under."""
    late: bool = False
    handed_in: str = ""
    """When, where the platform says so."""
    place: int = 0
    """In the order of the results."""


class Task(msgspec.Struct, frozen=True):
    """Something to grade: one content for one problem, however many students handed it in."""

    key: str
    problem: str
    content: str
    """What the store files the content under."""
    student: str
    """The first of those who handed it in: for the progress display, and whose page a worker may draw."""
    path: str
    """Where theirs lies."""


class Planned(msgspec.Struct, frozen=True):
    """What there is to do."""

    students: int
    answers: int
    """Answers of students to problems."""
    to_grade: int
    """Distinct contents that the store has no grade for."""
    notices: dict[str, int]
    """Kind of notice -> how many."""
    reading: str = ""
    """What was read and how, in a line."""
    most_seconds: dict[str, float] = {}
    """Problem that there is something to grade of -> how long the code of one submission can run."""
    all_seconds: float = 0.0
    """How long all that is to be graded can run together, side by side where there are several workers."""


class Graded(msgspec.Struct, frozen=True):
    """One task is done."""

    student: str
    problem: str
    status: Status | None
    """None for a fault of the grader's."""
    percent: float
    fault: str = ""


class SlowCheck(msgspec.Struct, frozen=True):
    """A submission that took long to grade."""

    student: str
    problem: str
    seconds: float


class Summary(msgspec.Struct, frozen=True):
    """What a batch came to."""

    planned: Planned
    graded: int
    """In this run."""
    seconds: float
    """The seconds of this run's grading."""
    ungradable: int
    """Answers that could not be graded as they are: the students' side."""
    faults: tuple[tuple[str, str, str], ...]
    """(student, problem, message) of what could not be graded through the grader's own fault."""
    written: bool
    """Whether results had changed since they were last written."""
    slowest: tuple[SlowCheck, ...] = ()
    """In this run, where any took long."""
    waiting: int = 0
    """Answers with a part that nobody has graded by hand yet."""
    not_begun: int = 0
    """Distinct contents for which the time did not suffice."""


class Watcher(Protocol):
    """Shows the progress. The driver's main thread alone calls it."""

    def planned(self, plan: Planned) -> None:
        """The submissions are collected."""

    def beginning(self, total: int) -> None:
        """Grading begins, of so many."""

    def graded(self, done: Graded) -> None:
        """One more is graded."""

    def publishing(self) -> None:
        """Everything is graded; results are being written."""
