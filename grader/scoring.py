"""From findings to a grade: arithmetic, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

import grader
from grader.model import CheckResult, Findings, Grade, Problem, Submission

_DIGITS = 6


def grade_of(problem: Problem, submission: Submission, findings: Findings, *, public_only: bool = False) -> Grade:
    """The grade that `findings` come to."""
    earned, possible, share = score(findings.checks)
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
        **msgspec.structs.asdict(findings),
    )


def score(checks: Sequence[CheckResult]) -> tuple[float, float, float]:
    """(points earned, points possible, percent) of a submission's checks; 0 % where nothing can be earned."""
    earned = round(sum(check.points for check in checks), _DIGITS)
    possible = round(sum(check.max_points for check in checks), _DIGITS)
    return earned, possible, percent(earned, possible)


def percent(earned: float, possible: float) -> float:
    """Points as a share; full marks are no less than all points."""
    share = 100.0 * earned / possible if possible else 0.0
    # One rounding up would let 99.996 read as full marks.
    return min(round(share, 2), 99.99) if earned < possible else share
