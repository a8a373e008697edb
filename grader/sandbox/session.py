"""The checker's view of the sandbox: open a room, talk to it, close it.

`Sandbox` opens rooms through a zygote, `interpreters.SpawnedRooms` by starting interpreters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from grader.errors import MissingWallError, OutOfMemory
from grader.model import Limits
from grader.sandbox import questions, replies
from grader.sandbox.decoding import Decoder
from grader.sandbox.orders import Ended
from grader.sandbox.questions import Question
from grader.sandbox.wire import Conversation, Output

_OPEN_SECONDS = 30.0
_DOCTOR = "grade doctor says which walls this machine has"


class Rooms(Protocol):
    """Where a checker gets its rooms from, one at a time."""

    def open(self, limits: Limits, *, warm: Sequence[str] = (), watch: Sequence[str] = ()) -> RoomSession:
        """A fresh room, in which the operators of `watch` can be noticed. Raises `HarnessError` without one."""

    def end_room(self, *, natural: bool) -> Ended:
        """Kill the open room and everything in it; how its process ended."""


def reply_limit(limits: Limits) -> int:
    """The bytes of the largest reply, which may come behind replies to questions put together with its own."""
    return (limits.reply_mb << 20) + replies.MOST_BYTES + 4096


class RoomSession:
    """One open room: questions out, replies back, to be decoded."""

    def __init__(
        self,
        rooms: Rooms,
        conversation: Conversation,
        output: Output,
        limits: Limits,
        *,
        greeting: bytes = b"",
        seconds: float = _OPEN_SECONDS,
    ) -> None:
        self._rooms = rooms
        self._conversation = conversation
        self.output = output
        self.limits = limits
        self.alive = True
        self.walls: tuple[str, ...] = ()
        self.missing: dict[str, str] = {}
        self._hello(greeting, seconds)

    def _hello(self, greeting: bytes, seconds: float) -> None:
        """The room's own account of its walls, given before it holds any student code."""
        try:
            reply = self._conversation.ask(greeting, seconds)
            said = Decoder(reply, lambda number, name: None).decode()
            if isinstance(said, str):
                raise MissingWallError(f"a room could not be locked: {said}", hint=_DOCTOR)
            walls, missing = said
        except MissingWallError:
            self.end()
            raise
        except Exception as error:
            ended = self.end(natural=True)
            raise MissingWallError(f"a room could not be locked (exit {ended.exit}): {error}", hint=_DOCTOR) from error
        self.walls, self.missing = tuple(walls), dict(missing)

    def ask(self, question: Question, seconds: float) -> bytes:
        """One reply, to be decoded. Raises `RoomError`s; see `Conversation.ask`."""
        return self._conversation.ask(question.data, seconds)

    def ask_several(self, several: Sequence[Question], seconds: float) -> list[bytes]:
        """The replies to the first of several questions, and to as many more as the room came to in one go.

        An honest room ends after a first reply without a value, and begins none when `replies.MOST_SECONDS` are over.
        Raises `RoomError`s as `ask` does: then it is not known which question brought it.
        """
        asked = questions.together(several)
        return replies.split(self._conversation.ask(asked.data, seconds + replies.MOST_SECONDS), len(several))

    def end(self, *, natural: bool = False) -> Ended:
        """Close the room for good. `natural` first gives a dead process a moment to be seen as such.

        Raises `OutOfMemory` where the machine killed it for want of memory that the problem would have allowed it.
        """
        self.alive = False
        result = self._rooms.end_room(natural=natural)
        self._conversation.close()
        if result.starved:
            raise OutOfMemory(
                "this machine ran out of memory: the system ended a room that had used less than the "
                f"{self.limits.memory_mb} MB which the problem allows",
                hint="end other programs, or let fewer workers run at once (grade batch --jobs 1)",
            )
        return result
