"""Decisions on grades after their checks, applied when results are published: nothing is graded again.

In this order: what course.yaml says of single checks, what somebody gave for manual parts, what an answer loses for
being late, what somebody adjusted by hand. The last one has the last word, within full marks and the bonus. Each is a
`Ruling` on the grade, with its points and the reason, and stands on the page; a manual part stands there itself.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from grader.batch.adjustments import Adjustment, adjustments_of, refuse_unknown
from grader.common.suggest import did_you_mean
from grader.errors import UsageError
from grader.model import CheckResult, Grade, Outcome, PartGrade, Ruling, RulingKind, Status
from grader.problem import Course
from grader.problem.coursefile import place_of_check
from grader.problem.courserules import CheckRule, CourseRules, Due
from grader.scoring import percent, score

_DAY_MINUTES = 1440
_DIGITS = 6


class Rules(msgspec.Struct, frozen=True):
    """All that may change grades of a batch."""

    course: CourseRules = CourseRules()
    of_course: tuple[Adjustment, ...] = ()
    """Those for any batch of the course: they may name students who are not in this one."""
    of_batch: tuple[Adjustment, ...] = ()

    @classmethod
    def of(cls, rules: CourseRules, course: Course, directory: Path) -> Rules:
        """The `rules` of a course, with adjustments for all of its batches and for the one in `directory`.

        Raises UsageError where one cannot be.
        """
        in_course = () if course.root.resolve() == directory.resolve() else adjustments_of(course.root, course.resolve)
        return cls(rules, in_course, adjustments_of(directory, course.resolve))

    @property
    def capped(self) -> bool:
        """Whether points beyond full marks only make up for lost ones."""
        return self.course.bonus.cap == "total"

    @property
    def digest(self) -> bytes:
        """Changes with whatever may change a grade; in which line an adjustment stands does not."""
        adjustments = [[each.row for each in own] for own in (self.of_course, self.of_batch)]
        return msgspec.msgpack.encode((self.course, adjustments))

    def refuse_unknown(self, students: Mapping[str, str]) -> None:
        """Raise UsageError where an adjustment of this batch is for nobody; `students` are ids with names."""
        refuse_unknown(self.of_batch, students)

    def by_answer(self) -> dict[tuple[str, str], list[Adjustment]]:
        """(student, problem) -> adjustments, in their order."""
        found: dict[tuple[str, str], list[Adjustment]] = {}
        for each in (*self.of_course, *self.of_batch):
            found.setdefault((each.student, each.problem), []).append(each)
        return found


class Rulings:
    """A batch's rules, applied grade by grade."""

    def __init__(self, rules: Rules) -> None:
        self._course = rules.course
        self._adjustments = rules.by_answer()

    def apply(self, grade: Grade, *, late: bool, handed_in: str = "") -> Grade:
        """The grade as it is published. Raises UsageError where a rule names a check that there is not."""
        rules = self._course.checks.get(grade.problem)
        if rules:
            grade = _with_check_rules(grade, rules, self._course.path)
        student = grade.student or grade.submission
        adjustments = self._adjustments.get((student, grade.problem), ())
        if grade.manual:
            grade = _with_manual(grade, adjustments)
        if (ruling := self._lateness(grade, student, late, handed_in)) is not None:
            grade = _changed(grade, ruling)
        for adjustment in adjustments:
            if find_part(grade, adjustment.check) is None:
                grade = self._adjusted(grade, adjustment)
        return self._capped(grade)

    def most(self, grade: Grade) -> float:
        """The most that a published grade may have."""
        return grade.max_score + max(grade.bonus, self._course.bonus.by_hand)

    def _capped(self, grade: Grade) -> Grade:
        beyond = grade.score - grade.max_score
        if self._course.bonus.cap != "problem" or beyond <= 0:
            return grade
        return _changed(grade, Ruling(RulingKind.COURSE, -beyond, "points beyond full marks do not count"))

    def _adjusted(self, grade: Grade, adjustment: Adjustment) -> Grade:
        if not adjustment.check:
            new = adjustment.to if adjustment.to is not None else grade.score + (adjustment.points or 0.0)
            points = min(max(new, 0.0), self.most(grade)) - grade.score
            return _changed(grade, _by_hand(adjustment, points))
        checks = list(grade.checks)
        index = find_check(grade, adjustment.check, adjustment.where)
        check = checks[index]
        new = adjustment.to if adjustment.to is not None else check.points + (adjustment.points or 0.0)
        points = min(max(new, 0.0), check.max_points) - check.points
        checks[index] = msgspec.structs.replace(check, points=round(check.points + points, _DIGITS))
        gained = min(points, self.most(grade) - grade.score)
        changed = _changed(grade, _by_hand(adjustment, gained, check.title))
        return msgspec.structs.replace(changed, checks=tuple(checks))

    def _lateness(self, grade: Grade, student: str, late: bool, handed_in: str) -> Ruling | None:
        due = self._course.deadlines.get(grade.problem)
        extended = self._course.extensions.get(student, {}).get(grade.problem)
        days, said = _days_late(due, extended, late, handed_in)
        rule = due or self._course.late
        if not days or rule is None:
            return None
        lost = min(rule.cap, rule.per_day * days) / 100 * grade.max_score
        return Ruling(RulingKind.LATE, -min(grade.score, lost), said) if lost else None


def _days_late(due: Due | None, extended: datetime.datetime | None, late: bool, handed_in: str) -> tuple[int, str]:
    """Days begun after the deadline, and why."""
    if due is not None and handed_in:
        until = extended or due.at
        moment = datetime.datetime.fromisoformat(handed_in)
        minutes = (moment - until).total_seconds() / 60
        if minutes <= due.grace_minutes:
            return 0, ""
        days = math.ceil(minutes / _DAY_MINUTES)
        came = f"{days} day{'s' if days > 1 else ''} late"
        return days, f"{came}: handed in {moment:%Y-%m-%d %H:%M} UTC, due {until:%Y-%m-%d %H:%M} UTC"
    if late and extended is None:
        return 1, "late, as the platform says, which does not tell by how much: counted as one day"
    return 0, ""


def _with_check_rules(grade: Grade, rules: Mapping[str, CheckRule], path: str) -> Grade:
    if not grade.checks:
        return grade
    checks, rulings = list(grade.checks), list[Ruling]()
    for named, rule in rules.items():
        index = _ruled_check(grade, named, path)
        before = checks[index]
        after = _ruled(before, rule, graded=grade.status is Status.GRADED)
        checks[index] = after
        points = round(after.points - before.points, _DIGITS)
        if (after.points, after.max_points) != (before.points, before.max_points):
            rulings.append(Ruling(RulingKind.COURSE, points, f"{_verb(rule)}: {rule.because}", check=before.title))
    return _rescored(grade, tuple(checks), rulings)


def _ruled_check(grade: Grade, named: str, path: str) -> int:
    found = _named(grade, named)
    if len(found) == 1:
        return found[0]
    return find_check(grade, named, f"{place_of_check(path, named)}: checks.{grade.problem}")


def _verb(rule: CheckRule) -> str:
    if rule.drop:
        return "does not count"
    return "everybody has its points" if rule.everybody else f"is worth {rule.points:g} points"


def _ruled(check: CheckResult, rule: CheckRule, *, graded: bool) -> CheckResult:
    if rule.drop:
        return msgspec.structs.replace(check, points=0.0, max_points=0.0)
    if rule.everybody:
        return msgspec.structs.replace(check, points=check.max_points) if graded else check
    assert rule.points is not None
    share = check.points / check.max_points if check.max_points else float(check.outcome is Outcome.PASSED)
    return msgspec.structs.replace(check, points=round(share * rule.points, _DIGITS), max_points=rule.points)


def _with_manual(grade: Grade, adjustments: Iterable[Adjustment]) -> Grade:
    """The grade with its manual parts in score and full marks, and with what people have given for them."""
    parts = {part.id: part for part in grade.manual}
    for each in adjustments:
        if (named := find_part(grade, each.check)) is None:
            continue
        part = parts[named.id]
        new = each.to if each.to is not None else (part.points or 0.0) + (each.points or 0.0)
        points = round(min(max(new, 0.0), part.max_points), _DIGITS)
        parts[part.id] = msgspec.structs.replace(part, points=points, because=each.because, by=each.by, when=each.when)
    earned = round(grade.score + sum(part.points or 0.0 for part in parts.values()), _DIGITS)
    possible = round(grade.max_score + sum(part.max_points for part in parts.values()), _DIGITS)
    return msgspec.structs.replace(
        grade, manual=tuple(parts.values()), score=earned, max_score=possible, percent=percent(earned, possible)
    )


def _by_hand(adjustment: Adjustment, points: float, check: str = "") -> Ruling:
    return Ruling(RulingKind.HAND, round(points, _DIGITS), adjustment.because, adjustment.by, adjustment.when, check)


def find_part(grade: Grade, named: str) -> PartGrade | None:
    """The manual part of that id or title."""
    return next((part for part in grade.manual if named in (part.id, part.title)), None)


def find_id(grade: Grade, named: str, where: str) -> str:
    """The id of a check or manual part. Raises UsageError where there is none, or several."""
    part = find_part(grade, named)
    return part.id if part is not None else grade.checks[find_check(grade, named, where)].id


def find_check(grade: Grade, named: str, where: str) -> int:
    """The check of that id, function name or title. Raises UsageError where there is none, or several."""
    checks, found = grade.checks, _named(grade, named)
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(checks[index].id for index in found)
        raise UsageError(f"{where}: {named} could be any of {several}")
    known = [*(check.id.rpartition("::")[2] for check in checks), *(part.id for part in grade.manual)]
    raise UsageError(f"{where}: there is no check {named}; {did_you_mean(named, known)}")


def _named(grade: Grade, named: str) -> list[int]:
    return [
        index
        for index, check in enumerate(grade.checks)
        if named in (check.id, check.id.rpartition("::")[2], check.title, check.title.rstrip("."))
    ]


def _rescored(grade: Grade, checks: tuple[CheckResult, ...], rulings: Iterable[Ruling]) -> Grade:
    # What is left after dropping may be less than the bonus.
    bonus = min(grade.bonus, round(sum(check.max_points for check in checks), _DIGITS))
    earned, possible, share = score(checks, bonus)
    return msgspec.structs.replace(
        grade,
        checks=checks,
        bonus=bonus,
        score=earned,
        max_score=possible,
        percent=share,
        rulings=(*grade.rulings, *rulings),
    )


def _changed(grade: Grade, ruling: Ruling) -> Grade:
    earned = round(max(grade.score + ruling.points, 0.0), _DIGITS)
    ruling = msgspec.structs.replace(ruling, points=round(earned - grade.score, _DIGITS))
    return msgspec.structs.replace(
        grade, score=earned, percent=percent(earned, grade.max_score), rulings=(*grade.rulings, ruling)
    )
