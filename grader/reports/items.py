"""Classical test theory, as far as a class page needs it.

- Success rate (facility): the share of the submissions that pass a check.
- Discrimination r: the point-biserial correlation between passing a check and the points on the *other* checks of
  the problem, the corrected item-total correlation of Henrysson, "Correction of item-total correlations in item
  analysis", Psychometrika 28 (1963).
- Upper and lower rate: the success rates among the 27 % with the most and the 27 % with the fewest points on the
  problem, after Kelley, "The selection of upper and lower groups for the validation of test items", Journal of
  Educational Psychology 30 (1939). Students tied at the border count by the share of their tie that fits in.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence

FEWEST = 8
"""With fewer submissions than this a discrimination says nothing and is left out."""
EXTREME_SHARE = 0.27


def point_biserial(passed: Sequence[bool], rest: Sequence[float]) -> float | None:
    """Correlation between passing a check and the points on the others; None where it is not defined."""
    if len(passed) < FEWEST or len(set(passed)) < 2 or max(rest) - min(rest) < 1e-9:
        return None
    return statistics.correlation([float(right) for right in passed], rest)


def extremes(passed: Sequence[bool], scores: Sequence[float]) -> tuple[float | None, float | None]:
    """Success rates among the 27 % with the lowest and with the highest scores; None for too few students."""
    if len(passed) < FEWEST:
        return None, None
    tied: dict[float, list[bool]] = defaultdict(list)
    for right, score in zip(passed, scores, strict=True):
        tied[round(score, 6)].append(right)
    ordered = [tied[score] for score in sorted(tied)]
    size = EXTREME_SHARE * len(passed)
    return _rate(ordered, size), _rate(ordered[::-1], size)


def _rate(ties: Iterable[Sequence[bool]], size: float) -> float:
    """Success rate among the first `size` students, of the last tie only the share that fits in."""
    right, left = 0.0, size
    for tie in ties:
        share = min(1.0, left / len(tie))
        right += share * sum(tie)
        left -= share * len(tie)
        if left <= 1e-9:
            break
    return min(1.0, right / size)


def histogram(percents: Iterable[float], steps: int) -> tuple[int, ...]:
    """How many of the percentages fall in each of `steps` equal steps from 0 to 100; 100 belongs to the last."""
    counts = [0] * steps
    for percent in percents:
        # Beyond full marks, with bonus points, is in the last one.
        counts[min(steps - 1, int(max(0.0, min(percent, 100.0)) * steps / 100 + 1e-9))] += 1
    return tuple(counts)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` of the sorted values lie (nearest rank); 0 without values."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]
