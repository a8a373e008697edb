"""What course.yaml may say: its keys as they are written, and the rules that come of them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Literal

import msgspec

from grader.problem.groups import Groups

COURSE_FILE = "course.yaml"


class LateRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an answer loses when it comes after its deadline."""

    grace: str = "0 min"
    """How much later it may be without losing anything, such as ``15 min``."""
    per_day: float = 0.0
    """Per cent of the problem's points for each day begun."""
    cap: float = 100.0
    """The most that it can lose, in per cent of the problem's points."""


class Deadline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When answers to one problem are due, with a late rule of its own where it has one."""

    at: str
    grace: str | None = None
    per_day: float | None = None
    cap: float | None = None


class CheckRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of one check after the fact: one of the three."""

    because: str
    drop: bool = False
    """It counts for nothing, and the problem has so many points less."""
    everybody: bool = False
    """Everybody whose answer was graded gets its points."""
    points: float | None = None
    """What it is worth instead."""


class BonusRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far grades may go beyond full marks."""

    cap: Literal["none", "total", "problem"] = "none"
    """Where points beyond full marks end: nowhere; at the full marks of all problems together, so that they make up for
    points lost elsewhere; or at those of their own problem."""
    by_hand: float = 0.0
    """How far beyond a problem's full marks an adjustment may go, where the problem has no larger bonus."""


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `grade verify` asks of each problem."""

    alternatives: int = 4
    misconceptions: int = 8
    stub: float = 10.0
    """The most that an empty answer may earn, in per cent."""


class TimeRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a batch may take; each is a span such as ``90 min``."""

    batch: str = ""
    student: str = ""


class CourseFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of course.yaml; all of them may be left out."""

    title: str = ""
    problems: tuple[str, ...] = ()
    """The order in which to learn them, and in which results list them; those not named come after."""
    requirements: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    rounds: Literal["refuse", "add"] = "refuse"
    attempts: Literal["best", "last"] = "last"
    time: TimeRule = TimeRule()
    late: LateRule = LateRule()
    deadlines: dict[str, str | Deadline] = {}
    extensions: dict[str, dict[str, str]] = {}
    """Student -> problem -> another deadline, or how much later: ``3 days``."""
    checks: dict[str, dict[str, CheckRule]] = {}
    """Problem -> check, by its id or the function's name."""
    bonus: BonusRule = BonusRule()
    columns: dict[str, str] = {}
    """Problem, or ``total`` -> its column in gradebooks, by the assignment's number or name."""
    likeness_with: tuple[str, ...] = ()
    """Results of earlier classes to compare with, as paths from course.yaml."""
    groups: str = ""
    """A CSV beside course.yaml that says who hands in together."""
    solutions: Literal["never", "full-marks"] = "never"
    """Whether ``grade read PROBLEM --solution`` shows them to who has full marks."""
    counterexamples: bool = True
    """Whether students are shown the smallest input on which their answer is wrong."""
    thresholds: Thresholds = Thresholds()


class Due(msgspec.Struct, frozen=True):
    """A deadline with all that belongs to it."""

    at: datetime.datetime
    grace_minutes: float
    per_day: float
    cap: float


class CourseRules(msgspec.Struct, frozen=True):
    """course.yaml, resolved: every problem by its slug."""

    path: str = COURSE_FILE
    title: str = ""
    problems: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    add: bool = False
    attempts: Literal["best", "last"] = "last"
    minutes: float | None = None
    """After so many a batch begins no submission."""
    student_seconds: float | None = None
    """After so many of one student's a batch begins none of that student's."""
    late: Due | None = None
    """What holds where the platform marks an answer late and no deadline is given; `at` does not count."""
    deadlines: Mapping[str, Due] = {}
    extensions: Mapping[str, Mapping[str, datetime.datetime]] = {}
    """Student -> problem -> until when."""
    checks: Mapping[str, Mapping[str, CheckRule]] = {}
    bonus: BonusRule = BonusRule()
    columns: Mapping[str, str] = {}
    likeness_with: tuple[str, ...] = ()
    groups: Groups = Groups()
    solutions_after_full_marks: bool = False
    thresholds: Thresholds = Thresholds()
    counterexamples: bool = True
