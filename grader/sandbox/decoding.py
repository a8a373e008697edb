"""Bytes as values: the half of the codec that trusts nobody. `values` says what the bytes mean.

It takes nothing on the sender's word. A length counts once as many bytes are there, a shape once its product is the
number of the bytes. The number of items, the depth and the cost of looking up keys are bounded.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from grader.errors import WireError
from grader.sandbox import rare
from grader.sandbox.bounds import (
    FREE_KEY_TAGS,
    MAX_BIG_INT_BYTES,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_NDIM,
    MAX_NUMBER_KEYS,
    MAX_OBJECTS,
    MAX_TUPLE_KEY_ITEMS,
    MAX_TUPLE_KEYS,
    MAX_TYPE_NAME_BYTES,
    NUMBER_KEY_TAGS,
    NUMPY_DTYPES,
    KeyKind,
    kind_of_key,
)
from grader.sandbox.values import DTYPES, F64, I64, REQUIRES_GRAD, U32, U64, tensor_of

Unpark = Callable[[int, str], Any]
"""Turns a handle's number and type name into what this side uses for it."""

# The bytes that a decoded value takes in memory beyond its own.
_BYTES_PER_ITEM = 64
_BYTES_PER_OBJECT = 1024


class Decoder:
    """Reads values, from the byte `at` on, which have to end where the bytes end. Raises `WireError` on all else."""

    def __init__(self, data: bytes, unpark: Unpark, *, at: int = 0) -> None:
        self._data = data
        self._at = at
        self._items = 0
        self._objects = 0
        self._number_keys = 0
        self._tuple_keys = 0
        self._unpark = unpark

    def decode(self) -> Any:
        """The one value that the bytes are."""
        value = self.get(0)
        self.finish()
        return value

    def finish(self) -> None:
        """Nothing may follow what was read."""
        if self._at != len(self._data):
            raise WireError(f"{len(self._data) - self._at} bytes follow the value")

    @property
    def cost(self) -> int:
        """About the bytes of memory that the decoded value takes."""
        return len(self._data) + _BYTES_PER_ITEM * self._items + _BYTES_PER_OBJECT * self._objects

    def take(self, count: int) -> bytes:
        """The next bytes."""
        end = self._at + count
        if end > len(self._data):
            raise WireError(f"{count} bytes announced, {len(self._data) - self._at} there")
        piece = self._data[self._at : end]
        self._at = end
        return piece

    def _number(self, form: struct.Struct) -> Any:
        """One number, read where it lies. Most of a frame is numbers: a slice for each would cost as much again."""
        at = self._at
        self._at = at + form.size
        try:
            return form.unpack_from(self._data, at)[0]
        except struct.error:
            raise WireError(f"{form.size} bytes announced, {len(self._data) - at} there") from None

    def _u32(self) -> int:
        return int(self._number(U32))

    def _count(self, bytes_each: int) -> int:
        """A number of items that the bytes still there could hold; checked before a container is made."""
        count = self._u32()
        if count * bytes_each > len(self._data) - self._at:
            raise WireError(f"{count} items announced in {len(self._data) - self._at} bytes")
        return count

    def get(self, depth: int) -> Any:
        """The next value, inside of `depth` others."""
        self._items += 1
        if self._items > MAX_ITEMS:
            raise WireError(f"more than {MAX_ITEMS} items")
        if depth > MAX_DEPTH:
            raise WireError(f"nested more than {MAX_DEPTH} levels deep")
        at = self._at
        tag = self._data[at : at + 1]
        read = _READERS.get(tag)
        if read is None:
            raise WireError(f"unknown tag {tag!r}" if tag else "a value announced, no bytes there")
        self._at = at + 1
        return read(self, depth)

    def _read_int(self, depth: int) -> int:
        return int(self._number(I64))

    def _read_big_int(self, depth: int) -> int:
        size = self._u32()
        if size > MAX_BIG_INT_BYTES:
            raise WireError(f"an integer of {size} bytes")
        return int.from_bytes(self.take(size), "little", signed=True)

    def _read_float(self, depth: int) -> float:
        return float(self._number(F64))

    def _read_complex(self, depth: int) -> complex:
        return complex(self._read_float(depth), self._read_float(depth))

    def _read_str(self, depth: int) -> str:
        try:
            return self.take(self._u32()).decode("utf-8")
        except UnicodeDecodeError as error:
            raise WireError("text that is not UTF-8") from error

    def _read_bytes(self, depth: int) -> bytes:
        return self.take(self._u32())

    def _read_list(self, depth: int) -> list[Any]:
        get, inside = self.get, depth + 1
        return [get(inside) for _ in range(self._count(1))]

    def _keys(self, depth: int) -> list[Any]:
        return [self._key(depth + 1) for _ in range(self._count(1))]

    def _key(self, depth: int) -> Any:
        """A value that may be a key: see `kind_of_key`."""
        key = self._tuple_key(depth) if self._tag() == b"t" else self._plain_key(depth)
        kind = kind_of_key(key)
        self._number_keys += kind is KeyKind.NUMBER
        self._tuple_keys += kind is KeyKind.TUPLE
        if self._number_keys > MAX_NUMBER_KEYS or self._tuple_keys > MAX_TUPLE_KEYS:
            raise WireError("too many keys that are numbers or tuples")
        return key

    def _tag(self) -> bytes:
        return self._data[self._at : self._at + 1]

    def _plain_key(self, depth: int) -> Any:
        tag = self._tag()
        if not tag or tag not in FREE_KEY_TAGS + NUMBER_KEY_TAGS:
            raise WireError(f"a key with the tag {tag!r}")
        return self.get(depth)

    def _tuple_key(self, depth: int) -> tuple[Any, ...]:
        self.take(1)
        count = self._u32()
        if count > MAX_TUPLE_KEY_ITEMS:
            raise WireError(f"a key of {count} items")
        return tuple(self._plain_key(depth + 1) for _ in range(count))

    def _read_dict(self, depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for _ in range(self._count(2)):
            key = self._key(depth + 1)
            result[key] = self.get(depth + 1)
        return result

    def count_object(self) -> None:
        """A tensor, an array or a handle follows."""
        self._objects += 1
        if self._objects > MAX_OBJECTS:
            raise WireError(f"more than {MAX_OBJECTS} tensors, arrays and handles")

    def _shape(self) -> tuple[int, int, tuple[int, ...]]:
        self.count_object()
        code, flags, ndim = self.take(3)
        if ndim > MAX_NDIM:
            raise WireError(f"an array of {ndim} dimensions")
        return code, flags, struct.unpack(f"<{ndim}Q", self.take(8 * ndim))

    def raw(self, shape: tuple[int, ...], itemsize: int) -> bytearray:
        """The bytes of a tensor or an array."""
        # math.prod works on unbounded integers: no product of sizes can wrap around to a small one.
        # Strides are multiplied even where a size of 0 leaves no bytes.
        count = math.prod(shape)
        if (count or math.prod(size or 1 for size in shape)) * itemsize >= 2**62:
            raise WireError(f"an impossible shape {shape}")
        return bytearray(self.take(count * itemsize))

    def _read_tensor(self, depth: int) -> torch.Tensor:
        code, flags, shape = self._shape()
        if code >= len(DTYPES) or flags & ~REQUIRES_GRAD:
            raise WireError(f"an unknown tensor type {code}, {flags}")
        dtype = DTYPES[code]
        raw = self.raw(shape, dtype.itemsize)
        try:
            if dtype == torch.bool:
                _refuse_odd_truth(raw)
            return tensor_of(raw, dtype, shape, requires_grad=bool(flags))
        except (RuntimeError, ValueError, TypeError) as error:
            raise WireError(f"an impossible tensor of shape {shape}") from error

    def _read_array(self, depth: int) -> np.ndarray[Any, Any]:
        code, flags, shape = self._shape()
        if code >= len(NUMPY_DTYPES) or flags:
            raise WireError(f"an unknown array type {code}, {flags}")
        dtype = np.dtype(NUMPY_DTYPES[code])
        raw = self.raw(shape, dtype.itemsize)
        if dtype.name == "bool":
            _refuse_odd_truth(raw)
        try:
            return np.frombuffer(raw, dtype=dtype).reshape(shape)
        except (ValueError, OverflowError) as error:
            raise WireError(f"an impossible array of shape {shape}") from error

    def _read_dtype(self, depth: int) -> torch.dtype:
        code = self.take(1)[0]
        if code >= len(DTYPES):
            raise WireError(f"an unknown dtype {code}")
        return DTYPES[code]

    def _read_handle(self, depth: int) -> Any:
        self.count_object()
        number = int(self._number(U64))
        if self.take(1) != b"s":
            raise WireError("a handle without a type name")
        size = self._u32()
        if size > MAX_TYPE_NAME_BYTES:
            raise WireError(f"a type name of {size} bytes")
        return self._unpark(number, self.take(size).decode("utf-8", "replace"))


def _refuse_odd_truth(raw: bytearray) -> None:
    if raw and np.frombuffer(raw, dtype=np.uint8).max() > 1:
        raise WireError("a truth value that is neither 0 nor 1")


_READERS: dict[bytes, Callable[[Decoder, int], Any]] = {
    b"N": lambda decoder, depth: None,
    b"T": lambda decoder, depth: True,
    b"F": lambda decoder, depth: False,
    b"i": Decoder._read_int,
    b"I": Decoder._read_big_int,
    b"f": Decoder._read_float,
    b"c": Decoder._read_complex,
    b"s": Decoder._read_str,
    b"b": Decoder._read_bytes,
    b"l": Decoder._read_list,
    b"t": lambda decoder, depth: tuple(decoder._read_list(depth)),
    b"S": lambda decoder, depth: set(decoder._keys(depth)),
    b"Z": lambda decoder, depth: frozenset(decoder._keys(depth)),
    b"d": Decoder._read_dict,
    b"x": Decoder._read_tensor,
    b"a": Decoder._read_array,
    b"D": Decoder._read_dtype,
    b"h": Decoder._read_handle,
    **rare.READERS,
}
