"""The stem: imports torch once, then forks pairs of zygote and checker at the driver's word.

Started by `launch.Stem` in a new interpreter, with a clean environment and one open descriptor, the socket
to the driver. Orders are msgpack maps on a SEQPACKET socket; each may carry one descriptor:

    {"do": "worker", "entry": "package.module:function", "bare": bool, "without": […], "core": int | nil}
    + the worker's own socket
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
from typing import Any, NamedTuple, NoReturn

from grader.sandbox.walls import scratch

_GROUP = "torchgrade"


def main(control_fd: int) -> None:
    """Import torch, then serve the driver until it hangs up or dies."""
    # torch makes a million objects that live for ever: collecting while they are made costs a third of the import.
    gc.disable()
    import numpy  # noqa: F401

    from grader.sandbox import warm

    warm.basics()
    gc.freeze()
    gc.enable()
    control = socket.socket(fileno=control_fd)
    control.setblocking(True)
    _Stem(control).serve()
    # All is put away. To take torch apart, object by object, would keep the command that waits for this.
    os._exit(0)


class _Belongings(NamedTuple):
    """What is to be put away when a zygote has ended."""

    group: Any
    scratch: str
    """A folder for the rooms' files, where they could not have a file system of their own."""


class _Stem:
    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._count = 0
        self._zygotes: dict[int, _Belongings] = {}

    def serve(self) -> None:
        import msgspec

        # However the driver ends, its socket closes, and what it started is put away here: no signal is needed for
        # that, and one that kills could not be answered in order.
        self._control.send(b"ready")
        self._control.settimeout(1.0)
        while True:
            self._reap()
            try:
                message, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, 1)
            except TimeoutError:
                continue
            if not message:
                break
            self._start_worker(msgspec.msgpack.decode(message), descriptors[0])
        self._end_all()

    def _start_worker(self, order: dict[str, Any], worker_fd: int) -> None:
        self._count += 1
        for_zygote, for_checker = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        group, problem = self._group()
        # Made by the zygote, if it needs one; a name that nobody could have prepared something under.
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
        self._zygotes[zygote] = belongings
        os.close(worker_fd)
        for_checker.close()

    def _group(self) -> tuple[Any, str]:
        """A control group for the next zygote, which cannot make one from behind its own walls."""
        from grader.sandbox.walls import cgroup

        if self._count == 1:
            cgroup.remove_stale(_GROUP)
        try:
            return cgroup.create(f"{_GROUP}-{os.getpid()}-{self._count}"), ""
        except OSError as error:
            return None, error.strerror or str(error)

    def _be_zygote(
        self, order: dict[str, Any], control: socket.socket, belongings: _Belongings, problem: str
    ) -> NoReturn:
        import msgspec

        from grader.sandbox import confine
        from grader.sandbox.zygote import Zygote

        status = 1
        try:
            # Process 1 of a room is made of this process, and must have no handlers that a room could call.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            _stay_on(order["core"])
            kept = os.dup2(control.fileno(), 40, inheritable=False)
            group = belongings.group
            entrances = group.renumber(41) if group is not None else 41
            null = os.open(os.devnull, os.O_RDWR)
            for fd in (0, 1, 2):
                os.dup2(null, fd)
            os.closerange(3, 40)
            os.closerange(entrances, 1 << 16)
            walls = confine.confine_zygote(
                group,
                problem,
                folder=belongings.scratch,
                bare=order["bare"],
                without=frozenset(order["without"]),
            )
            Zygote(socket.socket(fileno=kept), walls).serve()
            status = 0
        except BaseException as error:
            # The checker waits for an answer: the reason is the best one.
            with contextlib.suppress(OSError):
                os.write(kept, msgspec.msgpack.encode({"error": f"{type(error).__name__}: {error}"}))
        finally:
            os._exit(status)

    def _be_checker(self, order: dict[str, Any], worker_fd: int, control: socket.socket) -> NoReturn:
        from grader.sandbox.walls import kernel

        status = 1
        try:
            if kernel.SUPPORTED:
                kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
                kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
            self._control.close()
            _stay_on(order["core"])
            module, function = order["entry"].split(":")
            getattr(importlib.import_module(module), function)(socket.socket(fileno=worker_fd), control)
            status = 0
        except BaseException:
            # The only place of this process that prints: what is said here is the harness's own fault.
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
        if belongings is None:
            return
        if belongings.group is not None:
            belongings.group.remove()
        with contextlib.suppress(OSError):
            scratch.clear(belongings.scratch)
            os.rmdir(belongings.scratch)

    def _end_all(self) -> None:
        """The driver is gone: zygotes are ended, checkers end by themselves, and what they left is removed."""
        for zygote in list(self._zygotes):
            with contextlib.suppress(ProcessLookupError):
                os.kill(zygote, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, _ = os.wait()
                self._ended(pid)


def _stay_on(core: int | None) -> None:
    """Bind this process, and what it forks, to one of the cores that it may use."""
    if core is not None and hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[core % len(cores)]})
