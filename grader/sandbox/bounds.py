"""What one frame may hold, on either end of the wire: how much, how deep, and which keys.

Whoever chooses the keys of a dict can make every key collide with every other. The time to look them up then grows
with the square of their number. The hash of a text cannot be foreseen; that of a number or a tuple can. Few numbers
share one hash, but 65,536 of them can be chosen to follow each other's way through the table: that takes two seconds.
Any number of tuples can share one hash, and are then compared item by item, if an item may be any number. They cannot
if a tuple is short and the numbers in it have 32 bits.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import torch

MAX_DEPTH = 32
MAX_ITEMS = 1_000_000
MAX_OBJECTS = 50_000
"""Tensors, arrays and handles in one frame: each takes some hundred times its bytes."""
MAX_NDIM = 16
MAX_BIG_INT_BYTES = 4096
MAX_TYPE_NAME_BYTES = 512
MAX_PATH_BYTES = 4096
MAX_NUMBER_KEYS = 65_536
"""Keys, and members of sets, that are numbers or short tuples."""
MAX_SHORT_TUPLE_ITEMS, MAX_SHORT_TUPLE_NUMBERS = 3, 2
MAX_TUPLE_KEYS = 1_000
"""Other tuples."""
MAX_TUPLE_KEY_ITEMS = 16

NUMPY_DTYPES: tuple[str, ...] = (
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
NUMPY_CODE = {name: code for code, name in enumerate(NUMPY_DTYPES)}

# Tags of what may be a key.
FREE_KEY_TAGS = b"NTFsbD"
NUMBER_KEY_TAGS = b"ifh"


class KeyKind(IntEnum):
    """What a key costs to look up."""

    FREE = 0
    NUMBER = 1
    TUPLE = 2
    NO_KEY = 3


def kind_of_key(key: object) -> KeyKind:
    """The kind of a key. A dict with a key of kind `NO_KEY` stays where it is."""
    if key is None or isinstance(key, (bool, np.bool_, str, bytes, torch.dtype)):
        return KeyKind.FREE
    if isinstance(key, (int, np.integer)):
        return KeyKind.NUMBER if -(2**63) <= int(key) < 2**63 else KeyKind.NO_KEY
    if isinstance(key, (float, np.floating)):
        return KeyKind.NUMBER
    if isinstance(key, tuple):
        return _kind_of_tuple(list(tuple.__iter__(key)))
    # What travels as a handle is hashed by its identity, on either side.
    by_value = isinstance(key, (torch.Tensor, np.ndarray, complex, frozenset))
    return KeyKind.NO_KEY if by_value else KeyKind.NUMBER


def _kind_of_tuple(items: list[object]) -> KeyKind:
    kinds = [kind_of_key(item) for item in items]
    inner = any(isinstance(item, tuple) for item in items)
    if inner or len(items) > MAX_TUPLE_KEY_ITEMS or any(kind > KeyKind.NUMBER for kind in kinds):
        return KeyKind.NO_KEY
    numbers = [item for item, kind in zip(items, kinds, strict=True) if kind is KeyKind.NUMBER]
    few = len(items) <= MAX_SHORT_TUPLE_ITEMS and len(numbers) <= MAX_SHORT_TUPLE_NUMBERS
    short = all(isinstance(item, (int, np.integer)) and -(2**31) <= int(item) < 2**31 for item in numbers)
    return KeyKind.NUMBER if few and short else KeyKind.TUPLE
