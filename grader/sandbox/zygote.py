"""The zygote: holds torch, forks a room for each submission, ends it again. Listens to its checker alone.

Control messages are msgpack maps on a SEQPACKET socket, one answer each:

    {"do": "open", "limits": …, "warm": […], "watch": […]} + descriptors (wire, output)  ->  {}
    {"do": "close", "natural": bool}                                       ->  {"exit": int, "cpu": seconds}

Every order has a "number", which its answer repeats: a checker that gave up waiting does not take the late answer to
one order for that to the next.
`exit` is the room's exit status, 128 + n where signal n ended it. It explains a crash in a report; no
verdict depends on it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import tempfile
from dataclasses import dataclass
from typing import Any, NoReturn

import msgspec

from grader.model import Limits
from grader.sandbox import confine, holes, room, warm
from grader.sandbox.huge import HugePages
from grader.sandbox.walls import kernel, scratch
from grader.sandbox.walls.limits import Baseline

# A room that lost its student's process ends by itself; one that hangs in the kernel is waited for this long.
_NATURAL_END_SECONDS = 0.5
# A zygote that served so many rooms is taken to serve many more.
_FEW_ROOMS = 3
# How often a scratch that no file system bounds is looked at while a room is open.
_WATCH_SECONDS = 0.1
_OUTPUT, _WIRE, _RULESET = 1, 3, 4
# Numbers that no descriptor here has.
_SPARE = 200
_HIGHEST = 1 << 10


@dataclass(frozen=True)
class _Open:
    """The room that is open."""

    pid: int
    pidfd: int
    init_pid: int | None
    """Process 1 of its process namespace; None without one."""
    scratch_mb: int


class Zygote:
    """State of one zygote: its walls and the room that is open, if any."""

    def __init__(self, control: socket.socket, walls: confine.ZygoteWalls) -> None:
        self._control = control
        self._walls = walls
        self._room: _Open | None = None
        self._scratch_mb = Limits().scratch_mb
        self._served = 0
        self._huge = HugePages(walls.proc)

    def serve(self) -> None:
        """Obey the checker until it hangs up."""
        _live_in(self._walls.scratch)
        warm.practise()
        holes.fill()
        while True:
            self._watch_scratch()
            message, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, 4)
            if not message:
                self._close(natural=False)
                return
            order = msgspec.msgpack.decode(message)
            if order["do"] == "open":
                answer = self._open(order, descriptors)
            else:
                answer = self._close(natural=order["natural"])
            self._control.send(msgspec.msgpack.encode({"number": order["number"], **answer}))
            if order["do"] == "close" and self._served > _FEW_ROOMS:
                self._huge.move_some()

    def _open(self, order: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        # Still open only where a checker died between its orders.
        self._close(natural=False)
        limits = msgspec.convert(order["limits"], Limits)
        warm.prepare(order["warm"])
        if order["watch"]:
            from grader.sandbox import operators

            operators.install(order["watch"])
        self._prepare_scratch(limits.scratch_mb)
        base = self._walls.baseline()
        if self._walls.group is not None:
            # Beyond what the address space allows: that limit is met first, by an exception that says so. The group
            # counts the zygote's pages as well, once a room has written to its copies, and the scratch.
            self._walls.group.limit(limits.memory_mb + limits.scratch_mb + (base.data >> 20))
        init_pid = None
        if self._walls.standing.has(confine.PROCESS):
            # Back to our own process namespace, else the kernel refuses to make the next one.
            kernel.setns(self._walls.self_fd, kernel.CLONE_NEWPID)
            kernel.unshare(kernel.CLONE_NEWPID)
            init_pid = kernel.start_init()
        # A room's collector would go through whatever is left of this, and copy every page of it, to find nothing.
        gc.freeze()
        pid = os.fork()
        if pid == 0:
            _be_room(self._walls, limits, base, descriptors)
        self._room = _Open(pid, os.pidfd_open(pid), init_pid, limits.scratch_mb)
        for fd in descriptors:
            os.close(fd)
        return {}

    def _prepare_scratch(self, megabytes: int) -> None:
        """An empty scratch for the next room. What the last one left is thrown away unread."""
        if megabytes != self._scratch_mb or self._walls.scratch_was_used():
            self._walls.renew_scratch(megabytes)
            self._scratch_mb = megabytes

    def _watch_scratch(self) -> None:
        """Until the next order: end a room that fills the disk, where no file system of its own stops it."""
        while self._room is not None and not self._walls.own_scratch:
            if select.select([self._control], [], [], _WATCH_SECONDS)[0]:
                return
            if scratch.overflows(self._walls.scratch, self._room.scratch_mb):
                _kill(self._room)
                return

    def _close(self, *, natural: bool) -> dict[str, Any]:
        room, self._room = self._room, None
        if room is None:
            return {"exit": 0, "cpu": 0.0}
        self._served += 1
        if natural:
            select.select([room.pidfd], [], [], _NATURAL_END_SECONDS)
        _kill(room)
        _, status, usage = os.wait4(room.pid, 0)
        os.close(room.pidfd)
        if room.init_pid is not None:
            os.waitpid(room.init_pid, 0)
        code = os.waitstatus_to_exitcode(status)
        return {"exit": 128 - code if code < 0 else code, "cpu": usage.ru_utime + usage.ru_stime}


def _live_in(scratch: str) -> None:
    """Make the scratch the place for all files, of what is imported here as of rooms, which inherit it."""
    os.environ.update(HOME=scratch, TMPDIR=scratch, TORCHINDUCTOR_CACHE_DIR=os.path.join(scratch, "torchinductor"))
    tempfile.tempdir = scratch


def _kill(room: _Open) -> None:
    """Kill everything in a room. No pid here can be another's: each is a child that was not waited for."""
    # init first: when it goes, the kernel ends all that is left in the namespace.
    for pid in (room.init_pid, room.pid):
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        # The room leads a session of its own; without a process namespace its group is what can be reached.
        os.killpg(room.pid, signal.SIGKILL)


def _be_room(walls: confine.ZygoteWalls, limits: Limits, base: Baseline, descriptors: list[int]) -> NoReturn:
    """In the forked child: give up what is the zygote's, lock the door, serve. Never returns."""
    status = 101
    try:
        if not walls.bare:
            kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        if walls.group is not None:
            walls.group.enter()
        ruleset_fd = _keep_only(descriptors, walls.ruleset_fd)
        os.chdir(walls.scratch)
        hello = (list(walls.standing.walls), dict(walls.standing.missing))
        confine.confine_room(walls, limits, base, ruleset_fd)
        room.serve(
            _WIRE,
            _OUTPUT,
            hello=hello,
            reply_limit=limits.reply_mb << 20,
            output_limit=limits.output_kb << 10,
            scratch=walls.scratch,
        )
        status = 0
    finally:
        os._exit(status)


def _keep_only(descriptors: list[int], ruleset_fd: int | None) -> int | None:
    """Close every descriptor but 0 (nothing to read), 1 and 2 (output), 3 (the wire) and 4 (the ruleset, if any)."""
    wire_fd, output_fd = descriptors
    null = os.open(os.devnull, os.O_RDONLY)
    kept = [null, output_fd, output_fd, wire_fd] + ([ruleset_fd] if ruleset_fd is not None else [])
    # By way of high numbers: a descriptor may sit where another one belongs.
    high = [os.dup2(fd, _SPARE + index) for index, fd in enumerate(kept)]
    for target, fd in enumerate(high):
        os.dup2(fd, target)
    os.closerange(len(kept), _HIGHEST)
    return _RULESET if ruleset_fd is not None else None
