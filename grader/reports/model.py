"""What the class page shows, as frozen data: students, checks, misunderstandings of a whole class."""

from __future__ import annotations

import msgspec

from grader.intake.model import Student
from grader.model import Grade, Status, Visibility


class Learner(msgspec.Struct, frozen=True):
    """A student, whether or not anything was handed in."""

    id: str
    name: str
    late: bool = False
    section: str = ""
    tutor: str = ""

    @classmethod
    def of(cls, student: Student) -> Learner:
        """The part of a student that pages show."""
        return cls(student.id, student.name, student.late, student.section, student.tutor)


class ClassEntry(msgspec.Struct, frozen=True):
    """A grade and the link to its page, relative to the class page; empty where there is no page."""

    grade: Grade
    page: str = ""


class ClassNotice(msgspec.Struct, frozen=True):
    """A file that led to no grade, and why."""

    path: str
    reason: str


class Alike(msgspec.Struct, frozen=True):
    """Students whose submissions for one problem are identical (similarity 1) or nearly so."""

    problem: str
    students: tuple[str, ...]
    similarity: float


class CheckStatistics(msgspec.Struct, frozen=True):
    """How a class fared on one check."""

    id: str
    title: str
    visibility: Visibility
    taken: int
    passed: int
    discrimination: float | None
    lower: float | None
    """Success rate among the weakest 27 %."""
    upper: float | None
    idea: str = ""

    @property
    def rate(self) -> float:
        return self.passed / self.taken if self.taken else 0.0


class ProblemStatistics(msgspec.Struct, frozen=True):
    """How a class fared on one problem. `checks` are ordered from the easiest to the hardest."""

    slug: str
    title: str
    handed_in: int
    absent: int
    ungraded: int
    full: int
    mean: float
    median: float
    histogram: tuple[int, ...]
    seconds: tuple[float, float, float]
    """Median, 95th percentile and largest duration of a grading."""
    checks: tuple[CheckStatistics, ...]


class IdeaStatistics(msgspec.Struct, frozen=True):
    """How a class fared on the checks of one idea."""

    problem: str
    title: str
    checks: int
    wrong: float
    """Share of the answers that did not pass, over all of its checks and all who took them."""
    hardest: CheckStatistics


class MisconceptionStatistics(msgspec.Struct, frozen=True):
    """A misunderstanding and who shares it; `students` are ids."""

    problem: str
    id: str
    title: str
    advice: str
    students: tuple[str, ...]
    share: float
    """The share of those who handed the problem in."""


class ClassCell(msgspec.Struct, frozen=True):
    """One student's result on one problem."""

    percent: float
    status: Status
    page: str
    outcomes: str
    """One code per check, in the order of `ProblemStatistics.checks`."""


class ClassRow(msgspec.Struct, frozen=True):
    """One student's results, in the order of the problems; None where nothing was handed in."""

    learner: Learner
    total: float
    """Points earned as a percentage of all points there are."""
    cells: tuple[ClassCell | None, ...]


class SectionStatistics(msgspec.Struct, frozen=True):
    """How the students of one section, or of one tutor, fared."""

    name: str
    """Empty for those of whom the roster says none."""
    with_whom: tuple[str, ...]
    """A section's tutors; a tutor's sections."""
    students: int
    handed_in: int
    """Those with an answer to anything."""
    median: float | None
    """Of the totals of those who handed in."""
    medians: tuple[float | None, ...]
    """Per cent by problem, of those who handed it in; None where nobody did."""


class CommonFailure(msgspec.Struct, frozen=True):
    """A submission that could not be graded."""

    student: str
    problem: str
    reason: str
    page: str


class Slow(msgspec.Struct, frozen=True):
    """A submission that took long to grade."""

    student: str
    problem: str
    seconds: float
    page: str


class ClassReport(msgspec.Struct, frozen=True):
    """Everything the class page shows."""

    title: str
    problems: tuple[ProblemStatistics, ...]
    rows: tuple[ClassRow, ...]
    """From the highest total to the lowest."""
    misconceptions: tuple[MisconceptionStatistics, ...]
    ideas: tuple[IdeaStatistics, ...]
    """Checks that somebody got wrong, the hardest first."""
    alike: tuple[Alike, ...]
    failures: tuple[CommonFailure, ...]
    notices: tuple[ClassNotice, ...]
    histogram: tuple[int, ...]
    """Students by total, in twenty steps of 5 %."""
    mean: float
    median: float
    submissions: int
    slowest: tuple[Slow, ...] = ()
    """The submissions that took longest to grade, the longest first; none where all were quick."""
    about: tuple[str, ...] = ()
    """When this was graded and with what, in a few words each."""
    adjusted: int = 0
    """Grades that somebody changed by hand."""
    late: int = 0
    """Grades that lost points for being late."""
    waiting: int = 0
    """Answers with a part that nobody has graded by hand yet."""
    sections: tuple[SectionStatistics, ...] = ()
    """None where the roster names no section."""
    tutors: tuple[SectionStatistics, ...] = ()
    shared: bool = False
    """Whether the page is for passing on: it says nothing of likenesses, not even that there are none."""

    @property
    def tutors_apart(self) -> bool:
        """Whether the numbers by tutor are others than those by section."""
        several = any(len(part.with_whom) != 1 for part in (*self.sections, *self.tutors) if part.name)
        return bool(self.tutors) and (several or not self.sections)
