"""Why there is no grade: a few words for each empty cell, from the notices of intake and grading."""

from __future__ import annotations

from grader.batch.model import Batch, Row
from grader.batch.store import Store
from grader.exports.model import FAULT
from grader.intake.model import Notice, NoticeKind

_OF_A_STUDENT = (NoticeKind.MISSING, NoticeKind.EMPTY, NoticeKind.REFUSED, NoticeKind.UNMATCHED)
"""What may be why a student has no grade at all, the most telling first."""
_OF_A_PROBLEM = (NoticeKind.REFUSED, NoticeKind.EMPTY, NoticeKind.UNMATCHED)


def remarks(batch: Batch, store: Store) -> dict[str, dict[str, str]]:
    """Student -> problem -> why there is no grade; under the empty name, what concerns all problems.

    A student who is not here handed in nothing, or has every grade.
    """
    found: dict[str, dict[str, str]] = {}
    answered: dict[str, set[str]] = {}
    for row in store.rows():
        answered.setdefault(row.student, set()).add(row.problem)
        if row.grade is None:
            found.setdefault(row.student, {})[row.problem] = fault_reason(row)
    by_student: dict[str, list[Notice]] = {}
    for notice in store.notices():
        if notice.student is not None:
            by_student.setdefault(notice.student, []).append(notice)
    for student, notices in by_student.items():
        own = found.setdefault(student, {})
        # A file of which nothing says what it was meant for may have been meant for any problem without an answer.
        unclear = _first([note for note in notices if note.problem is None], _OF_A_PROBLEM)
        for slug in (problem.slug for problem in batch.problems if problem.slug not in answered.get(student, ())):
            if reason := _first([note for note in notices if note.problem == slug], _OF_A_PROBLEM):
                own[slug] = reason
            elif unclear and student in answered:
                own[slug] = f"no answer found; {unclear}"
        if student not in answered and (reason := _first(notices, _OF_A_STUDENT)):
            own[""] = reason
    return {student: own for student, own in found.items() if own}


def fault_reason(row: Row) -> str:
    """What a list says of an answer that the grader failed to grade."""
    return f"{FAULT}: {row.fault or 'it was not reached'}; run it again"


def _first(notices: list[Notice], kinds: tuple[NoticeKind, ...]) -> str:
    for kind in kinds:
        for notice in notices:
            if notice.kind is kind:
                return notice.reason if kind is NoticeKind.MISSING else f"{notice.path} {notice.reason}"
    return ""
