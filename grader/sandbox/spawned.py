"""The sandbox where processes cannot be forked, or not safely: Windows, macOS, and wherever the other cannot start.

    driver ──▶ checker ──▶ room
                     └───▶ spare: the next room, which imports torch meanwhile

Each is an interpreter of its own, spoken to through pipes (`spawning`, `pipes`). There are no walls around a room: time
and output are bounded everywhere, memory where the system can do that. It is for one's own work.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence

import msgspec

from grader.errors import HarnessError
from grader.model import Limits
from grader.sandbox.channel import Channel, PipeChannel
from grader.sandbox.orders import Ended
from grader.sandbox.pipes import PipeConversation, PipeLine
from grader.sandbox.session import Rooms, RoomSession, reply_limit
from grader.sandbox.spawning import Child
from grader.sandbox.wire import HEADER, Output, read_exactly, write_frame

CheckerEntry = Callable[[Channel, Rooms], None]
# Torch may have to be read from a slow disk first.
_OPEN_SECONDS = 180.0
_NATURAL_END_SECONDS = 0.5
# A checker that has had nothing to do for so long is one that waits for the next save, or the next cell.
_IDLE_SECONDS = 0.3
_END_SECONDS = 3.0
_ORDER = 1


class Spawner:
    """The driver's end. Starting it returns at once; torch is imported meanwhile.

    Use as a context manager: leaving it ends the checkers and their rooms.
    """

    def __init__(self) -> None:
        self._ready: Child | None = Child(_be_checker)
        self._started: list[tuple[Child, PipeChannel]] = []

    def __enter__(self) -> Spawner:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def worker(self, entry: CheckerEntry) -> Channel:
        """A checker, which calls `entry` with the other end of this channel and a place to get rooms from."""
        child, self._ready = self._ready or Child(_be_checker), None
        channel = PipeChannel(child.reading, child.writing)
        self._started.append((child, channel))
        name = f"{entry.__module__}:{entry.__qualname__}".encode()
        try:
            write_frame(child.writing, _ORDER, name)
        except OSError as error:
            raise HarnessError(f"the checker's process has ended: {error}") from error
        return channel

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


def _be_checker(reading: int, writing: int) -> None:
    # The first room imports torch beside this process, which needs it as well.
    rooms = SpawnedRooms()
    try:
        from importlib import import_module

        from grader.sandbox import warm

        warm.basics()
        # Not a byte more: the first job follows at once.
        length, _ = HEADER.unpack(read_exactly(reading, HEADER.size))
        module, function = read_exactly(reading, length).decode().split(":")
        entry: CheckerEntry = getattr(import_module(module), function)
        entry(PipeChannel(reading, writing), rooms)
    except EOFError:
        pass  # The driver has changed its mind.
    finally:
        rooms.close()


class _RoomOrder(msgspec.Struct, frozen=True):
    """What a room is told before it is asked anything."""

    limits: Limits
    warm: tuple[str, ...]
    watch: tuple[str, ...]
    scratch: str


class SpawnedRooms:
    """The checker's end: rooms, each an interpreter that was started ahead."""

    def __init__(self) -> None:
        self._spare: Child | None = Child(_be_room)
        self._room: Child | None = None
        self._scratch = ""
        self._opened = 0
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def open(self, limits: Limits, *, warm: Sequence[str] = (), watch: Sequence[str] = ()) -> RoomSession:
        """A fresh room. Raises `HarnessError` without one."""
        self._room = room = self._take_spare()
        self._opened += 1
        if self._opened > 1:
            self._prepare()  # Who has asked twice will ask again.
        self._scratch = tempfile.mkdtemp(prefix="torchgrade-")
        order = _RoomOrder(limits, tuple(warm), tuple(watch), self._scratch)
        output = Output(limits.output_kb << 10)
        conversation = PipeConversation(room.writing, room.reading, output, reply_limit=reply_limit(limits))
        greeting = msgspec.msgpack.encode(order)
        session = RoomSession(self, conversation, output, limits, greeting=greeting, seconds=_OPEN_SECONDS)
        with contextlib.suppress(OSError):
            room.job.limit_memory(limits.memory_mb)
        return session

    def end_room(self, *, natural: bool) -> Ended:
        """Kill the open room and what it has started; how its process ended."""
        room, self._room = self._room, None
        if room is None:
            return Ended()
        code = room.end(_NATURAL_END_SECONDS if natural else 0.0)
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._timer = threading.Timer(_IDLE_SECONDS, self._prepare)
        self._timer.daemon = True
        self._timer.start()
        return Ended(exit=128 - code if code < 0 else code)

    def _take_spare(self) -> Child:
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            spare, self._spare = self._spare, None
        return spare if spare is not None and spare.poll() is None else Child(_be_room)

    def _prepare(self) -> None:
        """Start the next room ahead."""
        with self._lock:
            if self._spare is None:
                self._spare = Child(_be_room)

    def close(self) -> None:
        """End all rooms."""
        if self._timer is not None:
            self._timer.cancel()
        self.end_room(natural=False)
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            if self._spare is not None:
                self._spare.end()


def _be_room(reading: int, writing: int) -> None:
    _end_with(os.getppid())
    from grader.sandbox import operators, room, surroundings, warm
    from grader.sandbox.walls import limits

    warm.basics()
    line = PipeLine(reading, writing)
    try:
        greeted, message = line.read()
    except EOFError:
        return  # It was a spare.
    order = msgspec.msgpack.decode(message, type=_RoomOrder)
    warm.prepare(order.warm)
    if order.watch:
        operators.install(order.watch)
    surroundings.live_in(order.scratch)
    os.chdir(order.scratch)
    _print_nowhere()
    limits.apply_those_that_hold(order.limits, time.process_time())
    most = order.limits
    room.serve(
        line,
        greeted,
        hello=([], {}),
        reply_limit=most.reply_mb << 20,
        output_limit=most.output_kb << 10,
        scratch=order.scratch,
    )


def _print_nowhere() -> None:
    """What student code prints past Python's own output is nobody's: it must not run over the user's terminal."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (1, 2):
        os.dup2(null, fd)
    os.close(null)


def _end_with(parent: int) -> None:
    """Have this process end with its checker, however that ends, also while student code sleeps."""
    if sys.platform == "win32":
        return  # A job object sees to that.

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
