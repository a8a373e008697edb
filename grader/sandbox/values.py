"""Values as bytes: the closed codec of the wire.

Both ends use it, but only one direction needs trust: what comes *out* of the room is decoded by `decode`,
which knows the tags below and nothing else. It never calls pickle, eval or a constructor named by the
sender, checks every length against the bytes that are really there before it takes memory, and bounds depth
and the number of items. Keys of dicts and members of sets are bounded more tightly: whoever chooses them can
make every one collide with every other, and fill minutes with a second's worth of bytes. A value that the codec does not know stays where it is and travels as a handle.

One tag byte, then (all integers little-endian):

    N                     None                        T / F                 True / False
    i  i64                int                         I  u32 bytes          int beyond 64 bits, two's complement
    f  f64                float                       c  f64 f64            complex
    s  u32 utf-8          str                         b  u32 bytes          bytes
    l t S Z  u32 items    list, tuple, set, frozenset  d  u32 (key value)*  dict
    x  dtype flags ndim u64* raw   tensor             a  dtype 0 ndim u64* raw   numpy array
    D  dtype              torch.dtype                 h  u64 s              handle: number, type name
    m  u32 pickle         a module of the checker's; only towards the room
"""

from __future__ import annotations

import io
import math
import pickle
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from grader.errors import WireError

MAX_DEPTH = 32
MAX_ITEMS = 1_000_000
MAX_OBJECTS = 50_000
"""Tensors, arrays and handles in one frame: each takes some hundred times its bytes."""
MAX_NUMBER_KEYS = 20_000
MAX_TUPLE_KEYS = 1_000
MAX_TUPLE_KEY_ITEMS = 16
MAX_NDIM = 16
MAX_BIG_INT_BYTES = 4096
MAX_TYPE_NAME_BYTES = 512

_DTYPES: tuple[torch.dtype, ...] = (
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
_DTYPE_CODE = {dtype: code for code, dtype in enumerate(_DTYPES)}
_NUMPY_DTYPES: tuple[str, ...] = (
    "float32",
    "float64",
    "float16",
    "int64",
    "int32",
    "int16",
    "int8",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "bool",
    "complex64",
    "complex128",
)
_NUMPY_CODE = {name: code for code, name in enumerate(_NUMPY_DTYPES)}
_REQUIRES_GRAD = 1

# What may be a key. Text hashes unpredictably; numbers and tuples do not.
_FREE_KEY_TAGS = b"NTFsbD"
_NUMBER_KEY_TAGS = b"ifh"

# What a decoded value is taken to cost, beyond its bytes.
_BYTES_PER_ITEM = 64
_BYTES_PER_OBJECT = 1024

_U32 = struct.Struct("<I")
_U64 = struct.Struct("<Q")
_I64 = struct.Struct("<q")
_F64 = struct.Struct("<d")

Park = Callable[[object], tuple[int, str]]
"""Keeps an object on this side and answers its handle's number and type name."""
Unpark = Callable[[int, str], Any]
"""Turns a handle's number and type name into what this side uses for it."""


class TooLargeError(Exception):
    """A value has more bytes, items or levels than a frame may hold."""


class Encoder:
    """Writes one value. `park` is asked for everything that cannot travel by value.

    `modules` allows pickling torch modules; it is set on the trusted side alone.
    """

    def __init__(self, park: Park, *, limit: int, modules: bool = False) -> None:
        self._out = bytearray()
        self._park = park
        self._limit = limit
        self._items = 0
        self._objects = 0
        self._number_keys = 0
        self._tuple_keys = 0
        self._modules = modules

    def encode(self, value: object) -> bytes:
        """The bytes of `value`; raises `TooLargeError` beyond the limit."""
        self._put(value, 0)
        return bytes(self._out)

    def _room_for(self, count: int) -> None:
        if len(self._out) + count > self._limit:
            raise TooLargeError(f"a value of more than {self._limit:,} bytes")

    def _sized(self, tag: bytes, payload: bytes) -> None:
        self._room_for(len(payload) + 5)
        self._out += tag + _U32.pack(len(payload)) + payload

    def _put(self, value: object, depth: int) -> None:
        self._items += 1
        if self._items > MAX_ITEMS:
            raise TooLargeError(f"more than {MAX_ITEMS:,} items")
        if value is None:
            self._out += b"N"
        elif value is True or value is False:
            self._out += b"T" if value else b"F"
        elif isinstance(value, torch.Tensor):
            self._tensor(value)
        elif isinstance(value, str):
            self._sized(b"s", str.encode(value, "utf-8", "replace"))
        elif isinstance(value, (int, np.integer, np.bool_)):
            self._integer(value)
        elif isinstance(value, (float, np.floating)):
            self._out += b"f" + _F64.pack(float(value))
        elif isinstance(value, (list, tuple, set, frozenset, dict)):
            self._container(value, depth)
        else:
            self._rare(value)

    def _integer(self, value: int | np.integer[Any] | np.bool_) -> None:
        if isinstance(value, np.bool_):
            self._out += b"T" if value else b"F"
            return
        number = int(value)
        if -(2**63) <= number < 2**63:
            self._out += b"i" + _I64.pack(number)
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
            self._out += b"d" + _U32.pack(len(pairs))
            for key, item in pairs:
                self._put(key, depth + 1)
                self._put(item, depth + 1)
            return
        bases: tuple[tuple[Any, bytes], ...] = ((list, b"l"), (tuple, b"t"), (frozenset, b"Z"), (set, b"S"))
        for base, tag in bases:
            if isinstance(value, base):
                items = list(base.__iter__(value))
                if tag in b"ZS" and not self._may_be_keys(items):
                    self._handle(value)
                    return
                self._room_for(len(items) + 5)
                self._out += tag + _U32.pack(len(items))
                for item in items:
                    self._put(item, depth + 1)
                return

    def _may_be_keys(self, keys: list[Any]) -> bool:
        """Whether the decoder takes these as keys; a dict or set with others stays where it is."""
        kinds = [_kind_of_key(key) for key in keys]
        self._number_keys += kinds.count(_NUMBER)
        self._tuple_keys += kinds.count(_TUPLE)
        if self._number_keys > MAX_NUMBER_KEYS or self._tuple_keys > MAX_TUPLE_KEYS:
            raise TooLargeError(
                f"more than {MAX_NUMBER_KEYS:,} numbers or {MAX_TUPLE_KEYS:,} tuples as keys of dicts or members of sets"
            )
        return _NO_KEY not in kinds

    def _count_object(self) -> None:
        self._objects += 1
        if self._objects > MAX_OBJECTS:
            raise TooLargeError(f"more than {MAX_OBJECTS:,} tensors, arrays or objects that stay in the room")

    def _tensor(self, value: torch.Tensor) -> None:
        code = _DTYPE_CODE.get(value.dtype)
        if code is None or value.layout != torch.strided or value.device.type != "cpu" or value.ndim > MAX_NDIM:
            self._handle(value)
            return
        self._count_object()
        self._room_for(value.numel() * value.element_size() + 4 + 8 * value.ndim)
        flags = _REQUIRES_GRAD if value.requires_grad else 0
        # Copied into fresh memory: whatever strides, conjugate or negative bits the original has, this has none.
        plain = torch.empty(value.shape, dtype=value.dtype)
        plain.copy_(value.detach())
        self._out += b"x" + bytes((code, flags, value.ndim))
        for size in value.shape:
            self._out += _U64.pack(size)
        if plain.numel():
            self._out += plain.reshape(-1).view(torch.uint8).numpy().tobytes()

    def _rare(self, value: object) -> None:
        if isinstance(value, np.ndarray) and value.dtype.name in _NUMPY_CODE and value.ndim <= MAX_NDIM:
            self._count_object()
            self._room_for(value.nbytes + 4 + 8 * value.ndim)
            self._out += b"a" + bytes((_NUMPY_CODE[value.dtype.name], 0, value.ndim))
            for size in value.shape:
                self._out += _U64.pack(size)
            self._out += value.astype(value.dtype.newbyteorder("<")).tobytes()
        elif isinstance(value, complex):
            self._out += b"c" + _F64.pack(value.real) + _F64.pack(value.imag)
        elif isinstance(value, bytes):
            self._sized(b"b", value)
        elif isinstance(value, torch.dtype) and value in _DTYPE_CODE:
            self._out += b"D" + bytes((_DTYPE_CODE[value],))
        elif self._modules and isinstance(value, torch.nn.Module):
            self._sized(b"m", pickle.dumps(value))
        else:
            self._handle(value)

    def _handle(self, value: object) -> None:
        self._count_object()
        number, type_name = self._park(value)
        self._out += b"h" + _U64.pack(number)
        self._sized(b"s", type_name.encode("utf-8", "replace")[:MAX_TYPE_NAME_BYTES])


_FREE, _NUMBER, _TUPLE, _NO_KEY = range(4)


def _kind_of_key(key: object) -> int:
    if key is None or isinstance(key, (bool, np.bool_, str, bytes, torch.dtype)):
        return _FREE
    if isinstance(key, (int, np.integer)):
        return _NUMBER if -(2**63) <= int(key) < 2**63 else _NO_KEY
    if isinstance(key, (float, np.floating)):
        return _NUMBER
    if isinstance(key, tuple):
        items = list(tuple.__iter__(key))
        simple = len(items) <= MAX_TUPLE_KEY_ITEMS and all(_kind_of_key(item) <= _NUMBER for item in items)
        return _TUPLE if simple else _NO_KEY
    # What travels as a handle is hashed by its identity, on either side.
    by_value = isinstance(key, (torch.Tensor, np.ndarray, complex, frozenset))
    return _NO_KEY if by_value else _NUMBER


class Decoder:
    """Reads one value and insists that it ends where the bytes end. Raises `WireError` on anything else."""

    def __init__(self, data: bytes, unpark: Unpark, *, modules: bool = False) -> None:
        self._data = data
        self._at = 0
        self._items = 0
        self._objects = 0
        self._number_keys = 0
        self._tuple_keys = 0
        self._unpark = unpark
        self._modules = modules

    def decode(self) -> Any:
        value = self._get(0)
        if self._at != len(self._data):
            raise WireError(f"{len(self._data) - self._at} bytes follow the value")
        return value

    @property
    def cost(self) -> int:
        """About the bytes of memory that the decoded value takes."""
        return len(self._data) + _BYTES_PER_ITEM * self._items + _BYTES_PER_OBJECT * self._objects

    def _take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._data):
            raise WireError(f"{count} bytes announced, {len(self._data) - self._at} there")
        piece = self._data[self._at : end]
        self._at = end
        return piece

    def _u32(self) -> int:
        return int(_U32.unpack(self._take(4))[0])

    def _u64(self) -> int:
        return int(_U64.unpack(self._take(8))[0])

    def _count(self, bytes_each: int) -> int:
        """A number of items that the bytes still there could hold; checked before a container is made."""
        count = self._u32()
        if count * bytes_each > len(self._data) - self._at:
            raise WireError(f"{count} items announced in {len(self._data) - self._at} bytes")
        return count

    def _get(self, depth: int) -> Any:
        self._items += 1
        if self._items > MAX_ITEMS:
            raise WireError(f"more than {MAX_ITEMS} items")
        if depth > MAX_DEPTH:
            raise WireError(f"nested more than {MAX_DEPTH} levels deep")
        tag = self._take(1)
        read = _READERS.get(tag)
        if read is None:
            raise WireError(f"unknown tag {tag!r}")
        return read(self, depth)

    def _read_int(self, depth: int) -> int:
        return int(_I64.unpack(self._take(8))[0])

    def _read_big_int(self, depth: int) -> int:
        size = self._u32()
        if size > MAX_BIG_INT_BYTES:
            raise WireError(f"an integer of {size} bytes")
        return int.from_bytes(self._take(size), "little", signed=True)

    def _read_float(self, depth: int) -> float:
        return float(_F64.unpack(self._take(8))[0])

    def _read_complex(self, depth: int) -> complex:
        return complex(self._read_float(depth), self._read_float(depth))

    def _read_str(self, depth: int) -> str:
        try:
            return self._take(self._u32()).decode("utf-8")
        except UnicodeDecodeError as error:
            raise WireError("text that is not UTF-8") from error

    def _read_bytes(self, depth: int) -> bytes:
        return self._take(self._u32())

    def _read_list(self, depth: int) -> list[Any]:
        return [self._get(depth + 1) for _ in range(self._count(1))]

    def _keys(self, depth: int) -> list[Any]:
        return [self._key(depth + 1) for _ in range(self._count(1))]

    def _key(self, depth: int, *, inner: bool = False) -> Any:
        """A value that may be a key: see `_kind_of_key`."""
        tag = self._data[self._at : self._at + 1]
        if tag in _FREE_KEY_TAGS:
            return self._get(depth)
        if tag in _NUMBER_KEY_TAGS:
            self._number_keys += 1
            if self._number_keys > MAX_NUMBER_KEYS + MAX_TUPLE_KEYS * MAX_TUPLE_KEY_ITEMS:
                raise WireError("too many keys that are numbers")
            return self._get(depth)
        if tag == b"t" and not inner:
            self._take(1)
            self._tuple_keys += 1
            count = self._u32()
            if count > MAX_TUPLE_KEY_ITEMS or self._tuple_keys > MAX_TUPLE_KEYS:
                raise WireError("too many keys that are tuples, or too long ones")
            return tuple(self._key(depth + 1, inner=True) for _ in range(count))
        raise WireError(f"a key with the tag {tag!r}")

    def _read_dict(self, depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for _ in range(self._count(2)):
            key = self._key(depth + 1)
            result[key] = self._get(depth + 1)
        return result

    def _count_object(self) -> None:
        self._objects += 1
        if self._objects > MAX_OBJECTS:
            raise WireError(f"more than {MAX_OBJECTS} tensors, arrays and handles")

    def _shape(self) -> tuple[int, int, tuple[int, ...]]:
        self._count_object()
        code, flags, ndim = self._take(3)
        if ndim > MAX_NDIM:
            raise WireError(f"an array of {ndim} dimensions")
        return code, flags, tuple(self._u64() for _ in range(ndim))

    def _raw(self, shape: tuple[int, ...], itemsize: int) -> bytearray:
        # math.prod works on unbounded integers: no product of sizes can wrap around to a small one.
        if any(size > 2**62 for size in shape):
            raise WireError(f"an impossible shape {shape}")
        return bytearray(self._take(math.prod(shape) * itemsize))

    def _read_tensor(self, depth: int) -> torch.Tensor:
        code, flags, shape = self._shape()
        if code >= len(_DTYPES) or flags & ~_REQUIRES_GRAD:
            raise WireError(f"an unknown tensor type {code}, {flags}")
        dtype = _DTYPES[code]
        raw = self._raw(shape, dtype.itemsize)
        try:
            if dtype == torch.bool:
                _refuse_odd_truth(raw)
            tensor = torch.frombuffer(raw, dtype=dtype) if raw else torch.empty(0, dtype=dtype)
            tensor = tensor.reshape(shape)
            return tensor.requires_grad_() if flags else tensor
        except (RuntimeError, ValueError, TypeError) as error:
            raise WireError(f"an impossible tensor of shape {shape}") from error

    def _read_array(self, depth: int) -> np.ndarray[Any, Any]:
        code, flags, shape = self._shape()
        if code >= len(_NUMPY_DTYPES) or flags:
            raise WireError(f"an unknown array type {code}, {flags}")
        dtype = np.dtype(_NUMPY_DTYPES[code])
        raw = self._raw(shape, dtype.itemsize)
        if dtype.name == "bool":
            _refuse_odd_truth(raw)
        try:
            return np.frombuffer(raw, dtype=dtype).reshape(shape)
        except (ValueError, OverflowError) as error:
            raise WireError(f"an impossible array of shape {shape}") from error

    def _read_dtype(self, depth: int) -> torch.dtype:
        code = self._take(1)[0]
        if code >= len(_DTYPES):
            raise WireError(f"an unknown dtype {code}")
        return _DTYPES[code]

    def _read_handle(self, depth: int) -> Any:
        self._count_object()
        number = self._u64()
        if self._take(1) != b"s":
            raise WireError("a handle without a type name")
        size = self._u32()
        if size > MAX_TYPE_NAME_BYTES:
            raise WireError(f"a type name of {size} bytes")
        return self._unpark(number, self._take(size).decode("utf-8", "replace"))

    def _read_module(self, depth: int) -> Any:
        if not self._modules:
            raise WireError("a pickle where none is allowed")
        return pickle.load(io.BytesIO(self._take(self._u32())))


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
    b"m": Decoder._read_module,
}
