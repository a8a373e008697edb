"""What a student kit holds of misconceptions: enough to recognise one, nothing that could be read.

A kit has neither solutions nor hidden checks, so it cannot find out what a misconception replies. Instead it holds,
for each one, title and advice under a key that is made of all that the misconception's wrong functions reply to the
public checks. Who makes the mistake makes the key. Nobody else can open it, but by guessing all of these replies at
once, and each guess costs a computation that is slow on purpose (scrypt).

Who makes a mistake in one function of several, or has not written the others yet, is told of it as well: a function
whose replies say enough has a key of its own.

Nothing is named falsely for that. Replies must be the same in every public check that calls the function; a
misconception is left out where its replies are few and easily hit upon, where another known answer gives the same, and
where they could round to either side on another processor. What is left out is found when the class is graded.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import torch

from grader.checking.recognition.canon import GRIDS, CannotBeKept, Canon
from grader.checking.recognition.sameness import as_right, same
from grader.checking.session.transcript import LIBRARY, Transcript, TranscriptEntry
from grader.common.walk import leaves
from grader.model import Misconception

_FORMAT = 1
_LEAST_BITS = 16
"""How much there must be to guess in the wrong replies."""
_BITS_PER_NUMBER = 8
_LEAST_ROOM = 0.004
"""In steps of the grid, which is some ten thousandth of a per cent of the largest number: more than rounding does."""
_SLOW = 1 << 13
_TAG, _KEY = 16, 32
_MOST_KEYS = 1024
_keys: dict[bytes, bytes] = {}
"""Those that this process has made, by what they are made of."""


class _Sealed(msgspec.Struct, array_like=True):
    """One misconception."""

    functions: tuple[str, ...]
    """Whose replies make the key."""
    tag: bytes
    """Tells whether a key is the right one."""
    box: bytes
    """The misconception under the key."""


class _File(msgspec.Struct, array_like=True):
    format: int
    grid: int
    sealed: tuple[_Sealed, ...]


class _Shown(NamedTuple):
    """How one misconception shows itself in the public checks, in some of its functions or all."""

    words: Misconception
    functions: tuple[str, ...]
    transcript: Transcript


def seal(
    slug: str, reference: Transcript, known: Mapping[str, Transcript], words: Mapping[str, Misconception]
) -> bytes:
    """The kit's file of these misconceptions, from transcripts of public checks alone; empty where none can be told."""
    shown = [
        _Shown(words[name], functions, each)
        for name, each in known.items()
        for functions in _together_and_alone(_wrong(reference, each))
    ]
    shown = [each for each in shown if _bits(reference, each) >= _LEAST_BITS]
    grid, shown = _on_a_grid(shown)
    kept = _told_apart(shown, known, words, grid)
    if not kept:
        return b""
    sealed = sorted((_closed(slug, each, grid) for each in kept), key=lambda each: each.tag)
    return msgspec.msgpack.encode(_File(_FORMAT, grid, tuple(sealed)))


def open_sealed(slug: str, content: bytes, student: Transcript) -> list[Misconception]:
    """The misconceptions whose replies the student's are: those of most functions, where one says more than another.

    A damaged file tells nothing.
    """
    try:
        file = msgspec.msgpack.decode(content, type=_File)
    except msgspec.DecodeError:
        return []
    if file.format != _FORMAT:
        return []
    keys: dict[tuple[str, ...], bytes | None] = {}
    opened: dict[tuple[str, ...], list[Misconception]] = {}
    for each in file.sealed:
        if each.functions not in keys:
            keys[each.functions] = _key(slug, each.functions, student, file.grid)
        key = keys[each.functions]
        if key is not None and key[:_TAG] == each.tag:
            words = msgspec.msgpack.decode(_under(key, each.box), type=Misconception)
            # Two variants of one misconception may reply alike.
            if words not in opened.setdefault(each.functions, []):
                opened[each.functions].append(words)
    widest = [here for here in opened if not any(set(here) < set(there) for there in opened)]
    return [one for functions in widest for one in opened[functions]]


# -- making a key --------------------------------------------------------------------------------


def _key(slug: str, functions: Sequence[str], transcript: Transcript, grid: int) -> bytes | None:
    canon = _canon(functions, transcript, grid)
    if canon is None:
        return None
    salt, content = f"{slug} {_FORMAT}".encode(), bytes(canon.content)
    # Most replies of most answers are the same, right ones above all.
    digest = hashlib.sha512(salt + content).digest()
    if digest not in _keys:
        if len(_keys) >= _MOST_KEYS:
            _keys.clear()
        _keys[digest] = hashlib.scrypt(content, salt=salt, n=_SLOW, r=8, p=1, dklen=_TAG + _KEY)
    return _keys[digest]


def _canon(functions: Sequence[str], transcript: Transcript, grid: int) -> Canon | None:
    """All that these functions reply; None where something of it is the same as nothing."""
    canon = Canon(grid)
    try:
        for check, entries in sorted(transcript.items()):
            for entry in entries:
                if entry.function in functions:
                    canon.label(f"{check} {entry.function}")
                    canon.add(entry)
    except CannotBeKept:
        return None
    return canon


def _under(key: bytes, text: bytes) -> bytes:
    """`text` under the key, or from under it. A key is made of one misconception's replies and never used twice."""
    stream = hashlib.shake_256(key[_TAG:]).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, stream, strict=True))


def _closed(slug: str, shown: _Shown, grid: int) -> _Sealed:
    key = _key(slug, shown.functions, shown.transcript, grid)
    assert key is not None
    return _Sealed(shown.functions, key[:_TAG], _under(key, msgspec.msgpack.encode(shown.words)))


# -- what can be told ----------------------------------------------------------------------------


def _differing(reference: Transcript, known: Transcript) -> Iterator[tuple[TranscriptEntry, TranscriptEntry]]:
    """(right, wrong) replies to the same question."""
    for check, entries in known.items():
        for right, wrong in zip(reference.get(check, ()), entries, strict=False):
            if right.function != wrong.function:
                break
            if not as_right(right, wrong):
                yield right, wrong


def _together_and_alone(functions: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield functions
    if len(functions) > 1:
        yield from ((function,) for function in functions)


def _wrong(reference: Transcript, known: Transcript) -> tuple[str, ...]:
    return tuple(sorted({wrong.function for _, wrong in _differing(reference, known)} - {LIBRARY}))


def _bits(reference: Transcript, shown: _Shown) -> float:
    """How much there is to guess in the replies that are wrong. An exception is nothing, a yes or no is one bit."""
    return sum(
        _bits_of(leaf)
        for right, wrong in _differing(reference, shown.transcript)
        if wrong.kind == "value" and wrong.function in shown.functions
        for leaf in _wrong_leaves(right, wrong)
    )


def _wrong_leaves(right: TranscriptEntry, wrong: TranscriptEntry) -> Iterator[Any]:
    """The parts of a wrong reply that differ from the right one."""
    mine, theirs = list(leaves(wrong.value)), list(leaves(right.value))
    if len(mine) != len(theirs):
        yield from mine
        return
    for leaf, other in zip(mine, theirs, strict=True):
        if not same(leaf, other):
            alike = isinstance(leaf, torch.Tensor) and isinstance(other, torch.Tensor) and leaf.shape == other.shape
            yield leaf[leaf != other] if alike else leaf


def _bits_of(leaf: Any) -> float:
    if isinstance(leaf, torch.Tensor):
        numbers = torch.view_as_real(leaf.detach()) if leaf.is_complex() else leaf.detach()
        if leaf.dtype == torch.bool:
            return float(leaf.numel())
        return float(_BITS_PER_NUMBER * len(torch.unique(numbers)))
    if isinstance(leaf, bool) or leaf is None:
        return 1.0
    if isinstance(leaf, int):
        return math.log2(abs(leaf) + 2)
    return float(_BITS_PER_NUMBER) if isinstance(leaf, float) else 0.0


def _on_a_grid(shown: Sequence[_Shown]) -> tuple[int, list[_Shown]]:
    """The grid on which most of them, and then the closest of them, stay away from its borders; and which these are."""
    best: tuple[int, float, int] = (-1, 0.0, 0)
    fitting: list[_Shown] = []
    for grid in range(GRIDS):
        rooms = [(each, _room(each, grid)) for each in shown]
        fit = [(each, room) for each, room in rooms if room >= _LEAST_ROOM]
        rank = len(fit), min((room for _, room in fit), default=0.0), -grid
        if rank > best:
            best, fitting = rank, [each for each, _ in fit]
    return -best[2], fitting


def _room(shown: _Shown, grid: int) -> float:
    canon = _canon(shown.functions, shown.transcript, grid)
    return canon.room if canon is not None else 0.0


def _told_apart(
    shown: Sequence[_Shown], known: Mapping[str, Transcript], words: Mapping[str, Misconception], grid: int
) -> list[_Shown]:
    """Those that fit no other known answer, or only answers that a seal over more functions tells as well."""
    fitting = [(each, {name for name in known if _fits(each, known[name], grid)}) for each in shown]
    while True:
        false = [
            mine
            for mine, names in fitting
            if any(words[name].id != mine.words.id and not _told_by_more(mine, name, fitting) for name in names)
        ]
        if not false:
            return [each for each, _ in fitting]
        fitting = [(each, names) for each, names in fitting if not any(each is other for other in false)]


def _told_by_more(mine: _Shown, name: str, fitting: Sequence[tuple[_Shown, set[str]]]) -> bool:
    return any(set(mine.functions) < set(each.functions) and name in names for each, names in fitting)


def _fits(shown: _Shown, other: Transcript, grid: int) -> bool:
    ours, theirs = (_canon(shown.functions, each, grid) for each in (shown.transcript, other))
    return ours is not None and theirs is not None and ours.content == theirs.content
