"""Both ends of the wire on two pipes, for systems where one process cannot wait for several things at once.

Every system lets a process be started with a pipe, and nobody else on the machine can reach it. On Windows a read from
a pipe has no deadline; so threads read and write here, and the checker waits for the threads. The room's prints come on
the same pipe as its replies, under a number that no call has: so the checker knows which of them came before a reply.
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
import time

from grader.errors import RoomDied, RoomTimeout, WireError
from grader.sandbox.wire import HEADER, Conversation, Output, read_frame, write_frame

_PRINTED = 0
_CHUNK = 1 << 18
# Pieces that lie ready at most: a room that says more than it is asked waits until it is heard.
_MOST_PIECES = 32


class PipeLine:
    """The room's end."""

    def __init__(self, questions: int, answers: int) -> None:
        self._questions = questions
        self._answers = answers
        # Student code may print from a thread of its own.
        self._lock = threading.Lock()

    def read(self) -> tuple[int, bytes]:
        return read_frame(self._questions)

    def write(self, number: int, payload: bytes) -> None:
        with self._lock:
            write_frame(self._answers, number, payload)

    def print(self, data: memoryview) -> int:
        self.write(_PRINTED, bytes(data))
        return len(data)


class PipeConversation(Conversation):
    """The checker's end."""

    def __init__(self, questions: int, answers: int, output: Output, *, reply_limit: int) -> None:
        super().__init__(reply_limit)
        self._output = output
        self._to_send: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._pieces: queue.Queue[bytes] = queue.Queue(_MOST_PIECES)
        """What the room has said, piece by piece; an empty one where it has ended."""
        self._rest = b""
        self._threads = [
            threading.Thread(target=_write_all, args=(questions, self._to_send), daemon=True),
            threading.Thread(target=_read_all, args=(answers, self._pieces), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self._to_send.put(None)
        for thread in self._threads:
            while thread.is_alive():
                with contextlib.suppress(queue.Empty):
                    self._pieces.get_nowait()
                thread.join(0.01)

    def _refuse_early_bytes(self) -> None:
        while self._rest or not self._pieces.empty():
            # Only what a thread of the student's prints between two answers may come unasked.
            try:
                length, number = HEADER.unpack(self._receive(HEADER.size, time.monotonic() + 1.0))
            except RoomDied:
                raise RoomDied("the process ended before it was asked") from None
            if number != _PRINTED:
                raise WireError("an answer that nobody had asked for")
            self._output.take(self._receive(self._bounded(length), time.monotonic() + 1.0))

    def _send(self, frame: bytes, deadline: float) -> None:
        self._to_send.put(frame)

    def _receive_header(self, deadline: float) -> tuple[int, int]:
        while True:
            length, number = HEADER.unpack(self._receive(HEADER.size, deadline))
            if number != _PRINTED:
                return length, number
            self._output.take(self._receive(self._bounded(length), deadline))

    def _bounded(self, length: int) -> int:
        if length > self._reply_limit:
            raise WireError(f"{length:,} bytes printed at once; the limit is {self._reply_limit:,}")
        return length

    def _receive(self, count: int, deadline: float) -> bytes:
        # Grown as bytes arrive, never by what a header promises.
        received = bytearray()
        while len(received) < count:
            piece = self._rest or self._next(deadline)
            missing = count - len(received)
            received += piece[:missing]
            self._rest = piece[missing:]
        return bytes(received)

    def _next(self, deadline: float) -> bytes:
        try:
            piece = self._pieces.get(timeout=max(deadline - time.monotonic(), 0.0))
        except queue.Empty:
            raise RoomTimeout("no answer before the deadline") from None
        if not piece:
            self._pieces.put(b"")
            raise RoomDied("the process ended before it answered")
        return piece


def _write_all(fd: int, frames: queue.SimpleQueue[bytes | None]) -> None:
    with contextlib.suppress(OSError):  # The room is gone; whoever waits for its reply hears of that.
        while (frame := frames.get()) is not None:
            view = memoryview(frame)
            while view:
                view = view[os.write(fd, view[:_CHUNK]) :]
    with contextlib.suppress(OSError):
        os.close(fd)


def _read_all(fd: int, pieces: queue.Queue[bytes]) -> None:
    piece = b"first"
    while piece:
        try:
            piece = os.read(fd, _CHUNK)
        except OSError:
            piece = b""
        pieces.put(piece)
    with contextlib.suppress(OSError):
        os.close(fd)
