"""What a check places in the room: a value, a snippet, a snippet's member. It travels in front of the next question.

Its handle is known without asking. A turn between two processes costs as much as a small reply, and so a submission
of 01-maxpool takes 48 turns instead of 68.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from grader.sandbox import replies
from grader.sandbox.questions import Question
from grader.sandbox.session import RoomSession


class Placed(NamedTuple):
    """One that waits for the next question."""

    question: Question
    asked: tuple[Any, ...]
    """The question as transcripts hold it."""
    function: str
    """The student's function that is behind the reply, where it goes wrong."""


class Said(NamedTuple):
    """What a room says to questions, and to what was placed in front of them."""

    replies: list[bytes]
    """To the first of the questions, to one at least; or to the placed one that went wrong, alone."""
    wrong: Placed | None = None
    """The first placed one that the room could not keep."""


class PlacedFirst:
    """All that wait, in their order. The handles' numbers are below zero; those above are the room's to give."""

    def __init__(self) -> None:
        self._placed: list[Placed] = []
        self._number = 0

    def next_number(self) -> int:
        """A number for a further handle."""
        self._number -= 1
        return self._number

    def add(self, placed: Placed) -> None:
        """Let it wait."""
        self._placed.append(placed)

    def clear(self) -> None:
        """Forget all: their room has ended, or the check that placed them."""
        self._placed.clear()

    def send(self, room: RoomSession, questions: Sequence[Question], seconds: float, *, apart: bool = False) -> Said:
        """Put them to the room, and `questions` behind them or `apart`, in so many seconds. Raises `RoomError`s."""
        deadline = time.monotonic() + seconds
        while waiting := list(self._placed):
            behind = [*(each.question for each in waiting), *(() if apart else questions)]
            said = room.ask_several(behind, deadline - time.monotonic())
            for placed, reply in zip(waiting, said, strict=False):
                del self._placed[0]
                if reply != replies.NOTHING:
                    self.clear()
                    return Said([reply], placed)
            if len(said) > len(waiting):
                return Said(said[len(waiting) :])
        if len(questions) > 1:
            return Said(room.ask_several(questions, deadline - time.monotonic()))
        return Said([room.ask(questions[0], deadline - time.monotonic())])
