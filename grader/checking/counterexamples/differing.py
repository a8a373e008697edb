"""Whether an answer is another than the reference's, so plainly that nobody can call it rounding.

A check knows what it asks, and its tolerance is tight. Here any legal input may be asked: a sum that is zero up to
rounding, or a number of another scale than the terms that it is made of. Inputs are small whole numbers, and a mistake
shows in them as a difference that anybody can see; so a difference of less than a thousandth is none.
"""

from __future__ import annotations

from typing import Any

import msgspec
import torch

from grader.checking.api.compare import WindowOf, mismatch_of
from grader.checking.counterexamples.inputs import Case, in_numbers
from grader.checking.counterexamples.own_room import Answered
from grader.checking.tolerance import tolerance_of
from grader.common.walk import leaves
from grader.model import Mismatch

_PLAIN_TO_SEE = 1e-3
_NOT_TOLD = frozenset({"NotImplementedError", "SystemExit", "KeyboardInterrupt"})
"""What a check tells better than an example does."""


def difference(case: Case, expected: Any, said: Answered, window: WindowOf | None = None) -> Mismatch | None:
    """How what was said differs from the reference's answer; None where it does not, or is no answer at all."""
    if said.raised is not None:
        raised = said.raised
        if raised.type_name in _NOT_TOLD or raised.missing_name or raised.out_of_memory or raised.absent_library:
            return None
        return Mismatch("other", case.call.text, f"raised {raised}"[:400], in_numbers(expected))
    found = mismatch_of(said.value, expected, case.call, window=window, tolerance=_allowed(expected))
    if found is None or found.kind != "values":
        return found
    return msgspec.structs.replace(found, actual=in_numbers(said.value), expected=in_numbers(expected))


def _allowed(expected: Any) -> float:
    """The largest difference that is none."""
    return max([_PLAIN_TO_SEE, *map(_of_one, leaves(expected))])


def _of_one(leaf: Any) -> float:
    if isinstance(leaf, torch.Tensor) and leaf.dtype.is_floating_point and leaf.numel():
        finite = leaf.detach().double()
        finite = finite[finite.isfinite()]
        largest = finite.abs().max().item() if finite.numel() else 0.0
        return max(tolerance_of(leaf), _PLAIN_TO_SEE * largest)
    if isinstance(leaf, float) and abs(leaf) < float("inf"):
        return _PLAIN_TO_SEE * abs(leaf)
    return 0.0
