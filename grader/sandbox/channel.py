"""A stream of bytes each way between trusted processes, on a socket or on two pipes."""

from __future__ import annotations

import contextlib
import os
from typing import Protocol

_CHUNK = 1 << 18


class Channel(Protocol):
    """A connected socket is one."""

    def sendall(self, data: bytes, /) -> None:
        """Send all of it. Raises OSError where the other side is gone."""

    def recv(self, count: int, /) -> bytes:
        """At most so many bytes, and none where the other side has hung up."""

    def close(self) -> None:
        """Hang up."""


class PipeChannel:
    """A channel on the reading end of one pipe and the writing end of another."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading = reading
        self._writing = writing
        self._open = True

    def sendall(self, data: bytes, /) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._writing, view[:_CHUNK]) :]

    def recv(self, count: int, /) -> bytes:
        return os.read(self._reading, min(count, _CHUNK))

    def close(self) -> None:
        if self._open:
            self._open = False
            for fd in (self._reading, self._writing):
                with contextlib.suppress(OSError):
                    os.close(fd)
