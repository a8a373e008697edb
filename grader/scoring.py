"""From check results to a grade: arithmetic, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from grader.model import CheckResult

_DIGITS = 6


def score(checks: Sequence[CheckResult]) -> tuple[float, float, float]:
    """(points earned, points possible, percent) of a submission's checks; 0 % where nothing can be earned."""
    earned = round(sum(check.points for check in checks), _DIGITS)
    possible = round(sum(check.max_points for check in checks), _DIGITS)
    # One rounding up would let 99.996 read as full marks.
    percent = 100.0 * earned / possible if possible else 0.0
    return earned, possible, min(round(percent, 2), 99.99) if earned < possible else percent
