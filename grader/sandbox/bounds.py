"""What one frame may hold, on either end of the wire: how much, how deep, and which keys.

Whoever chooses the keys of a dict can make every one collide with every other: to look up what was sent in a second
then takes time that grows with the square of their number. Text hashes unpredictably; numbers and tuples do not. Few
numbers have one and the same hash; 65,536 that are made to follow each other's way through the table take two
seconds. Tuples can be made to have one and the same hash, and to be compared item by item, where
an item may be any number; not where there are a few, and the numbers among them have 32 bits.
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
    """Of what kind a key is; a dict with one that is none stays where it is."""
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
