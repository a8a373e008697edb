"""The stem: imports torch once, then forks pairs of zygote and checker at the driver's word.

`launch.Stem` starts it in a new interpreter, with a clean environment and one open descriptor, the socket to the
driver. The orders are `orders.StartWorker`, each with one descriptor, the worker's own socket.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import secrets
import signal
import socket
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from grader.common import logs
from grader.sandbox import shortage
from grader.sandbox.orders import Failed, StartWorker
from grader.sandbox.walls import scratch

if TYPE_CHECKING:
    from grader.sandbox.walls.cgroup import ControlGroup

_GROUP = "torchgrade"
_KILLED_FIRST = 500
_HIGHEST = 1 << 16


def main(control_fd: int, log_fd: int | None = None) -> None:
    """Import torch, then serve the driver until it hangs up or dies."""
    if log_fd is not None:
        logs.adopt(log_fd, "stem")
    started = time.monotonic()
    # torch makes a million objects that live for ever: collecting while they are made costs a third of the import.
    gc.disable()
    try:
        import numpy  # noqa: F401

        from grader.sandbox import warm

        warm.basics()
    except Exception as error:
        if shortage.is_meant_by(error):
            os._exit(shortage.EXIT)
        raise
    gc.freeze()
    gc.enable()
    logs.note(f"torch is imported and warm, after {time.monotonic() - started:.2f} s")
    control = socket.socket(fileno=control_fd)
    control.setblocking(True)
    _Stem(control).serve()
    # All is put away. To take torch apart, object by object, would hold up the command that waits for this.
    os._exit(0)


class _Belongings(NamedTuple):
    """What the stem puts away when a zygote has ended."""

    group: ControlGroup | None
    scratch: str
    """A folder for the rooms' files, where they could not have a file system of their own."""


class _Stem:
    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._count = 0
        self._zygotes: dict[int, _Belongings] = {}

    def serve(self) -> None:
        import msgspec

        # However the driver ends, its socket closes, and the stem puts away here what it has started: that needs no
        # signal, and nobody could answer one that kills in order.
        with contextlib.suppress(ConnectionError):
            self._control.send(b"ready")
        self._control.settimeout(1.0)
        while True:
            self._reap()
            try:
                message, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, 1)
            except TimeoutError:
                continue
            except ConnectionError:
                # The driver has ended before it read that the stem is ready.
                break
            if not message:
                break
            self._start_worker(msgspec.msgpack.decode(message, type=StartWorker), descriptors[0])
        self._end_all()

    def _start_worker(self, order: StartWorker, worker_fd: int) -> None:
        self._count += 1
        for_zygote, for_checker = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        group, problem = self._group()
        # The zygote makes it, if it needs one; nobody could have prepared something under this name.
        folder = os.path.join(tempfile.gettempdir(), f"{_GROUP}-{secrets.token_hex(8)}")
        belongings = _Belongings(group, folder)
        zygote = os.fork()
        if zygote == 0:
            self._be_zygote(order, for_zygote, belongings, problem)
        # The checker must not hold this end too: it could then never see the zygote hang up.
        for_zygote.close()
        checker = os.fork()
        if checker == 0:
            self._be_checker(order, worker_fd, for_checker)
        logs.note(f"worker {self._count}: zygote {zygote}, checker {checker}, control group: {problem or 'yes'}")
        self._zygotes[zygote] = belongings
        os.close(worker_fd)
        for_checker.close()

    def _group(self) -> tuple[ControlGroup | None, str]:
        """A control group for the next zygote, which cannot make one from behind its own walls."""
        from grader.sandbox.walls import cgroup

        if self._count == 1:
            cgroup.remove_stale(_GROUP)
        try:
            return cgroup.create(f"{_GROUP}-{os.getpid()}-{self._count}"), ""
        except OSError as error:
            return None, error.strerror or str(error)

    def _be_zygote(self, order: StartWorker, control: socket.socket, belongings: _Belongings, problem: str) -> NoReturn:
        import msgspec

        from grader.sandbox.confine import confine_zygote
        from grader.sandbox.zygote import Zygote

        logs.leave()
        status = 1
        try:
            # Process 1 of a room is made of this process, and must have no handlers that a room could call.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            _stay_on(order.core)
            _be_killed_first()
            group = belongings.group
            null = os.open(os.devnull, os.O_RDWR)
            for fd in (0, 1, 2):
                os.dup2(null, fd)
            _close_all_but(control.fileno(), *(group.descriptors() if group is not None else ()))
            without = frozenset(order.without)
            ground = confine_zygote(group, problem, folder=belongings.scratch, without=without)
            Zygote(control, ground).serve()
            status = 0
        except BaseException as error:
            # The checker waits for a reply: the reason is the best one.
            with contextlib.suppress(OSError):
                control.send(msgspec.msgpack.encode(Failed(f"{type(error).__name__}: {error}")))
        finally:
            os._exit(status)

    def _be_checker(self, order: StartWorker, worker_fd: int, control: socket.socket) -> NoReturn:
        from grader.sandbox.walls import kernel

        logs.rename("checker")
        status = 1
        try:
            kernel.guard_process()
            self._control.close()
            _stay_on(order.core)
            module, function = order.entry.split(":")
            getattr(importlib.import_module(module), function)(socket.socket(fileno=worker_fd), control)
            status = 0
        except BaseException:
            # Nothing else in this process prints: this is a fault of the harness's own.
            sys.excepthook(*sys.exc_info())
        finally:
            with contextlib.suppress(BaseException):
                sys.stderr.flush()
            os._exit(status)

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, _ = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return
                self._ended(pid)

    def _ended(self, pid: int) -> None:
        belongings = self._zygotes.pop(pid, None)
        logs.note(f"{'checker' if belongings is None else 'zygote'} {pid} has ended")
        if belongings is None:
            return
        if belongings.group is not None:
            belongings.group.remove()
        with contextlib.suppress(OSError):
            scratch.clear(belongings.scratch)
            os.rmdir(belongings.scratch)

    def _end_all(self) -> None:
        """The driver is gone: end the zygotes, let the checkers end by themselves, and remove what they have left."""
        for zygote in list(self._zygotes):
            with contextlib.suppress(ProcessLookupError):
                os.kill(zygote, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, _ = os.wait()
                self._ended(pid)


def _be_killed_first() -> None:
    """Where the machine runs out of memory, a room should end, and none of the processes that could tell of it."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(_KILLED_FIRST))


def _close_all_but(*kept: int) -> None:
    """Close every descriptor beyond the first three, but those."""
    bounds = [2, *sorted(kept), _HIGHEST]
    for below, above in pairwise(bounds):
        os.closerange(below + 1, above)


def _stay_on(core: int | None) -> None:
    """Bind this process, and what it forks, to one of the cores that it may use."""
    if core is not None and hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[core % len(cores)]})
