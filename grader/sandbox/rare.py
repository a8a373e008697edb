"""Values that few answers hold, as bytes and back: arrays of text, slices, ranges, paths, devices, numpy's dtypes.

The same codec as in `values` and `decoding`, with the same distrust: what a length announces has to be there, and what
a value is made of is checked before it is made. All integers are little-endian.

    w  kind u32 ndim u64* raw    numpy array of text: its kind, U or S, and the bytes of one cell
    L  (N, i or I)*3             slice                 r  i64 i64 i64      range
    P  u32 utf-8                 path                  v  u8 u8            torch.device: its type, index + 1
    y  dtype                     numpy.dtype
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from grader.errors import WireError
from grader.sandbox.bounds import MAX_ITEMS, MAX_NDIM, MAX_PATH_BYTES, NUMPY_CODE, NUMPY_DTYPES

if TYPE_CHECKING:
    from grader.sandbox.decoding import Decoder

DEVICES = ("cpu", "cuda", "meta", "mps", "xpu")
_LARGEST_INDEX = 127
_REPLACED = ord("?")
_SURROGATES = 0xD800, 0xDFFF
_MOST_CODE = 0x10FFFF

_TEXT_HEAD = struct.Struct("<ccIB")
_RANGE = struct.Struct("<cqqq")


def is_text(value: object) -> bool:
    """Whether it is an array of text, or of bytes."""
    return isinstance(value, np.ndarray) and value.dtype.kind in "US" and value.ndim <= MAX_NDIM


def text_array(value: np.ndarray[Any, Any]) -> bytes:
    """The bytes of an array of text; what is no character becomes a question mark, as in any text."""
    size = max(value.dtype.itemsize, 4 if value.dtype.kind == "U" else 1)
    plain = np.array(value, dtype=f"<U{size // 4}" if value.dtype.kind == "U" else f"S{size}", order="C")
    if plain.dtype.kind == "U":
        codes = plain.reshape(-1).view("<u4")
        codes[(codes >= _SURROGATES[0]) & (codes <= _SURROGATES[1])] = _REPLACED
    head = _TEXT_HEAD.pack(b"w", plain.dtype.kind.encode(), size, plain.ndim)
    return head + struct.pack(f"<{plain.ndim}Q", *plain.shape) + plain.tobytes()


def packed(value: object) -> bytes | None:
    """The bytes of a small value of these kinds; None for one that has to stay where it is."""
    if type(value) is range and -(2**63) <= value.start < 2**63 and -(2**63) <= value.stop < 2**63:
        fits = -(2**63) <= value.step < 2**63 and is_short(value)
        return _RANGE.pack(b"r", value.start, value.stop, value.step) if fits else None
    if isinstance(value, PurePath):
        text = str(value).encode("utf-8", "replace")
        return b"P" + struct.pack("<I", len(text)) + text if len(text) <= MAX_PATH_BYTES else None
    if isinstance(value, torch.device) and value.type in DEVICES:
        index = -1 if value.index is None else value.index
        return b"v" + bytes((DEVICES.index(value.type), index + 1)) if index <= _LARGEST_INDEX else None
    if isinstance(value, np.dtype) and value.isnative and value.name in NUMPY_CODE:
        return b"y" + bytes((NUMPY_CODE[value.name],))
    return None


def is_short(value: range) -> bool:
    """Whether it has as many numbers as a list of them may have."""
    # len() takes no more than 63 bits.
    return (value.stop - value.start) // value.step < MAX_ITEMS


def is_whole_slice(value: object) -> bool:
    """Whether it is a slice of whole numbers."""
    return type(value) is slice and all(
        part is None or (type(part) is int and part.bit_length() < 64) for part in (value.start, value.stop, value.step)
    )


# -- reading -------------------------------------------------------------------------------------


def _read_text_array(decoder: Decoder, depth: int) -> np.ndarray[Any, Any]:
    decoder.count_object()
    kind = decoder.take(1)
    size, ndim = struct.unpack("<IB", decoder.take(5))
    if kind not in (b"U", b"S") or not size or (kind == b"U" and size % 4) or ndim > MAX_NDIM:
        raise WireError(f"an unknown array of text {kind!r}, {size}, {ndim}")
    shape = struct.unpack(f"<{ndim}Q", decoder.take(8 * ndim))
    raw = decoder.raw(shape, size)
    if kind == b"U" and raw:
        codes = np.frombuffer(raw, dtype="<u4")
        if codes.max() > _MOST_CODE or ((codes >= _SURROGATES[0]) & (codes <= _SURROGATES[1])).any():
            raise WireError("text that is not Unicode")
    try:
        flat = np.frombuffer(raw, dtype=f"<U{size // 4}" if kind == b"U" else f"S{size}")
        return flat.reshape(shape)
    except (TypeError, ValueError, OverflowError) as error:  # TypeError: for items that numpy has no dtype for.
        raise WireError(f"an impossible array of shape {shape} and items of {size} bytes") from error


def _read_slice(decoder: Decoder, depth: int) -> slice:
    parts = [decoder.get(depth + 1) for _ in range(3)]
    made = slice(*parts)
    if not is_whole_slice(made):
        raise WireError("a slice of something else than whole numbers")
    return made


def _read_range(decoder: Decoder, depth: int) -> range:
    start, stop, step = struct.unpack("<qqq", decoder.take(24))
    if not step or not is_short(made := range(start, stop, step)):
        raise WireError(f"a range from {start} to {stop} by {step}")
    return made


def _read_path(decoder: Decoder, depth: int) -> PurePath:
    """One that can be compared and taken apart, and opens nothing."""
    size = int.from_bytes(decoder.take(4), "little")
    if size > MAX_PATH_BYTES:
        raise WireError(f"a path of {size} bytes")
    try:
        return PurePath(decoder.take(size).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise WireError("text that is not UTF-8") from error


def _read_device(decoder: Decoder, depth: int) -> torch.device:
    kind, index = decoder.take(2)
    if kind >= len(DEVICES) or index > _LARGEST_INDEX + 1:
        raise WireError(f"an unknown device {kind}, {index}")
    return torch.device(DEVICES[kind], index - 1) if index else torch.device(DEVICES[kind])


def _read_numpy_dtype(decoder: Decoder, depth: int) -> np.dtype[Any]:
    code = decoder.take(1)[0]
    if code >= len(NUMPY_DTYPES):
        raise WireError(f"an unknown numpy dtype {code}")
    return np.dtype(NUMPY_DTYPES[code])


READERS: dict[bytes, Callable[[Decoder, int], Any]] = {
    b"w": _read_text_array,
    b"L": _read_slice,
    b"r": _read_range,
    b"P": _read_path,
    b"v": _read_device,
    b"y": _read_numpy_dtype,
}
