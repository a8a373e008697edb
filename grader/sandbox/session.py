"""The checker's view of the sandbox: open a room, talk to it, close it.

`Sandbox` opens rooms through a zygote, `spawned.SpawnedRooms` by starting interpreters.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import msgspec

from grader.errors import HarnessError, MissingWallError, OutOfMemory
from grader.model import Limits
from grader.sandbox import answers, questions
from grader.sandbox.decoding import Decoder
from grader.sandbox.launch import Stem
from grader.sandbox.orders import CloseRoom, Ended, Failed, OpenRoom, Order, Reply
from grader.sandbox.questions import Question
from grader.sandbox.wire import Conversation, Output, OutputDrain, SocketConversation

_OPEN_SECONDS = 30.0
_F_SETPIPE_SZ = 1031
_PIPE_BYTES = 1 << 20
_DOCTOR = "grade doctor says which walls this machine has"
_REPLIES: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)


class Rooms(Protocol):
    """Where a checker gets its rooms from, one at a time."""

    def open(self, limits: Limits, *, warm: Sequence[str] = (), watch: Sequence[str] = ()) -> RoomSession:
        """A fresh room, in which the operators of `watch` can be noticed. Raises `HarnessError` without one."""

    def end_room(self, *, natural: bool) -> Ended:
        """Kill the open room and everything in it; how its process ended."""


class Sandbox:
    """A zygote, seen from its checker. One room at a time."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._number = 0
        control.settimeout(_OPEN_SECONDS)

    def open(self, limits: Limits, *, warm: Sequence[str] = (), watch: Sequence[str] = ()) -> RoomSession:
        """A fresh room, in which the operators of `watch` can be noticed. Raises `HarnessError` without one."""
        ours, theirs = socket.socketpair()
        read_end, write_end = os.pipe()
        _enlarge(read_end)
        order = OpenRoom(self._next_number(), limits, tuple(warm), tuple(watch))
        try:
            self._order(order, theirs.fileno(), write_end)
        finally:
            theirs.close()
            os.close(write_end)
        output = OutputDrain(read_end, limits.output_kb << 10)
        return RoomSession(self, SocketConversation(ours, output, reply_limit=reply_limit(limits)), output, limits)

    def end_room(self, *, natural: bool) -> Ended:
        """Kill the open room and everything in it; how its process ended."""
        reply = self._order(CloseRoom(self._next_number(), natural))
        assert isinstance(reply, Ended)
        return reply

    def _next_number(self) -> str:
        # Several checkers take turns on one socket: a number of its own tells a reply from a late one to another.
        self._number += 1
        return f"{os.getpid()}-{self._number}"

    def _order(self, order: Order, *descriptors: int) -> Reply:
        try:
            # A zygote that could not be set up is gone already; what it said of that is still to be read.
            with contextlib.suppress(BrokenPipeError):
                socket.send_fds(self._control, [msgspec.msgpack.encode(order)], descriptors)
            while message := self._control.recv(1 << 16):
                reply = _REPLIES.decode(message)
                if isinstance(reply, Failed):
                    raise HarnessError(f"the sandbox could not be set up: {reply.reason}")
                if reply.number == order.number:
                    return reply
        except OSError as error:
            raise HarnessError(f"the sandbox does not answer: {error}") from error
        raise HarnessError("the sandbox's process has ended")


def reply_limit(limits: Limits) -> int:
    """The bytes of the largest answer, behind others to questions that were put together with its own."""
    return (limits.reply_mb << 20) + answers.MOST_BYTES + 4096


def _enlarge(pipe: int) -> None:
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, _F_SETPIPE_SZ, _PIPE_BYTES)


def lend(driver: socket.socket, control: socket.socket) -> None:
    """A checker's entry that checks nothing: it lends the zygote to the driver until the driver hangs up."""
    socket.send_fds(driver, [b"control"], [control.fileno()])
    driver.recv(1)


@contextlib.contextmanager
def borrowed(stem: Stem, *, without: Iterable[str] = ()) -> Iterator[Sandbox]:
    """A zygote of `stem` for this process itself, which puts no checks to its rooms: to try or to measure them."""
    with stem.worker(lend, without=without) as lender:
        _, descriptors, _, _ = socket.recv_fds(lender, 16, 1)
        with socket.socket(fileno=descriptors[0]) as control:
            yield Sandbox(control)


class RoomSession:
    """One open room: questions out, decoded answers back."""

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

    def ask(self, question: Question, seconds: float, placed: Sequence[Question] = ()) -> bytes:
        """One answer, to be decoded. Raises `RoomError`s; see `Conversation.ask`.

        Of what is `placed` first it is the answer, too, where that fails.
        """
        if placed:
            return self.ask_several([question], seconds, placed)[0]
        return self._conversation.ask(question.data, seconds)

    def ask_several(self, several: Sequence[Question], seconds: float, placed: Sequence[Question] = ()) -> list[bytes]:
        """The answers to the first of several questions, and to as many more as the room came to in one go.

        An honest room ends after a first answer without a value, and begins none when `answers.MOST_SECONDS` are over.
        Raises `RoomError`s as `ask` does: then it is not known which question brought it.
        """
        asked = questions.together([*placed, *several])
        return answers.split(self._conversation.ask(asked.data, seconds + answers.MOST_SECONDS), len(several))

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
