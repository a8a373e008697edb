"""The zygote: holds torch, forks a room for each submission, ends it again. Listens to its checker alone.

Control messages are msgpack maps on a SEQPACKET socket, one answer each:

    {"do": "open", "limits": …, "warm": […], "watch": […]}  + descriptors (wire, output)  ->  {"ok": true}
    {"do": "close", "natural": bool}                                        ->  {"exit": int, "cpu": seconds}

`exit` is the room's exit status, 128 + n where signal n ended it. It explains a crash in a report; no
verdict depends on it.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
from typing import Any

import msgspec

from grader.model import Limits
from grader.sandbox import confine, room, warm
from grader.sandbox.walls import files, kernel

# A room that lost its student's process ends by itself; one that hangs in the kernel is waited for this long.
_NATURAL_END_SECONDS = 0.5


class Zygote:
    """State of one zygote: its walls and the room that is open, if any."""

    def __init__(self, control: socket.socket, walls: confine.ZygoteWalls) -> None:
        self._control = control
        self._walls = walls
        self._init_pid: int | None = None
        self._scratch_mb = Limits().scratch_mb

    def serve(self) -> None:
        """Obey the checker until it hangs up."""
        while True:
            message, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, 4)
            if not message:
                self._close(natural=False)
                return
            order = msgspec.msgpack.decode(message)
            if order["do"] == "open":
                answer = self._open(order, descriptors)
            else:
                answer = self._close(natural=order["natural"])
            self._control.send(msgspec.msgpack.encode(answer))

    def _open(self, order: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        limits = msgspec.convert(order["limits"], Limits)
        warm.prepare(order["warm"])
        if order["watch"]:
            from grader.sandbox import operators

            operators.install(order["watch"])
        self._prepare_scratch(limits.scratch_mb)
        if self._walls.group is not None:
            self._walls.group.limit(limits.memory_mb)
        if self._walls.standing.has(confine.PROCESS):
            # Back to our own process namespace, else the kernel refuses to make the next one.
            kernel.setns(self._walls.self_fd, kernel.CLONE_NEWPID)
            kernel.unshare(kernel.CLONE_NEWPID)
        pid = os.fork()
        if pid == 0:
            _run_and_exit(self._walls, limits, descriptors, self._control)
        self._init_pid = pid
        for fd in descriptors:
            os.close(fd)
        return {"ok": True}

    def _prepare_scratch(self, megabytes: int) -> None:
        """An empty scratch for the next room. What the last one left is thrown away unread."""
        scratch = self._walls.scratch
        if scratch == files.SCRATCH:
            if megabytes != self._scratch_mb or os.listdir(scratch):
                os.chdir("/")
                files.mount_scratch(megabytes)
                self._scratch_mb = megabytes
            return
        if os.listdir(scratch):
            shutil.rmtree(scratch, ignore_errors=True)
            os.makedirs(scratch, mode=0o700, exist_ok=True)

    def _close(self, *, natural: bool) -> dict[str, Any]:
        pid, self._init_pid = self._init_pid, None
        if pid is None:
            return {"exit": 0, "cpu": 0.0}
        pidfd = os.pidfd_open(pid)
        if natural:
            select.select([pidfd], [], [], _NATURAL_END_SECONDS)
        # init leads a session of its own: without a process namespace the group is what can be reached.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        os.close(pidfd)
        code = os.waitstatus_to_exitcode(status)
        return {"exit": 128 - code if code < 0 else code, "cpu": usage.ru_utime + usage.ru_stime}


def _run_and_exit(walls: confine.ZygoteWalls, limits: Limits, descriptors: list[int], control: socket.socket) -> None:
    """In the forked child: become init, fork the room, wait for it. Never returns."""
    try:
        control.close()
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        if walls.group is not None:
            walls.group.enter()
        wire_fd, output_fd = _only(descriptors, keep=walls.ruleset_fd)
        pid = os.fork()
        if pid == 0:
            os.chdir(walls.scratch)
            hello = (list(walls.standing.walls), dict(walls.standing.missing))
            confine.confine_room(walls, limits)
            room.serve(
                wire_fd,
                output_fd,
                hello=hello,
                reply_limit=limits.reply_mb << 20,
                output_limit=limits.output_kb << 10,
                scratch=walls.scratch,
            )
            os._exit(0)
        os.closerange(0, 1 << 10)
        _wait_as_init(pid)
    except BaseException:
        os._exit(101)


def _only(descriptors: list[int], keep: int | None) -> tuple[int, int]:
    """Close every descriptor but these; they become 0 (nothing to read), 1 and 2 (output) and 3 (the
    wire)."""
    wire_fd, output_fd = descriptors
    null = os.open(os.devnull, os.O_RDONLY)
    high = [os.dup2(fd, 200 + index) for index, fd in enumerate((null, output_fd, wire_fd))]
    if keep is not None:
        os.dup2(keep, 203)
    for target, fd in enumerate((high[0], high[1], high[1], high[2])):
        os.dup2(fd, target)
    if keep is not None:
        os.dup2(203, 4)
    os.closerange(5 if keep is not None else 4, 1 << 10)
    return 3, 1


def _wait_as_init(pid: int) -> None:
    """Reap until the room's process ends, then end with its status; the kernel ends whatever is left."""
    while True:
        try:
            ended, status = os.waitpid(-1, 0)
        except ChildProcessError:
            os._exit(0)
        if ended == pid:
            code = os.waitstatus_to_exitcode(status)
            os._exit(128 - code if code < 0 else code & 0xFF)
