"""Frames between the checker and the room, and what both ends have in common; `sockets` and `pipes` have the rest.

A frame is `u32 length, u64 call number, payload`. The checker asks, the room replies once, with the number of the call.
Whatever else arrives ends the conversation with a `WireError`: a reply before the question, a second one, a foreign
number, a length beyond the limit. A hostile room can at worst reply wrongly.

The checker's end never blocks on the room: while it waits for the wire it drains the room's
printed output, and every wait has a deadline.
"""

from __future__ import annotations

import os
import struct
import time
from abc import ABC, abstractmethod
from typing import Protocol

from grader.errors import WireError

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

    It asks nothing before it has the reply: so one frame can be read, or a part of it.
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
    """The room's end: where questions come from, and where replies and printed text go."""

    def read(self) -> tuple[int, bytes]:
        """The next question, as (call number, payload). Raises EOFError where the checker has hung up."""

    def write(self, number: int, payload: bytes) -> None:
        """Reply to it."""

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
    """Send one reply. The room's side."""
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
        """Take what was printed up to the last reply; here it came before that."""

    def text(self) -> str:
        """What was kept, as text."""
        return self._kept.decode("utf-8", "replace")


class Conversation(ABC):
    """The checker's end of the wire to one room. Subclasses say how bytes travel."""

    def __init__(self, reply_limit: int) -> None:
        self._reply_limit = reply_limit
        self._number = 0

    def ask(self, payload: bytes, seconds: float) -> bytes:
        """Send a question and return the payload of the reply.

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
        """Raise WireError where the room has replied before it was asked, RoomDied where it has ended."""

    @abstractmethod
    def _send(self, frame: bytes, deadline: float) -> None:
        """Send a question."""

    @abstractmethod
    def _receive_header(self, deadline: float) -> tuple[int, int]:
        """The length and the number of the reply that comes."""

    @abstractmethod
    def _receive(self, count: int, deadline: float) -> bytes:
        """So many bytes of it."""

    @abstractmethod
    def close(self) -> None:
        """Hang up; the room's process has ended."""
