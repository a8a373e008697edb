"""Texts in comparisons: where two of several lines part, and what a call prints."""

from __future__ import annotations

from itertools import zip_longest
from typing import NamedTuple

from grader.checking import show


class Text(str):
    """What a call printed: blanks at the ends of its lines, and empty lines at its end, do not count."""

    __slots__ = ()


class Parting(NamedTuple):
    """How a text of several lines differs from another."""

    first: str
    """The first line that differs, in words."""
    wrong: int
    lines: int


def without_blanks(text: str) -> str:
    """The text as comparisons of what was printed see it."""
    return "\n".join(line.rstrip() for line in text.rstrip().split("\n"))


def parting(actual: str, expected: str) -> Parting | None:
    """Where two different texts part; None where neither has several lines."""
    mine, right = actual.split("\n"), expected.split("\n")
    if len(mine) == len(right) == 1:
        return None
    different = [
        (number, one, other) for number, (one, other) in enumerate(zip_longest(mine, right), start=1) if one != other
    ]
    number, one, other = different[0]
    told = f"line {number}: {_line(one)} instead of {_line(other)}"
    return Parting(told, len(different), max(len(mine), len(right)))


def _line(text: str | None) -> str:
    return "nothing" if text is None else show.describe(text)
