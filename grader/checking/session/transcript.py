"""The questions of one check and the replies to them, in a form that can be compared between submissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

LIBRARY = "library"
"""Stands for a function of the student's where a check asks the room's own library."""


class Comparable(NamedTuple):
    """A question or a reply as transcripts hold it: never to be changed or handed to a check."""

    value: Any
    number: int = 0
    """The same for the same value; 0 where it is not remembered."""


NOTHING = Comparable(None)


@dataclass(frozen=True)
class Entry:
    """One question of a check and what came back, for the search for misconceptions."""

    function: str
    """The student's function or class that the reply comes from."""
    question: tuple[Any, ...]
    kind: str
    """"value", "raised", or "lost" where the room died or the reply could not be used."""
    value: Any
    asked: int = field(default=0, compare=False)
    """The question's number in the checker's `Memory`, the same for the same question; 0 where it has none."""
    answered: int = field(default=0, compare=False)
    """The same of the reply."""


Transcript = Mapping[str, Sequence[Entry]]
"""Check id -> what was asked and replied."""


class Transcriber:
    """Writes the transcript of the check under way."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._last_function = ""

    def begin(self) -> None:
        """A check begins."""
        self.entries = []
        self._last_function = ""

    def source(self, function: str) -> str:
        """The student's function that replies, or is behind the reply."""
        # What the room's library says after a call, such as "the input has changed", is that function's doing.
        if function != LIBRARY or not self._last_function:
            self._last_function = function
        return self._last_function

    def note(self, function: str, asked: Comparable, kind: str, reply: Comparable = NOTHING) -> None:
        """Add an entry."""
        self.entries.append(Entry(function, asked.value, kind, reply.value, asked.number, reply.number))
