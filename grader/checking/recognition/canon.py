"""Replies as bytes that are the same where the replies are, up to rounding: what a digest can be taken of.

Types, shapes, integers and words are kept exactly. Floating-point numbers are put on a grid, which is about a
thousandth of the largest one of their tensor wide. A number near a border could fall to either side on another
processor: `Canon.room` is how far the nearest one stays away. Grids begin at other places, so that one can be chosen.
"""

from __future__ import annotations

import math
import struct
from pathlib import PurePath
from typing import Any

import numpy as np
import torch

from grader.checking.session.transcript import TranscriptEntry

GRIDS = 256
"""How many grids there are to choose from."""
_STEPS = 1 << 10
_IN_FULL = (bool, int, str, bytes, torch.dtype, torch.device, np.dtype, slice, range, PurePath)
# Steps that no two grids share: multiples of irrational numbers.
_SHIFT, _SCALE_SHIFT = (math.sqrt(5) - 1) / 2, math.sqrt(2) - 1


class CannotBeKept(Exception):
    """A reply that is the same as nothing, or of a type that replies do not have."""


class Canon:
    """Collects replies as bytes, on one grid."""

    def __init__(self, grid: int) -> None:
        self._shift = (grid * _SHIFT + 0.3) % 1
        self._scale_shift = (grid * _SCALE_SHIFT + 0.2) % 1
        self.room = 1.0
        """In steps of the grid: at most a half, where there are numbers with a fraction."""
        self.content = bytearray()

    def add(self, entry: TranscriptEntry) -> None:
        """One reply. Raises CannotBeKept."""
        if entry.kind == "lost":
            raise CannotBeKept
        self._put("k", entry.kind)
        # Of an exception its type: the words are Python's or torch's, and others in another version.
        self._value(entry.value[0] if entry.kind == "raised" else entry.value)

    def label(self, words: str) -> None:
        """Say what follows."""
        self._put("#", words)

    def _put(self, tag: str, words: str) -> None:
        raw = words.encode("utf-8", "surrogatepass")
        self.content += tag.encode() + struct.pack("<I", len(raw)) + raw

    def _value(self, value: Any) -> None:
        if isinstance(value, torch.Tensor):
            self._put("x", f"{value.dtype} {tuple(value.shape)} {value.requires_grad}")
            value = value.detach().cpu().resolve_conj()
            if value.is_complex():
                value = torch.view_as_real(value)
            self._numbers((value.double() if value.is_floating_point() else value.long()).numpy())
        elif isinstance(value, np.ndarray):
            self._array(value)
        elif isinstance(value, float):
            self._put("f", "")
            self._numbers(np.array(value))
        elif isinstance(value, (list, tuple)):
            self._put("l", f"{type(value).__name__} {len(value)}")
            for item in value:
                self._value(item)
        elif isinstance(value, dict):
            self._put("d", str(len(value)))
            for key, item in value.items():
                self._value(key)
                self._value(item)
        elif value is None or isinstance(value, _IN_FULL):
            self._put(type(value).__name__, repr(value))
        else:
            raise CannotBeKept

    def _array(self, value: np.ndarray[Any, Any]) -> None:
        text = value.dtype.kind in "US"
        self._put("a", f"{value.dtype.kind if text else value.dtype} {value.shape}")
        if text:
            self._value(value.reshape(-1).tolist())
        elif value.dtype.kind == "c":
            self._numbers(np.stack([value.real, value.imag]).astype(np.float64))
        else:
            self._numbers(value.astype(np.float64 if value.dtype.kind == "f" else np.int64))

    def _numbers(self, numbers: np.ndarray) -> None:
        """The numbers of one tensor: integers as they are, others on the grid."""
        flat = numbers.reshape(-1)
        if flat.dtype == np.int64:
            self._put("i", flat.astype("<i8").tobytes().hex())
            return
        finite = np.isfinite(flat)
        self._put("w", "".join("n" if x != x else "+" if x > 0 else "-" for x in flat[~finite]))
        self.content += finite.tobytes()
        flat = flat[finite]
        scale = float(np.abs(flat).max(initial=0.0))
        if scale == 0:
            return
        exponent = math.log2(scale) + self._scale_shift
        places = flat / 2.0 ** math.floor(exponent) * _STEPS + self._shift
        self.room = min(self.room, _STEPS * _from_border(np.array([exponent])), _from_border(places))
        self.content += struct.pack("<cq", b"g", math.floor(exponent)) + np.floor(places).astype("<i8").tobytes()


def _from_border(places: np.ndarray) -> float:
    return float(np.abs(places - np.round(places)).min(initial=0.5))
