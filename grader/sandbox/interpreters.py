"""Rooms that are interpreters of their own, and the checker that starts them: the inner ends of the spawned tier."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from importlib import import_module

import msgspec

from grader.model import Limits
from grader.sandbox import room, shortage, spawned, startup, torch_operators, warm
from grader.sandbox.channel import Channel, PipeChannel
from grader.sandbox.orders import Ended
from grader.sandbox.pipes import PipeConversation, PipeLine
from grader.sandbox.session import Rooms, RoomSession, reply_limit
from grader.sandbox.spawning import Child
from grader.sandbox.walls import limits
from grader.sandbox.wire import HEADER, Output, read_exactly

# Torch may have to be read from a slow disk first.
_OPEN_SECONDS = 180.0
_NATURAL_END_SECONDS = 0.5
# A checker that has had nothing to do for so long waits for the next save, or the next cell.
_IDLE_SECONDS = 0.3


def be_checker(first: Child, reading: int, writing: int) -> None:
    """A checker's process; `first` is its first room."""
    rooms = SpawnedRooms(first)
    try:
        warm.basics()
        # Not a byte more: the first job follows at once.
        length, _ = HEADER.unpack(read_exactly(reading, HEADER.size))
        module, function = read_exactly(reading, length).decode().split(":")
        entry: Callable[[Channel, Rooms], None] = getattr(import_module(module), function)
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

    def __init__(self, first: Child) -> None:
        self._spare: Child | None = first
        self._room: Child | None = None
        self._scratch = ""
        self._opened = 0
        self._greeted = False
        self._kills = 0
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def open(self, limits: Limits, *, warm: Sequence[str] = (), watch: Sequence[str] = ()) -> RoomSession:
        """A fresh room. Raises `HarnessError` without one."""
        self._greeted, self._kills = False, shortage.kills()
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
        self._greeted = True
        with contextlib.suppress(OSError):
            room.job.limit_memory(limits.memory_mb)
        return session

    def end_room(self, *, natural: bool) -> Ended:
        """Kill the open room and what it has started; how its process ended."""
        room, self._room = self._room, None
        if room is None:
            return Ended()
        code = room.end(_NATURAL_END_SECONDS if natural else 0.0)
        _remove(self._scratch)
        self._timer = threading.Timer(_IDLE_SECONDS, self._prepare)
        self._timer.daemon = True
        self._timer.start()
        refused = not self._greeted and code == shortage.EXIT
        killed = natural and code < 0 and shortage.kills() > self._kills
        return Ended(exit=128 - code if code < 0 else code, starved=refused or killed)

    def _take_spare(self) -> Child:
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            spare, self._spare = self._spare, None
        return spare if spare is not None and spare.poll() is None else Child(spawned.be_room)

    def _prepare(self) -> None:
        """Start the next room ahead."""
        with self._lock:
            if self._spare is None:
                self._spare = Child(spawned.be_room)

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


def _remove(folder: str) -> None:
    """Remove a room's files, those that were read-only, too, which Windows would keep."""
    if sys.platform == "win32":
        for inside, _, names in os.walk(folder):
            for name in names:
                with contextlib.suppress(OSError):
                    os.chmod(os.path.join(inside, name), 0o600)
    shutil.rmtree(folder, ignore_errors=True)


def be_room(reading: int, writing: int) -> None:
    """A room's process."""
    _end_with(os.getppid())
    warm.basics()
    line = PipeLine(reading, writing)
    try:
        greeted, message = line.read()
    except EOFError:
        return  # It was a spare.
    order = msgspec.msgpack.decode(message, type=_RoomOrder)
    warm.prepare(order.warm)
    torch_operators.replace_for(order.watch)
    startup.live_in(order.scratch)
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
    """Nobody reads what student code prints past Python's own output: it must not run over the user's terminal."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (1, 2):
        os.dup2(null, fd)
    os.close(null)


def _end_with(parent: int) -> None:
    """End this process with its checker, however the checker ends, even while student code sleeps."""
    if sys.platform == "win32":
        return  # A job object sees to that.

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
