"""Values as bytes: the closed codec of the wire.

It carries what comes *out* of the room, which nobody trusts; `questions` is the other direction. The bytes are
decoded by `decoding`, which knows the tags below and nothing else. It never calls pickle, eval or a constructor named
by the sender, checks every length against the bytes that are really there before it takes memory, and bounds depth
and the number of items. Keys of dicts and members of sets are bounded more tightly: whoever chooses them can
make every one collide with every other, and take minutes to look up what was sent in a second. A value that
the codec does not know stays where it is and travels as a handle.

One tag byte, then (all integers little-endian):

    N                     None                        T / F                 True / False
    i  i64                int                         I  u32 bytes          int beyond 64 bits, two's complement
    f  f64                float                       c  f64 f64            complex
    s  u32 utf-8          str                         b  u32 bytes          bytes
    l t S Z  u32 items    list, tuple, set, frozenset  d  u32 (key value)*  dict
    x  dtype flags ndim u64* raw   tensor             a  dtype 0 ndim u64* raw   numpy array
    D  dtype              torch.dtype                 h  u64 s              handle: number, type name
    w L r P v y           see `rare`
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from grader.sandbox import rare
from grader.sandbox.bounds import (
    MAX_BIG_INT_BYTES,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_NDIM,
    MAX_NUMBER_KEYS,
    MAX_OBJECTS,
    MAX_TUPLE_KEYS,
    MAX_TYPE_NAME_BYTES,
    NUMPY_CODE,
    KeyKind,
    kind_of_key,
)

DTYPES: tuple[torch.dtype, ...] = (
    torch.float32,
    torch.float64,
    torch.float16,
    torch.bfloat16,
    torch.int64,
    torch.int32,
    torch.int16,
    torch.int8,
    torch.uint8,
    torch.bool,
    torch.complex64,
    torch.complex128,
)
DTYPE_CODE = {dtype: code for code, dtype in enumerate(DTYPES)}
REQUIRES_GRAD = 1
MODULE_NAME = "submission"
"""What the student's module is called in the room."""

# A tag with what follows it, written in one go.
_TAGGED_U32 = struct.Struct("<cI")
_TAGGED_I64 = struct.Struct("<cq")
_TAGGED_F64 = struct.Struct("<cd")

U32 = struct.Struct("<I")
U64 = struct.Struct("<Q")
I64 = struct.Struct("<q")
F64 = struct.Struct("<d")

Park = Callable[[object], tuple[int, str]]
"""Keeps an object on this side and answers its handle's number and type name."""


class TooLargeError(Exception):
    """A value has more bytes, items or levels than a frame may hold."""


class Encoder:
    """Writes values, after the bytes of `opening`. `park` is asked for everything that cannot travel by value.

    Nor do instances of the classes that are `staying`, even if they are lists, numbers or tensors as well.
    """

    def __init__(self, park: Park, *, limit: int, opening: bytes = b"", staying: frozenset[type] = frozenset()) -> None:
        self._out = bytearray(opening)
        self._park = park
        self._limit = limit
        self._staying = staying
        self._items = 0
        self._objects = 0
        self._number_keys = 0
        self._tuple_keys = 0

    def encode(self, value: object) -> bytes:
        """The bytes of `value`; raises `TooLargeError` beyond the limit."""
        self.put(value, 0)
        return self.written()

    def written(self) -> bytes:
        """All that was put so far."""
        return bytes(self._out)

    def _room_for(self, count: int) -> None:
        if len(self._out) + count > self._limit:
            raise TooLargeError(f"a value of more than {self._limit:,} bytes")

    def _sized(self, tag: bytes, payload: bytes) -> None:
        self._room_for(len(payload) + 5)
        self._out += _TAGGED_U32.pack(tag, len(payload)) + payload

    def put(self, value: object, depth: int) -> None:
        """Write one more value, inside of `depth` others."""
        self._items += 1
        if self._items > MAX_ITEMS:
            raise TooLargeError(f"more than {MAX_ITEMS:,} items")
        # Most values are of exactly these types; what follows is for their subclasses.
        write = _WRITERS.get(type(value))
        if write is not None:
            write(self, value, depth)
        elif self._staying and not self._staying.isdisjoint(type.mro(type(value))):
            self._handle(value)
        elif isinstance(value, torch.Tensor):
            self._tensor(value)
        elif isinstance(value, str):
            self._sized(b"s", str.encode(value, "utf-8", "replace"))
        elif isinstance(value, (int, np.integer, np.bool_)):
            self._integer(value)
        elif isinstance(value, (float, np.floating)):
            self._out += b"f" + F64.pack(float(value))
        elif isinstance(value, (list, tuple, set, frozenset, dict)):
            self._container(value, depth)
        else:
            self._rare(value)

    def _none(self, value: None, depth: int) -> None:
        self._out += b"N"

    def _truth(self, value: bool, depth: int) -> None:
        self._out += b"T" if value else b"F"

    def _int(self, value: int, depth: int) -> None:
        if -(2**63) <= value < 2**63:
            self._out += _TAGGED_I64.pack(b"i", value)
        else:
            self._integer(value)

    def _float(self, value: float, depth: int) -> None:
        self._out += _TAGGED_F64.pack(b"f", value)

    def _str(self, value: str, depth: int) -> None:
        self._sized(b"s", value.encode("utf-8", "replace"))

    def _list(self, value: list[Any], depth: int) -> None:
        self._sequence(b"l", value, depth)

    def _tuple(self, value: tuple[Any, ...], depth: int) -> None:
        self._sequence(b"t", value, depth)

    def _sequence(self, tag: bytes, items: list[Any] | tuple[Any, ...], depth: int) -> None:
        if depth >= MAX_DEPTH:
            raise TooLargeError(f"a value nested more than {MAX_DEPTH} levels deep")
        self._room_for(len(items) + 5)
        self._out += _TAGGED_U32.pack(tag, len(items))
        put, inside = self.put, depth + 1
        for item in items:
            put(item, inside)

    def _integer(self, value: int | np.integer[Any] | np.bool_) -> None:
        if isinstance(value, np.bool_):
            self._out += b"T" if value else b"F"
            return
        number = int(value)
        if -(2**63) <= number < 2**63:
            self._out += b"i" + I64.pack(number)
            return
        size = number.bit_length() // 8 + 1
        if size > MAX_BIG_INT_BYTES:
            raise TooLargeError(f"an integer of {size:,} bytes")
        self._sized(b"I", number.to_bytes(size, "little", signed=True))

    def _container(self, value: Any, depth: int) -> None:
        if depth >= MAX_DEPTH:
            raise TooLargeError(f"a value nested more than {MAX_DEPTH} levels deep")
        # The base type's own methods: a subclass may have overridden its iteration.
        if isinstance(value, dict):
            pairs = list(dict.items(value))
            if not self._may_be_keys([key for key, _ in pairs]):
                self._handle(value)
                return
            self._room_for(2 * len(pairs) + 5)
            self._out += b"d" + U32.pack(len(pairs))
            for key, item in pairs:
                self.put(key, depth + 1)
                self.put(item, depth + 1)
            return
        bases: tuple[tuple[Any, bytes], ...] = ((list, b"l"), (tuple, b"t"), (frozenset, b"Z"), (set, b"S"))
        for base, tag in bases:
            if isinstance(value, base):
                items = list(base.__iter__(value))
                if tag in b"ZS" and not self._may_be_keys(items):
                    self._handle(value)
                    return
                self._room_for(len(items) + 5)
                self._out += tag + U32.pack(len(items))
                for item in items:
                    self.put(item, depth + 1)
                return

    def _may_be_keys(self, keys: list[Any]) -> bool:
        """Whether the decoder takes these as keys; a dict or set with others stays where it is."""
        kinds = [kind_of_key(key) for key in keys]
        self._number_keys += kinds.count(KeyKind.NUMBER)
        self._tuple_keys += kinds.count(KeyKind.TUPLE)
        if self._number_keys > MAX_NUMBER_KEYS or self._tuple_keys > MAX_TUPLE_KEYS:
            raise TooLargeError(
                f"more than {MAX_NUMBER_KEYS:,} numbers or {MAX_TUPLE_KEYS:,} long tuples as keys or members of sets"
            )
        return KeyKind.NO_KEY not in kinds

    def _count_object(self) -> None:
        self._objects += 1
        if self._objects > MAX_OBJECTS:
            raise TooLargeError(f"more than {MAX_OBJECTS:,} tensors, arrays or objects that stay in the room")

    def _tensor(self, value: torch.Tensor) -> None:
        # Everything written is of one moment, even if a thread of the student's gives the tensor other data meanwhile.
        plain = value.detach()
        if not is_plain(plain):
            self._handle(value)
            return
        self._count_object()
        self._room_for(plain.numel() * plain.element_size() + 4 + 8 * plain.ndim)
        flags = REQUIRES_GRAD if value.requires_grad else 0
        self._out += struct.pack(f"<cBBB{plain.ndim}Q", b"x", DTYPE_CODE[plain.dtype], flags, plain.ndim, *plain.shape)
        self._out += raw_bytes(plain)

    def _rare(self, value: object) -> None:
        if isinstance(value, np.ndarray) and value.dtype.name in NUMPY_CODE and value.ndim <= MAX_NDIM:
            self._count_object()
            self._room_for(value.nbytes + 4 + 8 * value.ndim)
            self._out += b"a" + bytes((NUMPY_CODE[value.dtype.name], 0, value.ndim))
            for size in value.shape:
                self._out += U64.pack(size)
            self._out += value.astype(value.dtype.newbyteorder("<")).tobytes()
        elif isinstance(value, complex):
            self._out += b"c" + F64.pack(value.real) + F64.pack(value.imag)
        elif isinstance(value, bytes):
            self._sized(b"b", value)
        elif isinstance(value, torch.dtype) and value in DTYPE_CODE:
            self._out += b"D" + bytes((DTYPE_CODE[value],))
        elif rare.is_text(value):
            self._text_array(value)
        elif rare.is_whole_slice(value):
            self._slice(value)
        elif (packed := rare.packed(value)) is not None:
            self._room_for(len(packed))
            self._out += packed
        else:
            self._handle(value)

    def _text_array(self, value: Any) -> None:
        self._count_object()
        self._room_for(value.nbytes + 4 * value.size + 16 + 8 * value.ndim)
        self._out += rare.text_array(value)

    def _slice(self, value: Any) -> None:
        self._out += b"L"
        for part in (value.start, value.stop, value.step):
            self.put(part, 0)

    def _handle(self, value: object) -> None:
        self._count_object()
        number, type_name = self._park(value)
        self._out += b"h" + U64.pack(number)
        self._sized(b"s", type_name.encode("utf-8", "replace")[:MAX_TYPE_NAME_BYTES])


def type_name(value: object) -> str:
    """What a value's class is called, for messages about objects that stay in the room."""
    return class_name(type(value))


def class_name(kind: type) -> str:
    """A class's own name for builtin classes and for the submission's, else with its module."""
    module = getattr(kind, "__module__", "")
    name = getattr(kind, "__qualname__", "?")
    if not isinstance(module, str) or not isinstance(name, str) or module in ("builtins", MODULE_NAME):
        return str(name)[:200]
    return f"{module}.{name}"[:200]


def is_plain(tensor: torch.Tensor) -> bool:
    """Whether a tensor can travel by value: one of `DTYPES`, dense, in this machine's memory."""
    return (
        tensor.dtype in DTYPE_CODE
        and tensor.layout == torch.strided
        and tensor.device.type == "cpu"
        and tensor.ndim <= MAX_NDIM
    )


def raw_bytes(tensor: torch.Tensor) -> bytes:
    """The elements of a detached tensor row by row, whatever strides, conjugate or negative bits it has."""
    plain = tensor.resolve_conj().resolve_neg()
    if plain.dtype == torch.bfloat16:
        plain = plain.view(torch.int16)  # numpy knows no bfloat16.
    return plain.numpy().tobytes()


def tensor_of(raw: bytearray, dtype: torch.dtype, shape: tuple[int, ...], *, requires_grad: bool) -> torch.Tensor:
    """The tensor whose elements are `raw`, row by row, in the memory of `raw`. Raises as torch does if they are not."""
    flat = torch.frombuffer(raw, dtype=dtype) if raw else torch.empty(0, dtype=dtype)
    tensor = flat.reshape(shape)
    return tensor.requires_grad_() if requires_grad else tensor


def copy_of(tensor: torch.Tensor) -> torch.Tensor:
    """A tensor in memory of its own, a leaf that asks for a gradient where the original does."""
    return tensor.detach().clone().requires_grad_(tensor.requires_grad)


_WRITERS: dict[type, Callable[[Encoder, Any, int], None]] = {
    type(None): Encoder._none,
    bool: Encoder._truth,
    int: Encoder._int,
    float: Encoder._float,
    str: Encoder._str,
    list: Encoder._list,
    tuple: Encoder._tuple,
    torch.Tensor: lambda encoder, value, depth: encoder._tensor(value),
}
