"""The sandbox where processes cannot be forked, or not safely: Windows, macOS, and wherever the other cannot start.

    driver ──▶ checker ──▶ room
                     └───▶ spare: the next room, which imports torch meanwhile

Each is an interpreter of its own behind pipes (`spawning`, `pipes`). This module is the driver's end; `interpreters`
has the inner ones. There are no walls around a room: time and output are bounded everywhere, memory where the system
can do that. It is for one's own work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from grader.common import logs
from grader.errors import HarnessError
from grader.sandbox import shortage
from grader.sandbox.channel import Channel, PipeChannel
from grader.sandbox.spawning import Child
from grader.sandbox.wire import write_frame

if TYPE_CHECKING:
    from grader.sandbox.session import Rooms

_END_SECONDS = 3.0
_DYING_SECONDS = 0.2
_ORDER = 1


class Spawner:
    """The driver's end. Starting it returns at once; torch is imported meanwhile.

    Use as a context manager: leaving it ends the checkers and their rooms.
    """

    def __init__(self) -> None:
        self._ready: Child | None = Child(_be_checker, logs.for_others())
        self._started: list[tuple[Child, PipeChannel]] = []

    def __enter__(self) -> Spawner:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def worker(self, entry: Callable[[Channel, Rooms], None]) -> Channel:
        """A checker, which calls `entry` with the other end of this channel and a place to get rooms from."""
        child, self._ready = self._ready or Child(_be_checker, logs.for_others()), None
        channel = PipeChannel(child.reading, child.writing)
        self._started.append((child, channel))
        name = f"{entry.__module__}:{entry.__qualname__}".encode()
        try:
            write_frame(child.writing, _ORDER, name)
        except OSError as error:
            raise HarnessError(f"the checker's process has ended: {error}") from error
        return channel

    def refused_memory(self) -> bool:
        """Whether a process of these has ended because it was refused memory."""
        return any(child.poll(_DYING_SECONDS) == shortage.EXIT for child, _ in self._started)

    def hang_up(self) -> None:
        """Let everything end that was started, without waiting for it."""
        for _, channel in self._started:
            channel.close()
        if self._ready is not None:
            self._ready.end()
            self._ready = None

    def close(self) -> None:
        """End everything that was started."""
        self.hang_up()
        for child, _ in self._started:
            child.end(_END_SECONDS)
        self._started = []


# What is below runs in the new processes, and imports torch there.


def _be_checker(reading: int, writing: int) -> None:
    logs.come_in("checker")
    # The first room imports torch beside this process, which needs it as well.
    first = Child(be_room)
    from grader.sandbox import interpreters

    interpreters.be_checker(first, reading, writing)


def be_room(reading: int, writing: int) -> None:
    """A room's process."""
    from grader.sandbox import interpreters

    interpreters.be_room(reading, writing)
