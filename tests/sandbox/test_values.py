"""The codec: what is sent arrives, and what a hostile room may send is survived."""

from __future__ import annotations

import os
import resource
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grader.errors import WireError
from grader.sandbox import bounds as limits
from grader.sandbox.bounds import NUMPY_DTYPES
from grader.sandbox.decoding import Decoder
from grader.sandbox.values import DTYPES, TooLargeError
from tests.lent import WHOLE
from tests.sandbox.strategies import encoded, mutated, values

TIMES = 300 if WHOLE else 100
FEW = settings(max_examples=TIMES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def decoded(data: bytes) -> Any:
    return Decoder(data, lambda number, name: ("handle", number, name)).decode()


def same(one: Any, other: Any) -> bool:
    """Equality of values and types; nan equals nan, bit for bit."""
    if isinstance(one, torch.Tensor):
        if not isinstance(other, torch.Tensor) or (one.dtype, one.shape) != (other.dtype, other.shape):
            return False
        return bytes_of(one) == bytes_of(other) and one.requires_grad == other.requires_grad
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray) and one.dtype.kind in "US":
        return one.dtype.kind == other.dtype.kind and one.shape == other.shape and bool((one == other).all())
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, float):
        return struct.pack("<d", one) == struct.pack("<d", other)
    if isinstance(one, complex):
        return same(one.real, other.real) and same(one.imag, other.imag)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, (set, frozenset)):
        return sorted(map(repr, one)) == sorted(map(repr, other))  # nan is in a set, and not equal to itself
    return bool(one == other)


def bytes_of(tensor: torch.Tensor) -> bytes:
    plain = tensor.detach().resolve_conj().resolve_neg().contiguous().reshape(-1)
    return plain.view(torch.uint8).numpy().tobytes() if plain.numel() else b""


# -- what is sent arrives ------------------------------------------------------------------------


@pytest.mark.slow
@FEW
@given(values)
def test_a_value_arrives_as_it_was(value: Any) -> None:
    assert same(value, decoded(encoded(value)))


@pytest.mark.parametrize(
    "value",
    [
        np.float32(0.1), np.int8(-3), np.uint64(2**64 - 1), np.bool_(True), np.zeros((0, 3)), torch.zeros(3, 0),
        torch.tensor(1.5), torch.tensor(True), float("nan"), -0.0, 10**1000, -(10**1000), "\x00", "", b"", (), [], {},
        set(), frozenset(), {frozenset([1])} - {frozenset([1])}, np.array("word"), np.array([["é", "日本"]]).T,
        np.array([], dtype="U0"), np.array([b"a", b"bc"]), np.array(["x", "yz"], dtype=">U4"), slice(None, -3, 2**60),
        range(9, -3, -2), range(2**62, 2**62), torch.device("cuda", 3), torch.device("cpu"), np.dtype("int8"),
    ],
    ids=repr,
)  # fmt: skip
def test_odd_values_arrive(value: Any) -> None:
    arrived = decoded(encoded(value))
    plain = value.item() if isinstance(value, np.generic) else value
    assert same(plain, arrived)


def test_a_path_arrives_as_one_that_opens_nothing() -> None:
    arrived = decoded(encoded(Path("data") / "train.csv"))
    assert arrived == Path("data/train.csv")
    assert not isinstance(arrived, Path)


def test_half_a_character_arrives_as_in_any_text() -> None:
    assert decoded(encoded(np.array(["a\ud800b"]))).tolist() == ["a?b"]


@pytest.mark.slow
def test_dicts_of_a_vocabulary_travel() -> None:
    for kind in (int, lambda n: (n, n + 1), lambda n: (f"word {n}", "next", "one"), lambda n: (b"%d" % n, n)):
        value = {kind(n): n for n in range(60_000)}
        assert decoded(encoded(value)) == value


def test_what_has_no_form_on_the_wire_travels_as_a_handle() -> None:
    for value in (object(), torch.nn.Linear(1, 1), print, torch.zeros(2).to_sparse(), np.array([object()]),
                  range(limits.MAX_ITEMS + 1), slice("a"), Path("x" * 5000), np.dtype("U3")):  # fmt: skip
        assert decoded(encoded([value])) == [("handle", 7, type(value).__name__)]


def test_subclasses_travel_as_their_base_and_run_no_code_of_their_own() -> None:
    class Sly(list):  # type: ignore[type-arg]
        def __iter__(self) -> Any:
            raise RuntimeError("asked for more than was there")

    class Told(dict):  # type: ignore[type-arg]
        def items(self) -> Any:
            return [("forged", 1)]

    class Text(str):
        def encode(self, *args: Any) -> bytes:
            return b"forged"

    assert decoded(encoded(Sly([1, 2]))) == [1, 2]
    assert decoded(encoded(Told(a=1))) == {"a": 1}
    assert decoded(encoded(Text("honest"))) == "honest"


@pytest.mark.parametrize(
    "key",
    [torch.zeros(1), frozenset([1]), (1, (2, 3)), 2**64, 1j, tuple(range(17))],
    ids=["tensor", "frozenset", "nested tuple", "large int", "complex", "long tuple"],
)
def test_a_dict_with_a_key_that_could_collide_stays_in_the_room(key: Any) -> None:
    assert decoded(encoded({key: 1}))[0] == "handle"
    assert decoded(encoded({key}))[0] == "handle"


@pytest.mark.parametrize(
    "value",
    [
        [0] * (limits.MAX_ITEMS + 1),
        dict.fromkeys(range(limits.MAX_NUMBER_KEYS + 1), 0),
        {(n, n, n) for n in range(limits.MAX_TUPLE_KEYS + 1)},
        [object()] * (limits.MAX_OBJECTS + 1),
        1 << (8 * limits.MAX_BIG_INT_BYTES + 8),
        "x" * (1 << 21),
        torch.zeros(1 << 19),
        np.zeros(1 << 18),
    ],
    ids=["items", "keys", "tuples", "objects", "int", "text", "tensor", "array"],
)
def test_what_is_too_large_is_refused_before_it_is_sent(value: Any) -> None:
    with pytest.raises(TooLargeError):
        encoded(value, limit=1 << 20)


def test_too_deep_is_refused_before_it_is_sent() -> None:
    value: Any = []
    for _ in range(limits.MAX_DEPTH + 1):
        value = [value]
    with pytest.raises(TooLargeError):
        encoded(value)
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(TooLargeError):
        encoded(loop)


# -- what a hostile room may send ----------------------------------------------------------------


def survives(data: bytes) -> None:
    """Decoding ends with a value or with WireError, and with nothing else."""
    message = ""
    try:
        decoded(data)
    except WireError as error:
        message = str(error)
    assert len(message) < 1000


@FEW
@given(st.binary(max_size=200))
@example(b"")
def test_arbitrary_bytes_are_survived(data: bytes) -> None:
    survives(data)


@pytest.mark.slow
@settings(FEW, max_examples=2 * TIMES)
@given(mutated())
def test_mutated_values_are_survived(data: bytes) -> None:
    survives(data)


@pytest.mark.slow
@FEW
@given(values, st.data())
def test_a_value_cut_short_is_refused(value: Any, data: st.DataObject) -> None:
    whole = encoded(value)
    with pytest.raises(WireError):
        decoded(whole[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.slow
@FEW
@given(values, st.binary(min_size=1, max_size=10))
def test_bytes_after_the_value_are_refused(value: Any, more: bytes) -> None:
    with pytest.raises(WireError):
        decoded(encoded(value) + more)


def u32(number: int) -> bytes:
    return struct.pack("<I", number)


def tensor(*shape: int, tag: bytes = b"x", code: int = 0, flags: int = 0, raw: bytes = b"") -> bytes:
    return tag + bytes((code, flags, len(shape))) + b"".join(struct.pack("<Q", size) for size in shape) + raw


LIES = {
    "no bytes": b"",
    "unknown tag": b"?",
    "a pickle": b"m" + u32(4) + b"cos\n",
    "a string longer than the frame": b"s" + u32(2**32 - 1),
    "a list longer than the frame": b"l" + u32(2**32 - 1),
    "a dict longer than the frame": b"d" + u32(2**31) + b"NN",
    "half a dict": b"d" + u32(1) + b"N",
    "text that is not UTF-8": b"s" + u32(2) + b"\xff\xfe",
    "half a surrogate": b"s" + u32(3) + b"\xed\xa0\x80",
    "an int of many bytes": b"I" + u32(5000) + b"\x01" * 5000,
    "a tensor without its bytes": tensor(1000, 1000),
    "a shape whose product wraps to nothing": tensor(2**32, 2**32, 2**32),
    "a shape whose product wraps to 4": tensor(2**62 + 1, 4, raw=b"\0" * 16),
    "a size beyond any": tensor(2**64 - 1, 0),
    "an empty tensor whose strides cannot be": tensor(0, 2**32, 2**31),
    "an empty array whose strides cannot be": tensor(2**40, 0, 2**40, tag=b"a"),
    "too many dimensions": tensor(*[1] * 17, raw=b"\0" * 4),
    "unknown dtype": tensor(1, code=200, raw=b"\0" * 4),
    "unknown flags": tensor(1, flags=2, raw=b"\0" * 4),
    "an int tensor that wants a gradient": tensor(1, code=4, flags=1, raw=b"\0" * 8),
    "a truth value of 2": tensor(1, code=9, raw=b"\x02"),
    "an array with flags": tensor(1, tag=b"a", flags=1, raw=b"\0" * 4),
    "an array's truth value of 7": tensor(1, tag=b"a", code=11, raw=b"\x07"),
    "an unknown array": tensor(1, tag=b"a", code=99, raw=b"\0" * 4),
    "an unknown torch.dtype": b"D\xff",
    "a handle without a name": b"h" + struct.pack("<Q", 1) + b"N",
    "a handle with a long name": b"h" + struct.pack("<Q", 1) + b"s" + u32(10_000) + b"x" * 10_000,
    "text of no kind": b"w" + struct.pack("<cIBQ", b"O", 8, 1, 1) + bytes(8),
    "text of no size": b"w" + struct.pack("<cIBQ", b"S", 0, 1, 2**40),
    "text of a part of a character": b"w" + struct.pack("<cIBQ", b"U", 6, 1, 1) + bytes(6),
    "text beyond Unicode": b"w" + struct.pack("<cIBQI", b"U", 4, 1, 1, 0x110000),
    "half a character": b"w" + struct.pack("<cIBQI", b"U", 4, 1, 1, 0xD800),
    "text longer than the frame": b"w" + struct.pack("<cIBQ", b"U", 2**31, 1, 2**31),
    "no text, of items that there cannot be": b"w" + struct.pack("<cIBQ", b"S", 0x80000000, 1, 0),
    "text of a shape that wraps around": b"w" + struct.pack("<cIBQQ", b"S", 4, 2, 2**62, 4),
    "a slice of texts": b"L" + (b"s" + u32(1) + b"a") * 3,
    "a slice in a slice": b"L" + b"LNNN" + b"NN",
    "a range of too many": b"r" + struct.pack("<qqq", 0, 2**62, 1),
    "a range without a step": b"r" + struct.pack("<qqq", 0, 3, 0),
    "a path of too many bytes": b"P" + u32(5000) + b"x" * 5000,
    "a path that is no text": b"P" + u32(1) + b"\xff",
    "an unknown device": b"v\x09\0",
    "a device of too many": b"v\0\xff",
    "an unknown numpy dtype": b"y\x63",
    "a range as a key": b"S" + u32(1) + b"r" + struct.pack("<qqq", 0, 3, 1),
    "a list as a key": b"d" + u32(1) + b"l" + u32(0) + b"N",
    "a tensor as a key": b"d" + u32(1) + tensor(1, raw=b"\0" * 4) + b"N",
    "a dict in a set": b"S" + u32(1) + b"d" + u32(0),
    "a set in a set": b"S" + u32(1) + b"Z" + u32(0),
    "a tuple in a tuple as a key": b"S" + u32(1) + b"t" + u32(1) + b"t" + u32(0),
    "a large int as a key": b"S" + u32(1) + b"I" + u32(9) + b"\x01" * 9,
    "too deep": (b"l" + u32(1)) * 40 + b"N",
    "very much too deep": (b"l" + u32(1)) * 200_000,
    "trailing bytes": b"NN",
}


@pytest.mark.parametrize("data", LIES.values(), ids=LIES.keys())
def test_a_lie_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decoded(data)


def colliding_ints(count: int) -> list[int]:
    """Numbers whose hashes share their low 40 bits, the part by which a dict of this size looks for its place."""
    return [(n << 40) % (2**63 - 1) for n in range(count)]


def colliding_pairs(count: int) -> list[tuple[int, int]]:
    """Pairs with one and the same hash, by solving the hash of a tuple (xxHash) for its second item."""
    p1, p2, p5, mask = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x27D4EB2F165667C5, 2**64 - 1

    def rotated(number: int, bits: int) -> int:
        return ((number << bits) | (number >> (64 - bits))) & mask

    def after(state: int, lane: int) -> int:
        return rotated((state + lane * p2) & mask, 31) * p1 & mask

    wanted = after(after(p5, 1), 1)
    inverse_p1, inverse_p2 = pow(p1, -1, 2**64), pow(p2, -1, 2**64)
    before_last = rotated(wanted * inverse_p1 & mask, 33)
    found, first = [(1, 1)], 2
    while len(found) < count:
        lane = (before_last - after(p5, first)) * inverse_p2 & mask
        if lane < 2**61 - 1:
            found.append((first, lane))
        first += 1
    assert len({hash(pair) for pair in found}) == 1
    return found


def test_keys_made_to_collide_cost_little() -> None:
    pairs = colliding_pairs(limits.MAX_TUPLE_KEYS)
    numbers = colliding_ints(limits.MAX_NUMBER_KEYS - 1)  # One of the pairs is short.
    data = b"l" + u32(2) + b"S" + u32(len(pairs))
    data += b"".join(b"t" + u32(2) + b"i" + struct.pack("<q", a) + b"i" + struct.pack("<q", b) for a, b in pairs)
    data += b"S" + u32(len(numbers)) + b"".join(b"i" + struct.pack("<q", n) for n in numbers)
    # Half a second at these bounds; a frame full of such keys would take hours.
    assert decoded(data) == [set(pairs), set(numbers)]


@pytest.mark.parametrize(
    "keys",
    [
        [(n, n, n) for n in range(limits.MAX_TUPLE_KEYS + 1)],
        [(2**31, n) for n in range(limits.MAX_TUPLE_KEYS + 1)],
        list(range(limits.MAX_NUMBER_KEYS + 1)),
        [(n, -n) for n in range(limits.MAX_NUMBER_KEYS + 1)],
        [tuple(range(limits.MAX_TUPLE_KEY_ITEMS + 1))],
    ],
    ids=["tuples", "large numbers in pairs", "numbers", "pairs", "a long tuple"],
)
def test_more_keys_are_refused(keys: list[Any]) -> None:
    def raw(key: Any) -> bytes:
        if isinstance(key, tuple):
            return b"t" + u32(len(key)) + b"".join(map(raw, key))
        return b"i" + struct.pack("<q", key)

    with pytest.raises(WireError):
        decoded(b"S" + u32(len(keys)) + b"".join(map(raw, keys)))


BOMBS = {
    "empty tensors": tensor(0),
    "scalar tensors": tensor(raw=b"\0" * 4),
    "empty arrays": tensor(0, tag=b"a"),
    "empty sets": b"S" + u32(0),
    "empty dicts": b"d" + u32(0),
    "handles": b"h" + struct.pack("<Q", 1) + b"s" + u32(0),
    "empty lists": b"l" + u32(0),
    "nothing": b"N",
    "ints": b"i" + struct.pack("<q", 10**15),
}


@pytest.mark.slow
@pytest.mark.parametrize("item", BOMBS.values(), ids=BOMBS.keys())
def test_a_small_frame_never_becomes_a_large_value(item: bytes) -> None:
    """As many as the frame's limit allows of what is largest in memory for its bytes."""
    count = min((64 << 20) // len(item), 3_000_000)
    data = b"l" + u32(count) + item * count
    assert kilobytes_taken_by(lambda: survives(data)) < 400 << 10


def kilobytes_taken_by(action: Callable[[], None]) -> int:
    """By how much the peak of resident memory rises, in a child of its own."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        action()
        taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        os.write(writer, str(taken).encode())
        os._exit(0)
    os.close(writer)
    with open(reader) as answer:
        told = answer.read()
    os.wait()
    return int(told)


@pytest.mark.parametrize("count", [1, 1000, limits.MAX_OBJECTS - 1])
def test_the_cost_of_a_value_is_told(count: int) -> None:
    data = b"l" + u32(count) + BOMBS["scalar tensors"] * count
    decoder = Decoder(data, lambda number, name: None)
    decoder.decode()
    assert decoder.cost >= 1000 * count


def test_every_dtype_has_its_place() -> None:
    for dtype in DTYPES:
        assert decoded(encoded(torch.zeros(2, dtype=dtype))).dtype == dtype
    for name in NUMPY_DTYPES:
        assert decoded(encoded(np.zeros(2, dtype=name))).dtype == np.dtype(name)
