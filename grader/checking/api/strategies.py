"""Words for inputs.py: hypothesis strategies of what a problem's functions are given.

All are small first: what comes first is a zero, a one, an image of one pixel, and what is found shrinks towards it.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple, TypeVar

import torch
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from grader.checking.api.handles import call

_Value = TypeVar("_Value")


class Applied(NamedTuple):
    """A call of a function, and what the object that it returns is called with."""

    made: call
    args: tuple[Any, ...]


def applied(made: call | tuple[Any, ...], *args: Any) -> Applied:
    """For a function that returns a layer: call the function, then the layer with `args`."""
    return Applied(made if isinstance(made, call) else call(*made), args)


def tensors(
    *shape: int, least: int = -9, most: int = 9, dtype: torch.dtype = torch.float32
) -> SearchStrategy[torch.Tensor]:
    """Tensors of whole numbers from `least` to `most`: whoever adds them up in another order finds the same sum."""
    cells = st.tuples(*[st.integers(least, most)] * math.prod(shape))
    return cells.map(lambda numbers: torch.tensor(numbers, dtype=dtype).reshape(shape))


def pairs(each: SearchStrategy[_Value]) -> SearchStrategy[_Value | tuple[_Value, _Value]]:
    """One value for both directions, or a (vertical, horizontal) pair."""
    return each | st.tuples(each, each)
