"""What a student may see of a grade, decided once for every report.

A hidden check shows its title, outcome, points and hint. The checker leaves the rest out; reports
do not rely on that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from grader.data import PROVIDERS
from grader.model import (
    CheckResult,
    Counterexample,
    Grade,
    Mismatch,
    Outcome,
    PartGrade,
    Ruling,
    Status,
    Visibility,
    Waiting,
)
from grader.reports.wording import counted, number

FULL_PERCENT = 99.995
"""At least this many percent count as full marks: sums of points are sums of floats."""

OUTCOME_WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.ERROR: "raised an error",
    Outcome.TIMEOUT: "ran out of time",
    Outcome.CRASHED: "the program died",
    Outcome.NOT_RUN: "not run",
}

STATUS_WORDS = {
    Status.GRADED: "Graded",
    Status.REJECTED: "Could not be graded",
    Status.TIMEOUT: "Ran out of time",
    Status.CRASHED: "The program died",
    Status.OUT_OF_MEMORY: "Ran out of memory",
}


def shown(grade: Grade, *, reveal: bool = False) -> Grade:
    """The grade without what a student may not see of hidden checks. `reveal` is for a problem's author."""
    if reveal:
        return grade
    return msgspec.structs.replace(grade, checks=tuple(map(_shown_check, grade.checks)))


def _shown_check(check: CheckResult) -> CheckResult:
    if check.visibility is Visibility.PUBLIC:
        return check
    return msgspec.structs.replace(check, message="", mismatch=None, traceback="")


def ruling_sentence(ruling: Ruling) -> str:
    """Why, and where it was decided by hand, by whom and when."""
    about = f"{ruling.check.rstrip('.')}: " if ruling.check else ""
    when = ruling.when.partition("T")[0]
    signature = ", ".join(part for part in (ruling.by, when) if part)
    return f"{about}{ruling.because}" + (f" ({signature})" if signature else "")


def part_sentence(part: PartGrade) -> str:
    """What a person said of a manual part, with by whom and when."""
    when = part.when.partition("T")[0]
    signature = ", ".join(word for word in (part.by, when) if word)
    return f"{part.title.rstrip('.')}: {part.because}" + (f" ({signature})" if signature else "")


def waiting_clause(parts: Sequence[PartGrade]) -> str:
    """``3 points wait to be graded by hand (Why it responds)``; empty where no part is given."""
    if not parts:
        return ""
    points = number(sum(part.max_points for part in parts))
    verb = "point waits" if points == "1" else "points wait"
    return f"{points} {verb} to be graded by hand ({'; '.join(part.title for part in parts)})"


def examples_of(grade: Grade, misconception: str = "") -> list[Counterexample]:
    """The small inputs that show a recognised misconception; without one, those with nothing known behind them."""
    return [example for example in grade.counterexamples if example.misconception == misconception]


def example_words(example: Counterexample) -> str:
    """What an example is, in a few words."""
    if example.misconception:
        return "A small input on which it shows"
    return "A small input on which your answer is wrong, and no hidden check's"


class Idea(msgspec.Struct, frozen=True):
    """The checks of one idea."""

    title: str
    """Empty where no check of the grade has an idea."""
    checks: tuple[CheckResult, ...]

    @property
    def earned(self) -> float:
        return sum(check.points for check in self.checks)

    @property
    def most(self) -> float:
        return sum(check.max_points for check in self.checks)

    @property
    def public_failure(self) -> bool:
        """Whether a public check of it did not pass."""
        return any(
            check.visibility is Visibility.PUBLIC and check.outcome is not Outcome.PASSED for check in self.checks
        )

    @property
    def passed(self) -> bool:
        return all(check.outcome is Outcome.PASSED for check in self.checks)

    @property
    def hidden(self) -> int:
        return sum(check.visibility is Visibility.HIDDEN for check in self.checks)


def in_order(checks: Iterable[CheckResult]) -> list[Idea]:
    """Checks by what they are about, always in the order of the files: a page looks the same at each run.

    Checks without an idea come last, as "Other checks" where others have one.
    """
    grouped: dict[str, list[CheckResult]] = {}
    for check in checks:
        grouped.setdefault(check.idea, []).append(check)
    if len(grouped) > 1 and "" in grouped:
        grouped.setdefault("Other checks", []).extend(grouped.pop(""))
    return [Idea(title, tuple(group)) for title, group in grouped.items()]


def by_idea(checks: Iterable[CheckResult]) -> list[Idea]:
    """Checks by what they are about: ideas with a failure first, before all those whose failure may be told in full.

    Otherwise `in_order`; within an idea those that did not pass come first.
    """
    ideas = [
        Idea(idea.title, tuple(sorted(idea.checks, key=lambda check: check.outcome is Outcome.PASSED)))
        for idea in in_order(checks)
    ]
    return sorted(ideas, key=lambda idea: (idea.passed, not idea.public_failure))


def finding(check: CheckResult) -> str:
    """A sentence on what went wrong; a short one where the report shows call, answer and expectation beside it."""
    mismatch = check.mismatch
    if mismatch is None or mismatch.kind == "other":
        return _capitalised(check.message)
    if mismatch.kind == "text":
        return f"{mismatch.wrong_count:,} of {mismatch.total_count:,} lines differ."
    if mismatch.kind != "values":
        came = "is there" if mismatch.verb == "is" else "came back"
        return f"Another {mismatch.kind} {came} than was expected."
    if mismatch.total_count > 1:
        return f"{mismatch.wrong_count:,} of {mismatch.total_count:,} values differ."
    return ""


def hint_of(check: CheckResult) -> str:
    """The author's hint, where it is to the point: it speaks of values, and not of a wrong type or an exception.

    A hidden check shows nothing else: it gives its hint for whatever went wrong, once it has run.
    """
    if check.outcome in (Outcome.PASSED, Outcome.NOT_RUN):
        return ""
    if check.visibility is Visibility.HIDDEN:
        return check.hint.strip()
    values = check.mismatch is None or check.mismatch.kind in ("values", "text", "other")
    return check.hint.strip() if values and check.outcome is Outcome.FAILED else ""


class Labels(NamedTuple):
    """What stands before the parts of a mismatch, where they are shown one below the other."""

    called: str
    actual: str
    worst: str


def labels(mismatch: Mismatch) -> Labels:
    """By what was done: a call, or a look at a variable or an attribute."""
    called = "looked at" if mismatch.verb == "is" else "called"
    actual = {"returned": "came back", "printed": "printed", "is": "found"}[mismatch.verb]
    # Only of a tensor or array is it known which value differs most; of lines and lists the first is told.
    return Labels(called, actual, "furthest off" if mismatch.expected_plane else "first wrong")


def _capitalised(message: str) -> str:
    """A capital at the beginning, unless that is a name: ``conv_module returned None`` stays as it is."""
    word = message.split(maxsplit=1)[0] if message.strip() else ""
    return message[:1].upper() + message[1:] if word.rstrip(",:;.").isalpha() else message


def headline(grade: Grade) -> str:
    """The verdict in a few words: "Full marks", "9 of 12 checks passed", "Could not be graded"."""
    if grade.status is not Status.GRADED:
        return STATUS_WORDS[grade.status]
    if grade.percent >= FULL_PERCENT:
        return "All public checks passed" if grade.public_only else "Full marks"
    passed = sum(check.outcome is Outcome.PASSED for check in grade.checks)
    return f"{passed} of {len(grade.checks)} checks passed"


def not_run_sentence(grade: Grade, waiting: Waiting | None) -> str:
    """Which checks were left out; `waiting` is what a student kit says of them. Empty where none were."""
    if waiting is None:
        return "Only the public checks were run." if grade.public_only else ""
    if not waiting.checks:
        return ""
    points = f"{number(waiting.points)} {'point' if waiting.points == 1 else 'points'}"
    wait = "waits" if waiting.checks == 1 else "wait"
    return f"{counted(waiting.checks, 'hidden check')}, worth {points}, {wait} for your submission."


def by_hand_sentence(grade: Grade) -> str:
    """What a person will add to the points of the checks; empty where nobody will."""
    clause = waiting_clause(grade.waiting)
    return f"Beside these, {clause}." if clause else ""


def bonus_sentence(grade: Grade) -> str:
    """That some points are beyond full marks; empty where none are."""
    if not grade.bonus:
        return ""
    verb = "point is" if grade.bonus == 1 else "points are"
    return f"{number(grade.bonus)} {verb} beyond full marks, which are {number(grade.max_score)}."


def data_sentence(grade: Grade) -> str:
    """Where the data came from; empty for a problem without any."""
    said = {source: sentence for each in PROVIDERS.values() for source, sentence in each.sources.items()}
    return said[grade.data] if grade.data is not None else ""
