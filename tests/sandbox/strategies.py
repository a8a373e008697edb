"""What hypothesis makes of values that travel, and of bytes that a hostile room might send."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

from grader.sandbox.bounds import NUMPY_DTYPES
from grader.sandbox.values import DTYPES, Encoder

SHAPES = st.lists(st.integers(0, 4), max_size=4).map(tuple)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**300), 2**300),
    st.floats(),
    st.complex_numbers(),
    st.text(),
    st.binary(max_size=100),
    st.sampled_from(DTYPES),
    st.sampled_from([np.dtype(name) for name in NUMPY_DTYPES]),
    st.sampled_from([torch.device("cpu"), torch.device("cuda", 1), torch.device("meta")]),
    st.builds(slice, st.none() | st.integers(-9, 2**62), st.none() | st.integers(-9, 9), st.none() | st.just(2)),
    st.builds(range, st.integers(-9, 9), st.integers(-9, 2**18), st.sampled_from([-3, 1, 7])),
)


@st.composite
def tensors(draw: st.DrawFn) -> torch.Tensor:
    """Of every dtype and memory layout that travels."""
    dtype = draw(st.sampled_from(DTYPES))
    shape = draw(SHAPES)
    odd = (
        st.sampled_from([float("nan"), float("inf"), -0.0])
        if dtype.is_floating_point or dtype.is_complex
        else st.nothing()
    )
    raw = draw(st.lists(st.integers(-100, 100) | odd, min_size=4, max_size=4))
    count = int(np.prod(shape))
    values = torch.tensor([raw[i % 4] for i in range(count)], dtype=torch.float64).reshape(shape).to(dtype)
    if len(shape) >= 2 and draw(st.booleans()):
        values = values.transpose(0, 1)
    if (dtype.is_floating_point or dtype.is_complex) and draw(st.booleans()):
        values = values.clone().requires_grad_()
    if dtype.is_complex and not values.requires_grad and draw(st.booleans()):
        values = values.conj()
    return values


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray[Any, Any]:
    """numpy's, likewise."""
    shape = draw(SHAPES)
    if draw(st.booleans()):
        words = draw(st.lists(st.text(max_size=5), min_size=1, max_size=3))
        return np.array([words[index % len(words)] for index in range(int(np.prod(shape)))], dtype=str).reshape(shape)
    made = np.arange(int(np.prod(shape))).reshape(shape).astype(draw(st.sampled_from(NUMPY_DTYPES)))
    return made.T if draw(st.booleans()) else made


plain_keys = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.text(), st.binary(max_size=20))
keys = st.one_of(plain_keys, st.lists(plain_keys, max_size=4).map(tuple))

values = st.recursive(
    st.one_of(scalars, tensors(), arrays()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.lists(inner, max_size=5).map(tuple),
        st.dictionaries(keys, inner, max_size=5),
        st.sets(keys, max_size=5),
        st.frozensets(keys, max_size=5),
    ),
    max_leaves=20,
)


def encoded(value: object, limit: int = 1 << 26) -> bytes:
    """`value` as the room would send it."""
    return Encoder(lambda parked: (7, type(parked).__name__), limit=limit).encode(value)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Bytes that were a value once: cut, overwritten, doubled, with lengths that lie."""
    data = bytearray(encoded(draw(values)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        match draw(st.sampled_from(["flip", "insert", "delete", "length", "tag", "splice", "cut"])):
            case "flip" if data:
                data[at] ^= 1 << draw(st.integers(0, 7))
            case "insert":
                data[at:at] = draw(st.binary(max_size=16))
            case "delete":
                del data[at : at + draw(st.integers(1, 16))]
            case "length":
                lie = draw(st.sampled_from([0, 1, 255, 2**16, 2**31 - 1, 2**31, 2**32 - 1]))
                data[at : at + 4] = struct.pack("<I", lie)
            case "tag" if data:
                data[at] = draw(st.sampled_from(b"NTFiIfcsbltSZdxaDhmwLrPvy"))
            case "splice":
                data[at:at] = encoded(draw(values))
            case "cut":
                del data[at:]
    return bytes(data)
