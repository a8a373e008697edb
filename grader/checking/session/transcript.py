"""The questions of one check and the replies to them, in a form that can be compared between submissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.checking.session.sketch import sketched

LIBRARY = "library"
"""Stands for a function of the student's where a check asks the room's own library."""


@dataclass(frozen=True)
class TranscriptEntry:
    """One question of a check and what came back, for the search for misconceptions."""

    function: str
    """The student's function or class that the reply comes from."""
    question: tuple[Any, ...]
    """Large tensors in short; see `sketch`."""
    kind: str
    """"value", "raised", or "lost" where the room died or the reply could not be used."""
    value: Any = None


Transcript = Mapping[str, Sequence[TranscriptEntry]]
"""Check id -> what was asked and replied."""


class Transcriber:
    """Writes the transcript of the check under way."""

    def __init__(self) -> None:
        self.entries: list[TranscriptEntry] = []
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

    def note(self, function: str, question: tuple[Any, ...], kind: str, value: Any = None) -> None:
        """Add an entry. Question and value are never changed from here on, nor handed to a check."""
        self.entries.append(TranscriptEntry(function, sketched(question), kind, value))
