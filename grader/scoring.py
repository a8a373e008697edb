"""From findings to a grade: arithmetic, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

import grader
from grader.model import CheckResult, Findings, Grade, PartGrade, Problem, Submission

_DIGITS = 6


def grade_of(problem: Problem, submission: Submission, findings: Findings, *, public_only: bool = False) -> Grade:
    """The grade that `findings` come to."""
    worth = sum(check.max_points for check in findings.checks)
    bonus = round(min(problem.bonus, max(0.0, worth - problem.check_points)), _DIGITS)
    earned, possible, share = score(findings.checks, bonus)
    return Grade(
        problem=problem.slug,
        student=submission.student,
        submission=submission.path,
        sha256=submission.sha256,
        score=earned,
        max_score=possible,
        percent=share,
        grader_version=grader.__version__,
        problem_version=problem.version,
        public_only=public_only,
        bonus=bonus,
        manual=tuple(PartGrade(id, part.title, part.points) for id, part in problem.manual.items()),
        **msgspec.structs.asdict(findings),
    )


def score(checks: Sequence[CheckResult], bonus: float = 0.0) -> tuple[float, float, float]:
    """(points earned, full marks, percent) of a submission's checks, of whose points `bonus` are beyond full marks.

    0 % where nothing can be earned.
    """
    earned = round(sum(check.points for check in checks), _DIGITS)
    possible = round(max(0.0, sum(check.max_points for check in checks) - bonus), _DIGITS)
    return earned, possible, percent(earned, possible)


def wrong_points(problem: Problem, worth: float) -> str:
    """Why a problem's checks, which are `worth` so many points, are not worth what problem.yaml says; empty where they
    are."""
    asked = round(problem.check_points + problem.bonus, _DIGITS)
    if round(worth, _DIGITS) == asked:
        return ""
    by_hand = round(problem.points - problem.check_points, _DIGITS)
    parts = [f"with the {problem.bonus:g} of bonus"] if problem.bonus else []
    parts += [f"without the {by_hand:g} of manual"] if by_hand else []
    said = f", {' and '.join(parts)} {asked:g}" if parts else ""
    return f"points: is {problem.points:g}{said}, but the checks' points add up to {worth:g}"


def percent(earned: float, possible: float) -> float:
    """Points as a share; full marks are no less than all points."""
    share = 100.0 * earned / possible if possible else 0.0
    # One rounding up would let 99.996 read as full marks.
    return min(round(share, 2), 99.99) if earned < possible else round(share, 2)


def total(scores: Iterable[float], possible: float, *, capped: bool) -> float:
    """What a student's scores come to; `capped` where points beyond full marks only make up for lost ones."""
    earned = round(sum(scores), _DIGITS)
    return min(earned, possible) if capped else earned
