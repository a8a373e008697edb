"""What somebody decides on a grade by hand: checked, kept in adjustments.csv, and told. The command and the desk do so
alike; results are written anew afterwards (`grader.batch.again.republish`)."""

from __future__ import annotations

import datetime

import msgspec

from grader.batch.adjustments import ADJUSTMENTS, UNDONE, Adjustment, add_adjustment, take_back
from grader.batch.judge import BatchJudge
from grader.batch.model import Batch, Row
from grader.batch.rulings import Rulings, find_id
from grader.batch.run import with_adjustments
from grader.errors import UsageError
from grader.model import Grade
from grader.reports.wording import number, one_line, signed


class Decision(msgspec.Struct, frozen=True):
    """An adjustment to be made, or to be taken back, with what comes of it."""

    batch: Batch
    adjustment: Adjustment
    before: Grade
    """As it is published now."""
    after: Grade
    undo_by: str | None = None
    """Who takes it back; None where it is made."""

    def keep(self) -> None:
        """Write it down. Raises UsageError where that cannot be."""
        if self.undo_by is None:
            add_adjustment(self.batch.out, self.adjustment)
        else:
            take_back(self.batch.out, self.adjustment, self.undo_by, _now())

    @property
    def change(self) -> str:
        """Whose grade becomes what, as a line."""
        before, after, most = self.before.score, self.after.score, self.after.max_score
        return (
            f"{one_line(self.adjustment.student, 60)}, {self.adjustment.problem}: {number(before)} → "
            f"{number(after)} of {number(most)} points ({signed(round(after - before, 6))})"
        )

    @property
    def kept(self) -> str:
        """Where it is kept, as a sentence."""
        if self.undo_by is None:
            return f"Kept in {self.batch.out / ADJUSTMENTS}."
        return f"Taken back: {one_line(self.adjustment.because, 80)}. The line is now in {self.batch.out / UNDONE}."


def adjusting(
    batch: Batch, row: Row, *, check: str, points: float | None, to: float | None, because: str, by: str
) -> Decision:
    """An adjustment of a grade as its checks found it; `check` is empty for the problem as a whole.

    Raises UsageError where it cannot be.
    """
    assert row.grade is not None
    if not because.strip():
        raise UsageError("the reason is missing; the student reads it")
    check = find_id(row.grade, check, row.problem) if check else ""
    before = _published(batch, row)
    _refuse_too_much(batch, before, check, to)
    adjustment = Adjustment(row.student, row.problem, check, points, to, because.strip(), by, _now(), "this adjustment")
    adjusted = with_adjustments(batch, (*batch.rules.of_batch, adjustment))
    return Decision(adjusted, adjustment, before, _published(adjusted, row))


def undoing(batch: Batch, row: Row, *, check: str, by: str) -> Decision:
    """Taking back the last adjustment of a grade, or of one of its checks. Raises UsageError where there is none."""
    assert row.grade is not None
    check = find_id(row.grade, check, row.problem) if check else ""
    kept = batch.rules.of_batch
    mine = [each for each in kept if (each.student, each.problem) == (row.student, row.problem)]
    if check:
        mine = [each for each in mine if each.check and find_id(row.grade, each.check, each.where) == check]
    if not mine:
        about = f"{row.student}, {row.problem}" + (f", {check}" if check else "")
        raise UsageError(f"there is no adjustment to take back of {about}, in {batch.out / ADJUSTMENTS}")
    last = mine[-1]
    without = with_adjustments(batch, tuple(each for each in kept if each is not last))
    return Decision(without, last, _published(batch, row), _published(without, row), undo_by=by)


def _refuse_too_much(batch: Batch, grade: Grade, check: str, to: float | None) -> None:
    parts = {each.id: each.max_points for each in grade.checks} | {each.id: each.max_points for each in grade.manual}
    most = parts[check] if check else Rulings(batch.rules).most(grade)
    if check and not most and batch.rules.course.checks.get(grade.problem):
        raise UsageError(
            f"{check} has no points to give: course.yaml drops it",
            hint="without --check, the grade as a whole can be adjusted",
        )
    if to is not None and to > most:
        raise UsageError(f"{to:g} is more than the {most:g} points there are")


def _published(batch: Batch, row: Row) -> Grade:
    grade = BatchJudge(batch).rule(row).grade
    assert grade is not None
    return grade


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
