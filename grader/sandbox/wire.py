"""Frames on the socket between the checker and the room, and the checker's end of it.

A frame is `u32 length, u64 call number, payload`. The checker asks, the room answers once, with the number of
the call. Whatever else arrives, an answer before the question, a second one, a foreign number or a length
beyond the limit, ends the conversation with a `WireError`: a hostile room can at worst answer wrongly.

The checker's end never blocks on the room: while it waits for the wire it drains the room's
printed output, and every wait has a deadline.
"""

from __future__ import annotations

import os
import select
import struct
import time

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


def write_frame(fd: int, number: int, payload: bytes) -> None:
    """Send one answer. The room's side."""
    view = memoryview(HEADER.pack(len(payload), number) + payload)
    while view:
        view = view[os.write(fd, view) :]


class OutputDrain:
    """Takes whatever the room prints, keeps the first `limit` bytes, and drops the rest.

    `keep` is cleared before the first hidden check: from then on nothing printed is kept, since it could
    repeat what the check had asked.
    """

    def __init__(self, fd: int, limit: int) -> None:
        os.set_blocking(fd, False)
        self.fd = fd
        self.keep = True
        self.closed = False
        self.dropped = False
        self.limit = limit
        """Bytes that are kept; to be set before the room says anything."""
        self._kept = bytearray()

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
            if not self.keep:
                continue
            space = max(self.limit - len(self._kept), 0)
            self._kept += piece[:space]
            self.dropped = self.dropped or len(piece) > space

    def text(self) -> str:
        """What was kept, as text."""
        return self._kept.decode("utf-8", "replace")


class Conversation:
    """The checker's end of the wire to one room."""

    def __init__(self, fd: int, output: OutputDrain, *, reply_limit: int) -> None:
        os.set_blocking(fd, False)
        self._fd = fd
        self._output = output
        self._reply_limit = reply_limit
        self._number = 0
        self._polls: dict[tuple[int, bool], select.poll] = {}

    def ask(self, payload: bytes, seconds: float) -> bytes:
        """Send a question and return the payload of its answer.

        Raises `RoomTimeout` after `seconds`, `RoomDied` where the room ended, `WireError` where
        it broke the protocol. After any of these the conversation is over.
        """
        deadline = time.monotonic() + seconds
        self._number += 1
        self._refuse_early_bytes()
        self._send(memoryview(HEADER.pack(len(payload), self._number) + payload), deadline)
        # Waited for first: no room has answered by now, and to look would cost as much as to wait.
        self._wait(select.POLLIN, deadline)
        length, number = HEADER.unpack(self._receive(HEADER.size, deadline))
        if number != self._number:
            raise WireError(f"an answer to call {number} instead of {self._number}")
        if length > self._reply_limit:
            raise WireError(f"an answer of {length:,} bytes; the limit is {self._reply_limit:,}")
        return self._receive(length, deadline)

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

    def _send(self, view: memoryview, deadline: float) -> None:
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
