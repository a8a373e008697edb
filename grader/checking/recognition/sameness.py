"""Whether two values, or two replies of rooms, are the same: structure and types exactly, floats up to rounding."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch

from grader.checking.session.transcript import TranscriptEntry
from grader.common.walk import leaves

_RELATIVE = 1e-4


def same_reply(one: TranscriptEntry, other: TranscriptEntry, *, ordered: bool = False) -> bool:
    """Whether two replies are the same up to rounding; `ordered`: with the keys of dicts in the same order.

    A lost reply is the same as nothing.
    """
    if "lost" in (one.kind, other.kind) or one.kind != other.kind:
        return False
    if one.kind == "raised":
        return same(_stumbled(one.value), _stumbled(other.value))
    return same(one.value, other.value, ordered=ordered)


def as_right(right: TranscriptEntry, reply: TranscriptEntry, *, ordered: bool = False) -> bool:
    """Whether a reply is as good as the reference's: an exception that is asked for has everybody's own words."""
    if right.kind == reply.kind == "raised" and isinstance(right.value, tuple) and isinstance(reply.value, tuple):
        return bool(right.value[0] == reply.value[0])
    return same_reply(right, reply, ordered=ordered)


# What differs in an exception's message: its numbers, and the names that it could not find, which are the student's
# own.
_NUMBER = re.compile(r"(?<![A-Za-z_])[-+]?\d+(x\d+)*(\.\d+)?(e[-+]?\d+)?")
_NAME = re.compile(r"""\b(name|attribute|argument) (['"`])[A-Za-z_]\w*\2""")


def _stumbled(raised: Any) -> Any:
    """An exception's type and message without its numbers and names: whoever stumbles over a batch of 64 makes the same
    mistake as whoever stumbles over one of 32.
    """
    if not isinstance(raised, tuple):
        return raised
    return tuple(_NAME.sub(r"\1", _NUMBER.sub("#", part)) if isinstance(part, str) else part for part in raised)


def numbers_fit(raised: Iterable[tuple[Any, Any]]) -> bool:
    """Whether in pairs of exceptions that say the same the numbers of the one go with those of the other.

    At each place in the words, wherever the one says what it has said before, so does the other. Who writes 64 where
    another wrote 32 says 64 each time. Who averages the channels says 1 where another says how many there are.
    """
    pairs: dict[tuple[Any, int], set[tuple[str, str]]] = {}
    for one, other in raised:
        if isinstance(one, tuple) and isinstance(other, tuple) and (words := _stumbled(one)) == _stumbled(other):
            for position, pair in enumerate(zip(_numbers_said(one), _numbers_said(other), strict=True)):
                pairs.setdefault((words, position), set()).add(pair)
    return all(len(met) == len({mine for mine, _ in met}) == len({known for _, known in met}) for met in pairs.values())


def _numbers_said(raised: tuple[Any, ...]) -> list[str]:
    return [match.group() for part in raised if isinstance(part, str) for match in _NUMBER.finditer(part)]


_EXACT = frozenset({int, str, bool, bytes})


def same(one: Any, other: Any, *, ordered: bool = False) -> bool:
    """Structural equality of decoded values; floats up to rounding, types exactly, keys in any order or in one."""
    if one is other:
        return True
    kind = type(one)
    if kind in _EXACT:
        return kind is type(other) and bool(one == other)
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return _same_tensor(one, other)
    if kind is not type(other):
        return False
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(same(a, b, ordered=ordered) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict):
        keys_alike = list(one) == list(other) if ordered else one.keys() == other.keys()
        return keys_alike and all(same(one[key], other[key], ordered=ordered) for key in one)
    if isinstance(one, float):
        return bool(one == other or (one != one and other != other) or _near(one, other))
    if isinstance(one, np.ndarray):
        return _same_array(one, other)
    return bool(one == other)


def _near(one: float, other: float) -> bool:
    # To an infinite number any other would be near: a part of it is infinite as well.
    return math.isfinite(other) and abs(one - other) <= _RELATIVE * abs(other)


def _same_tensor(one: torch.Tensor, other: torch.Tensor) -> bool:
    if one.dtype != other.dtype or one.shape != other.shape or one.requires_grad != other.requires_grad:
        return False
    if torch.equal(one, other):
        return True
    if not one.dtype.is_floating_point:
        return False
    a, b = one.detach().double(), other.detach().double()
    finite = b[b.isfinite()]
    scale = finite.abs().max().item() if finite.numel() else 0.0
    equal = (a == b) | (a.isnan() & b.isnan()) | ((a - b).abs() <= _RELATIVE * scale)
    return bool(equal.all())


def _same_array(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    text = one.dtype.kind == other.dtype.kind and one.dtype.kind in "US"
    if (one.dtype != other.dtype and not text) or one.shape != other.shape:
        return False
    if one.dtype.kind != "f":
        return bool(np.array_equal(one, other))
    a, b = one.astype(float), other.astype(float)
    scale = np.abs(b[np.isfinite(b)]).max(initial=0.0)
    with np.errstate(invalid="ignore"):
        return bool(((a == b) | (np.isnan(a) & np.isnan(b)) | (np.abs(a - b) <= _RELATIVE * scale)).all())


def numbers(value: Any) -> Any:
    """A value whose tensors say nothing of gradients."""
    if isinstance(value, torch.Tensor):
        return value.detach()
    if isinstance(value, (list, tuple)):
        return tuple(map(numbers, value))
    if isinstance(value, dict):
        return {key: numbers(item) for key, item in value.items()}
    return value


def has_numbers(value: Any) -> bool:
    """Whether a value holds numbers; yes or no is none."""
    return any(map(_is_numeric, leaves(value)))


def _is_numeric(leaf: Any) -> bool:
    if isinstance(leaf, (torch.Tensor, np.ndarray)):
        return leaf.dtype not in (torch.bool, np.dtype(bool))
    return isinstance(leaf, (int, float, complex)) and not isinstance(leaf, bool)
