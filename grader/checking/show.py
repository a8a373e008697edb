"""Values as text and as planes, for messages and pictures. Bounded whatever the value."""

from __future__ import annotations

import itertools
import math
from pathlib import PurePath
from typing import Any

import numpy as np
import torch

from grader.checking.held import held_by
from grader.model import Plane

_MAX_TEXT = 400
_SMALL = 36
_MAX_SIDE = 12
_MAX_ITEMS = 20
_MAX_NESTED = 3


def describe(value: Any) -> str:
    """`value` in one line of bounded length: small tensors with their numbers, large ones by shape and dtype."""
    return _cut(_described(value, _MAX_NESTED))


def _described(value: Any, levels: int) -> str:
    # Nothing here asks a student's value for its own `repr`: a large one takes minutes over that.
    if isinstance(value, torch.Tensor):
        return _tensor(value)
    if isinstance(value, (list, tuple, set, frozenset, dict)):
        return _container(value, levels)
    if isinstance(value, (str, bytes)):
        return repr(value[:_MAX_TEXT])
    if isinstance(value, np.ndarray):
        return _array(value)
    if (held := held_by(value)) is not None:
        return held.type_name if isinstance(held.number, str) else f"<{held.type_name}>"
    if callable(value) and hasattr(value, "__name__"):
        return str(value.__name__)
    if isinstance(value, torch.nn.Module):
        return f"<{type(value).__name__}>"
    if isinstance(value, PurePath):
        return f"Path({str(value)[:_MAX_TEXT]!r})"
    if isinstance(value, int) and abs(value) >= 10**30:
        return f"<an integer of about {value.bit_length() * 30103 // 100000} digits>"
    return repr(value)


def _tensor(value: torch.Tensor) -> str:
    # An empty tensor may have more rows than there is memory for.
    empty = value.numel() == 0 and value.ndim > 1
    if value.numel() > _SMALL or value.ndim > 3 or empty:
        return f"<tensor of shape {tuple(value.shape)}, {str(value.dtype).removeprefix('torch.')}>"
    return with_numbers(value)


_USUAL = (np.dtype(np.float64), np.dtype(np.int64), np.dtype(bool))


def _array(value: np.ndarray[Any, Any]) -> str:
    if value.size > _SMALL or value.ndim > 3 or not value.size or value.dtype.kind not in "biufUS":
        return f"<numpy array of shape {value.shape}, {value.dtype}>"
    suffix = "" if value.dtype in _USUAL or value.dtype.kind in "US" else f", dtype={value.dtype}"
    return f"array({_items(value.tolist())}{suffix})"


def _items(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_items, value)) + "]"
    return repr(value[:_MAX_TEXT]) if isinstance(value, (str, bytes)) else _typed(value)


def with_numbers(value: torch.Tensor) -> str:
    """A tensor with all its numbers, as it would be typed."""
    suffix = "" if value.dtype in (torch.float32, torch.int64, torch.bool) else f", dtype={value.dtype}"
    return f"tensor({_nested(value)}{suffix})"


def _container(value: Any, levels: int) -> str:
    if levels == 0 and len(value):
        return "…"
    first = list(itertools.islice(value.items() if isinstance(value, dict) else value, _MAX_ITEMS))
    if isinstance(value, dict):
        shown = [f"{_described(key, levels - 1)}: {_described(item, levels - 1)}" for key, item in first]
    else:
        shown = [_described(item, levels - 1) for item in first]
    if len(value) > _MAX_ITEMS:
        shown.append("…")
    inside = ", ".join(shown)
    if isinstance(value, tuple):
        return f"({inside}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{inside}]"
    empty = "frozenset()" if isinstance(value, frozenset) else "set()" if isinstance(value, set) else "{}"
    return f"{{{inside}}}" if len(value) else empty


def type_words(value: Any) -> str:
    """The type of `value` as a student would name it."""
    if value is None:
        return "None"
    if isinstance(value, torch.Tensor):
        return "torch.Tensor"
    if isinstance(value, np.ndarray):
        return "numpy.ndarray"
    if isinstance(value, np.dtype):
        return "numpy.dtype"
    if isinstance(value, PurePath):
        return "Path"
    if (held := held_by(value)) is not None:
        return held.type_name
    return type(value).__name__


def number(value: float | int | bool | complex) -> str:
    """One cell: four significant digits, whole numbers without a point."""
    if isinstance(value, (bool, int, complex)):
        return str(value)
    if math.isfinite(value) and value == int(value) and abs(value) < 1e6:
        return str(int(value))
    return f"{value:.4g}"


def plane(tensor: torch.Tensor, around: tuple[int, ...] = ()) -> Plane | None:
    """The last two dimensions of `tensor` at the index `around`, cut to a printable size; None where it has none."""
    if tensor.ndim == 0 or tensor.numel() == 0:
        return None
    where = ""
    index = around or tuple(0 for _ in tensor.shape)
    view = tensor.detach()
    if view.ndim == 1:
        view, index = view.unsqueeze(0), (0, *index)
    elif view.ndim > 2:
        lead = index[:-2]
        if view.shape[:-2].numel() > 1:
            where = "[" + ", ".join([*map(str, lead), ":", ":"]) + "]"
        view = view[lead]
    top, height = _span(view.shape[0], index[-2])
    left, width = _span(view.shape[1], index[-1])
    cells = view[top : top + height, left : left + width].tolist()
    return Plane(
        rows=tuple(tuple(number(cell) for cell in row) for row in cells),
        values=tuple(tuple(_finite(cell) for cell in row) for row in cells),
        where=where,
        top=top,
        left=left,
        cut=(height, width) != tuple(view.shape),
    )


def _span(size: int, around: int) -> tuple[int, int]:
    """First index and count of a stretch of at most `_MAX_SIDE` that holds `around`."""
    if size <= _MAX_SIDE:
        return 0, size
    start = min(max(around - _MAX_SIDE // 2, 0), size - _MAX_SIDE)
    return start, _MAX_SIDE


def _finite(cell: Any) -> float | None:
    if isinstance(cell, complex) or not math.isfinite(cell):
        return None
    return float(cell)


def _nested(tensor: torch.Tensor) -> str:
    if tensor.ndim == 0:
        return _typed(tensor.item())
    return "[" + ", ".join(_nested(row) for row in tensor.detach()) + "]"


def _typed(cell: float | int | bool | complex) -> str:
    """A cell as it would be typed: a float has a point."""
    text = number(cell)
    return text + "." if isinstance(cell, float) and text.lstrip("-").isdigit() else text


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"
