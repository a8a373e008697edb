"""The zygote: holds torch, forks a room for each submission, ends it again. Listens to its checker alone.

The orders are those of `orders`, one reply each.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import os
import select
import signal
import socket
import time
from dataclasses import dataclass
from typing import NoReturn, assert_never

import msgspec

from grader.sandbox import confine, room, startup, starvation, torch_operators, warm, wire
from grader.sandbox.huge import HugePages
from grader.sandbox.orders import CloseRoom, Ended, Opened, OpenRoom, Order
from grader.sandbox.starvation import Starvation
from grader.sandbox.values import Encoder
from grader.sandbox.walls import kernel, scratch
from grader.sandbox.walls.limits import cpu_seconds
from grader.sandbox.walls.wall import Ground, RoomPlan

# A room that lost its student's process ends by itself; one that hangs in the kernel is waited for this long.
_NATURAL_END_SECONDS = 0.5
# A zygote that served so many rooms is taken to serve many more.
_FEW_ROOMS = 3
# How often a scratch that no file system bounds is looked at while a room is open.
_WATCH_SECONDS = 0.1
_GLANCE_SECONDS = 0.002
_OUTPUT, _WIRE, _FIRST_DOOR = 1, 3, 4
_HIGHEST = 1 << 10


@dataclass(frozen=True)
class _Open:
    """The room that is open."""

    pid: int
    plan: RoomPlan
    starvation: Starvation


class Zygote:
    """State of one zygote: its walls and the room that is open, if any."""

    def __init__(self, control: socket.socket, ground: Ground) -> None:
        self._control = control
        self._ground = ground
        self._room: _Open | None = None
        self._served = 0
        self._huge = HugePages(ground.proc)

    def serve(self) -> None:
        """Obey the checker until it hangs up."""
        startup.live_in(self._ground.scratch.folder)
        orders = msgspec.msgpack.Decoder(Order)
        while True:
            self._watch_scratch()
            message, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, 4)
            if not message:
                self._close(natural=False)
                return
            order = orders.decode(message)
            match order:
                case OpenRoom():
                    self._open(order, descriptors)
                    self._control.send(msgspec.msgpack.encode(Opened(order.number)))
                case CloseRoom():
                    ended = self._close(natural=order.natural)
                    self._control.send(msgspec.msgpack.encode(msgspec.structs.replace(ended, number=order.number)))
                    if self._served > _FEW_ROOMS:
                        self._huge.move_some()
                case _:
                    assert_never(order)

    def _open(self, order: OpenRoom, descriptors: list[int]) -> None:
        # Still open only where a checker died between its orders.
        self._close(natural=False)
        if warm.lacking(order.warm):
            # They are to find torch as it is, not as the rules of the last room's problem have it.
            torch_operators.replace_for(())
            warm.prepare(order.warm)
        torch_operators.replace_for(order.watch)
        confine.renew_scratch(self._ground, order.limits.scratch_mb)
        before = starvation.count(self._ground)
        plan = confine.plan_room(self._ground, order.limits)
        # A room's collector would go through whatever is left of this, and copy every page of it, to find nothing.
        gc.freeze()
        pid = os.fork()
        if pid == 0:
            _be_room(self._ground, plan, descriptors)
        self._room = _Open(pid, plan, before)
        for fd in descriptors:
            os.close(fd)

    def _watch_scratch(self) -> None:
        """Until the next order: end a room that fills the disk, where no file system of its own stops it."""
        while self._room is not None and not self._ground.scratch.bounded:
            if select.select([self._control], [], [], _WATCH_SECONDS)[0]:
                return
            if scratch.overflows(self._ground.scratch.folder, self._room.plan.limits.scratch_mb):
                _kill(self._room)
                return

    def _close(self, *, natural: bool) -> Ended:
        room, self._room = self._room, None
        if room is None:
            return Ended()
        self._served += 1
        if natural:
            _await_end(room.pid)
        _kill(room)
        _, status, usage = os.wait4(room.pid, 0)
        if room.plan.init_pid is not None:
            os.waitpid(room.plan.init_pid, 0)
        code = os.waitstatus_to_exitcode(status)
        used = usage.ru_utime + usage.ru_stime
        by_the_kernel = natural and code == -signal.SIGKILL and used < cpu_seconds(room.plan)
        starved = by_the_kernel and starvation.count(self._ground).began_elsewhere(room.starvation)
        return Ended(exit=128 - code if code < 0 else code, cpu_seconds=used, starved=starved)


def _await_end(pid: int) -> None:
    """Give a child a moment to be seen dead; it stays to be waited for."""
    deadline = time.monotonic() + _NATURAL_END_SECONDS
    while time.monotonic() < deadline and os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        time.sleep(_GLANCE_SECONDS)


def _kill(room: _Open) -> None:
    """Kill everything in a room. No pid here can be another's: each is a child that was not waited for."""
    # init first: when it goes, the kernel ends all that is left in the namespace.
    for pid in (room.plan.init_pid, room.pid):
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        # The room leads a session of its own; without a process namespace its group is what can be reached.
        os.killpg(room.pid, signal.SIGKILL)


def _be_room(ground: Ground, plan: RoomPlan, descriptors: list[int]) -> NoReturn:
    """In the forked child: give up what is the zygote's, lock the door, serve. Never returns."""
    status = 101
    try:
        kernel.guard_process()
        os.setsid()
        plan.doors = _keep_only(descriptors, plan.doors)
        os.chdir(ground.scratch.folder)
        line = wire.SocketLine(_WIRE, _OUTPUT)
        # Until the submission is loaded: at which of its lines the process died is told with what it prints.
        faulthandler.enable(_OUTPUT, all_threads=False)
        greeted, _ = line.read()
        try:
            confine.confine_room(ground, plan)
        except Exception as error:
            # In place of a hello.
            line.write(greeted, Encoder(lambda value: (0, ""), limit=1 << 16).encode(str(error)))
            os._exit(status)
        room.serve(
            line,
            greeted,
            hello=(list(ground.standing), dict(ground.missing)),
            reply_limit=plan.limits.reply_mb << 20,
            output_limit=plan.limits.output_kb << 10,
            scratch=ground.scratch.folder,
        )
        status = 0
    finally:
        os._exit(status)


def _keep_only(descriptors: list[int], doors: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """Close every descriptor but 0 (nothing to read), 1 and 2 (output), 3 (the wire) and, from 4 on, the `doors`.

    The result are the doors' new numbers.
    """
    wire_fd, output_fd = descriptors
    null = os.open(os.devnull, os.O_RDONLY)
    kept = [null, output_fd, output_fd, wire_fd, *(fd for each in doors.values() for fd in each)]
    # By way of numbers above all of them: a descriptor may sit where another one belongs.
    spare = max(kept) + 1
    high = [os.dup2(fd, spare + index) for index, fd in enumerate(kept)]
    for target, fd in enumerate(high):
        os.dup2(fd, target)
    os.closerange(len(kept), _HIGHEST)
    numbers = iter(range(_FIRST_DOOR, len(kept)))
    return {name: tuple(next(numbers) for _ in each) for name, each in doors.items()}
