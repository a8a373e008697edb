"""Frames between the checker and the room, and both ends of them on a socket; `pipes` has them on pipes.

A frame is `u32 length, u64 call number, payload`. The checker asks, the room answers once, with the number of
the call. Whatever else arrives, an answer before the question, a second one, a foreign number or a length
beyond the limit, ends the conversation with a `WireError`: a hostile room can at worst answer wrongly.

The checker's end never blocks on the room: while it waits for the wire it drains the room's
printed output, and every wait has a deadline.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import time
from abc import ABC, abstractmethod
from typing import Protocol

from grader.errors import RoomDied, RoomTimeout, WireError

HEADER = struct.Struct("<IQ")
_CHUNK = 1 << 18


def read_exactly(fd: int, count: int) -> bytes:
    """Read `count` bytes from a blocking descriptor; EOFError where it ends before. The room's side."""
    pieces = bytearray()
    while len(pieces) < count:
        piece = os.read(fd, min(_CHUNK, count - len(pieces)))
        if not piece:
            raise EOFError
        pieces += piece
    return bytes(pieces)


def read_frame(fd: int) -> tuple[int, bytes]:
    """One question of the checker's, as (call number, payload). The room's side; the checker is trusted.

    It asks nothing before it has its answer, so that what can be read is one frame or a part of it.
    """
    piece = os.read(fd, _CHUNK)
    while 0 < len(piece) < HEADER.size:
        piece += read_exactly(fd, HEADER.size - len(piece))
    if not piece:
        raise EOFError
    length, number = HEADER.unpack_from(piece)
    payload = piece[HEADER.size :]
    return number, payload + read_exactly(fd, length - len(payload)) if len(payload) < length else payload


class Line(Protocol):
    """The room's end: where questions come from, and where answers and printed text go."""

    def read(self) -> tuple[int, bytes]:
        """The next question, as (call number, payload). Raises EOFError where the checker has hung up."""

    def write(self, number: int, payload: bytes) -> None:
        """Answer it."""

    def print(self, data: memoryview) -> int:
        """Pass on what student code prints; how much of it."""


class SocketLine:
    """The room's end of a socket, and of a pipe for what it prints. Behind the walls there are no calls for sockets."""

    def __init__(self, wire_fd: int, output_fd: int) -> None:
        self._wire_fd = wire_fd
        self._output_fd = output_fd

    def read(self) -> tuple[int, bytes]:
        return read_frame(self._wire_fd)

    def write(self, number: int, payload: bytes) -> None:
        write_frame(self._wire_fd, number, payload)

    def print(self, data: memoryview) -> int:
        return os.write(self._output_fd, data)


def write_frame(fd: int, number: int, payload: bytes) -> None:
    """Send one answer. The room's side."""
    view = memoryview(HEADER.pack(len(payload), number) + payload)
    while view:
        view = view[os.write(fd, view) :]


class Output:
    """Takes whatever the room prints, keeps the first `limit` bytes, and drops the rest.

    `keep` is cleared before the first hidden check: from then on nothing printed is kept, since it could
    repeat what the check had asked.
    """

    def __init__(self, limit: int) -> None:
        self.keep = True
        self.dropped = False
        self.limit = limit
        """Bytes that are kept; to be set before the room says anything."""
        self._kept = bytearray()

    def take(self, piece: bytes) -> None:
        """Something was printed."""
        if self.keep:
            space = max(self.limit - len(self._kept), 0)
            self._kept += piece[:space]
            self.dropped = self.dropped or len(piece) > space

    def drain(self) -> None:
        """Take what was printed up to the last answer; here it came before that."""

    def text(self) -> str:
        """What was kept, as text."""
        return self._kept.decode("utf-8", "replace")


class OutputDrain(Output):
    """What a room prints into a pipe of its own."""

    def __init__(self, fd: int, limit: int) -> None:
        super().__init__(limit)
        os.set_blocking(fd, False)
        self.fd = fd
        self.closed = False

    def drain(self) -> None:
        """Read what is there now, without waiting; at most a bounded amount at a time."""
        for _ in range(64):
            try:
                piece = os.read(self.fd, _CHUNK)
            except BlockingIOError:
                return
            except OSError:
                piece = b""
            if not piece:
                self.closed = True
                return
            self.take(piece)

    def close(self) -> None:
        """Take what is left, and close the pipe."""
        self.drain()
        self.closed = True
        with contextlib.suppress(OSError):
            os.close(self.fd)


class Conversation(ABC):
    """The checker's end of the wire to one room. How bytes travel is for those to say who inherit from it."""

    def __init__(self, reply_limit: int) -> None:
        self._reply_limit = reply_limit
        self._number = 0

    def ask(self, payload: bytes, seconds: float) -> bytes:
        """Send a question and return the payload of its answer.

        Raises `RoomTimeout` after `seconds`, `RoomDied` where the room ended, `WireError` where
        it broke the protocol. After any of these the conversation is over.
        """
        deadline = time.monotonic() + seconds
        self._number += 1
        self._refuse_early_bytes()
        self._send(HEADER.pack(len(payload), self._number) + payload, deadline)
        length, number = self._receive_header(deadline)
        if number != self._number:
            raise WireError(f"an answer to call {number} instead of {self._number}")
        if length > self._reply_limit:
            raise WireError(f"an answer of {length:,} bytes; the limit is {self._reply_limit:,}")
        return self._receive(length, deadline)

    @abstractmethod
    def _refuse_early_bytes(self) -> None:
        """Raise WireError where the room has answered before it was asked, RoomDied where it has ended."""

    @abstractmethod
    def _send(self, frame: bytes, deadline: float) -> None:
        """Send a question."""

    @abstractmethod
    def _receive_header(self, deadline: float) -> tuple[int, int]:
        """The length and the number of the answer that comes."""

    @abstractmethod
    def _receive(self, count: int, deadline: float) -> bytes:
        """So many bytes of it."""

    @abstractmethod
    def close(self) -> None:
        """Hang up; the room's process has ended."""


class SocketConversation(Conversation):
    """On a socket, without ever blocking on it."""

    def __init__(self, wire: socket.socket, output: OutputDrain, *, reply_limit: int) -> None:
        super().__init__(reply_limit)
        wire.setblocking(False)
        self._wire = wire
        self._fd = wire.fileno()
        self._output = output
        self._polls: dict[tuple[int, bool], select.poll] = {}

    def close(self) -> None:
        self._output.close()
        self._wire.close()

    def _receive_header(self, deadline: float) -> tuple[int, int]:
        # Waited for first: no room has answered by now, and to look would cost as much as to wait.
        self._wait(select.POLLIN, deadline)
        length, number = HEADER.unpack(self._receive(HEADER.size, deadline))
        return length, number

    def _refuse_early_bytes(self) -> None:
        try:
            early = os.read(self._fd, 1)
        except BlockingIOError:
            return
        except OSError as error:
            raise RoomDied("the process ended before it was asked") from error
        if early:
            raise WireError("an answer that nobody had asked for")
        raise RoomDied("the process ended before it was asked")

    def _wait(self, event: int, deadline: float) -> None:
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise RoomTimeout("no answer before the deadline")
            ready = {fd for fd, _ in self._poll(event).poll(left * 1000)}
            if self._output.fd in ready:
                self._output.drain()
            if self._fd in ready:
                return

    def _poll(self, event: int) -> select.poll:
        """For the wire, and for the output as long as there is any: each made once."""
        kind = event, self._output.closed
        if kind not in self._polls:
            self._polls[kind] = select.poll()
            self._polls[kind].register(self._fd, event)
            if not self._output.closed:
                self._polls[kind].register(self._output.fd, select.POLLIN)
        return self._polls[kind]

    def _send(self, frame: bytes, deadline: float) -> None:
        view = memoryview(frame)
        while view:
            try:
                view = view[os.write(self._fd, view) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)
            except OSError as error:
                raise RoomDied("the process ended while it was asked") from error

    def _receive(self, count: int, deadline: float) -> bytes:
        # Grown as bytes arrive, never by what a header promises.
        pieces = bytearray()
        while len(pieces) < count:
            try:
                piece = os.read(self._fd, min(_CHUNK, count - len(pieces)))
            except BlockingIOError:
                self._wait(select.POLLIN, deadline)
                continue
            except OSError as error:
                raise RoomDied("the process ended before it answered") from error
            if not piece:
                raise RoomDied("the process ended before it answered")
            pieces += piece
        return bytes(pieces)
