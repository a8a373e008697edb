"""The shape of a name: its words, numbers and separators in order, with a problem's name as one of them.

Names of one shape were made by one habit: ``jane_01`` and ``bob_02`` are two of it, ``team_1`` is another's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from grader.intake.folding import folded
from grader.intake.naming import NUMBERED, Hit
from grader.intake.ownname import SHORT

_TOKEN = re.compile(r"(?P<prefix>[^\W\d_]*)(?P<digits>[0-9]+)(?P<after>[^\W_]*)|[^\W\d_]+")
_MOST_DIGITS = 3
_MASK = "§"


@dataclass(frozen=True, slots=True)
class Slot:
    """A number in a name."""

    start: int
    end: int
    word: int
    """Where the word before it begins that may announce it."""
    prefix: str
    number: int
    padded: bool
    announced: bool
    """Whether a word for problem stands before it."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """A name taken apart."""

    whole: str
    text: str
    """Without the mark of a second copy."""
    phrase: Hit | None
    """The problem's own name."""
    slots: tuple[Slot, ...]
    shape: str


def announced_by_all(parsed: Sequence[Shaped]) -> list[Shaped]:
    """Names of one shape, whose numbers count as announced where they are in all of them."""
    every = [all(slot.announced for slot in slots) for slots in zip(*(name.slots for name in parsed), strict=True)]
    return [_announced(name, every) for name in parsed]


def _announced(name: Shaped, every: Sequence[bool]) -> Shaped:
    if [slot.announced for slot in name.slots] == every:
        return name
    slots = [replace(slot, announced=announced) for slot, announced in zip(name.slots, every, strict=True)]
    return replace(name, slots=tuple(slots))


@lru_cache(maxsize=16_384)
def shaped(whole: str, text: str, phrase: Hit | None) -> Shaped:
    """The name `whole` taken apart; `text` is it without the mark of a second copy, `phrase` a problem's name in it."""
    slots, shape = list[Slot](), list[str]()
    before, began, position = "", 0, 0
    # The problem's name is no word, and ends the words that it touches.
    masked = text if phrase is None else text[: phrase.start] + _MASK * (phrase.end - phrase.start) + text[phrase.end :]
    for match in _TOKEN.finditer(masked):
        start, end = match.span()
        if _MASK in (passed := masked[position:start]):
            shape += [_gap(passed[: passed.index(_MASK)]), _MASK]
            before, position = "", start - len(passed) + passed.rindex(_MASK) + 1
        digits = match["digits"]
        if digits and len(digits) <= _MOST_DIGITS and not match["after"] and folded(match["prefix"]) != "v":
            prefix = folded(match["prefix"])
            announced = prefix in NUMBERED if prefix else before in NUMBERED and before not in SHORT
            slots.append(
                Slot(
                    start,
                    end,
                    began if announced and not prefix else start,
                    prefix,
                    int(digits),
                    digits.startswith("0"),
                    announced,
                )
            )
            # "jane_01" and "team_1" are two habits.
            shape += [_gap(text[position:start]), f"{prefix}0#" if digits.startswith("0") else f"{prefix}#"]
        else:
            # Names have one word or several; that is no difference of shape.
            gap = _gap(text[position:start])
            if not (shape and shape[-1] == "w"):
                shape += [gap, "w"]
        before, began, position = folded(match[0]), start, end
    if _MASK in masked[position:]:
        shape += [_gap(masked[position : masked.index(_MASK)]), _MASK]
    return Shaped(whole, text, phrase, tuple(slots), "".join(shape))


def _gap(text: str) -> str:
    return "_" if text.strip("_") == "" and text else text.strip() or text[:1]
