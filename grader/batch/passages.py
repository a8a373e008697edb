"""The passages that two answers share, as places in their text: what a likeness is made of, for people to look at.

The same runs of tokens are compared as for likeness (`tokens`, `similarity`): names do not count, what comes from the
stub is nobody's, and what many wrote proves nothing and is marked as common.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from grader.batch.tokens import GRAM, Token, code_texts, grams_of, normalised, tokens
from grader.model import SourceFile

_MOST_TOKENS = 50_000
_MOST_PLACES = 16
"""Of so many places in the other answer the one is chosen from which most is the same."""


class Passage(msgspec.Struct, frozen=True, array_like=True):
    """A piece of one answer that the other has, too."""

    number: int
    """The same in both."""
    text: int
    """Which text of the file, as a notebook has several."""
    start: int
    end: int
    common: bool
    """Whether many have it."""


class SharedPassages(msgspec.Struct, frozen=True, array_like=True):
    """Two answers side by side."""

    one: tuple[str, ...]
    """Texts of code, as they are compared."""
    other: tuple[str, ...]
    in_one: tuple[Passage, ...]
    in_other: tuple[Passage, ...]


class _Side(msgspec.Struct):
    texts: list[str]
    places: list[tuple[int, Token]]
    grams: list[int]
    owners: list[int]
    """Of each token: the number of its passage, 0 where it has none."""


def shared_passages(
    one: SourceFile, other: SourceFile, stub: Collection[int], common: Collection[int]
) -> SharedPassages:
    """What two answers share, without the runs of the `stub`; `common` are the runs that many share."""
    first, second = _side(one), _side(other)
    given, many = frozenset(stub), frozenset(common)
    there: dict[int, list[int]] = {}
    for place, gram in enumerate(second.grams):
        if gram not in given:
            there.setdefault(gram, []).append(place)
    rare: set[int] = set()
    number, place = 0, 0
    while place < len(first.grams):
        candidates = there.get(first.grams[place], ())[:_MOST_PLACES]
        runs, at = max(((_run(first, second, place, other, given), other) for other in candidates), default=(0, 0))
        if not runs:
            place += 1
            continue
        number += 1
        if not many.issuperset(first.grams[place : place + runs]):
            rare.add(number)
        _own(first, place, runs + GRAM - 1, number)
        _own(second, at, runs + GRAM - 1, number)
        place += runs
    _own_repeats(first, second)
    return SharedPassages(
        tuple(first.texts), tuple(second.texts), tuple(_passages(first, rare)), tuple(_passages(second, rare))
    )


def _side(file: SourceFile) -> _Side:
    texts, _ = code_texts(file.name, file.content)
    places = [(index, token) for index, text in enumerate(texts) for token in tokens(text)][:_MOST_TOKENS]
    grams = grams_of(normalised([token for _, token in places]))
    return _Side(texts, places, grams, [0] * len(places))


def _run(first: _Side, second: _Side, place: int, other: int, given: Collection[int]) -> int:
    """How many runs of tokens are the same from these places on, that no passage of the second has yet."""
    count, most = 0, min(len(first.grams) - place, len(second.grams) - other)
    while count < most:
        mine = first.grams[place + count]
        if mine != second.grams[other + count] or mine in given or second.owners[other + count]:
            break
        count += 1
    return count


def _own(side: _Side, start: int, length: int, number: int) -> None:
    for place in range(start, start + length):
        side.owners[place] = side.owners[place] or number


def _own_repeats(first: _Side, second: _Side) -> None:
    """Mark what the second has more than once."""
    numbers = {gram: first.owners[place] for place, gram in reversed(list(enumerate(first.grams)))}
    for place, gram in enumerate(second.grams):
        if number := numbers.get(gram):
            _own(second, place, GRAM, number)


def _passages(side: _Side, rare: Collection[int]) -> Sequence[Passage]:
    found: list[Passage] = []
    for (text, token), number in zip(side.places, side.owners, strict=True):
        if not number:
            continue
        end = token.start + token.length
        last = found[-1] if found else None
        if last is not None and (last.number, last.text) == (number, text) and _adjoins(side, last, token):
            found[-1] = msgspec.structs.replace(last, end=end)
        else:
            found.append(Passage(number, text, token.start, end, number not in rare))
    return found


def _adjoins(side: _Side, last: Passage, token: Token) -> bool:
    """Whether nothing that counts lies between, but blanks and remarks."""
    between = side.texts[last.text][last.end : token.start]
    return not any(True for _ in tokens(between))
