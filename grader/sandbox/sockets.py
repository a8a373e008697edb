"""The checker's end of the wire on a socket, and of a pipe for what a room prints. Never blocks on either."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import time

from grader.errors import RoomDied, RoomTimeout, WireError
from grader.sandbox.wire import HEADER, Conversation, Output

_CHUNK = 1 << 18


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
        # Wait first: no room has replied by now, and to look would cost as much as to wait.
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
        """A selector for the wire, and one for wire and output as long as there is any: each made once."""
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
