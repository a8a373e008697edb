"""The driver's end: start the stem, ask it for workers, end it."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable

import msgspec

from grader.common import logs
from grader.errors import HarnessError, MissingWallError
from grader.sandbox import shortage, startup
from grader.sandbox.orders import StartWorker

_SYSTEMS = {"win32": "Windows", "darwin": "macOS"}
_LEAST_DESCRIPTORS, _WANTED_DESCRIPTORS = 128, 1024
_START_SECONDS = 120.0

EntryPoint = Callable[[socket.socket, socket.socket], None]
"""What a checker does with the socket to the driver and the one to its zygote."""


def why_it_cannot_start() -> str:
    """Why no process can be forked behind walls here; empty where that can be tried."""
    if sys.platform != "linux":
        return f"they are Linux's, and this is {_SYSTEMS.get(sys.platform, sys.platform)}"
    if not hasattr(os, "fork"):
        return "processes cannot be forked"
    try:
        for end in socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET):
            end.close()
    except OSError as error:
        return f"Unix sockets are refused ({error.strerror})"
    return ""


def _demand_descriptors() -> None:
    """Raise the limit on open files to what a sandbox and its class need. Raises HarnessError for a lower one."""
    if sys.platform == "win32":
        return
    import resource

    try:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    except OSError:
        return  # The limit is not told; it may well be enough.
    if hard != resource.RLIM_INFINITY and hard < _LEAST_DESCRIPTORS:
        raise HarnessError(
            f"a process may open only {hard} files here; the grader needs {_LEAST_DESCRIPTORS}",
            hint="raise the limit: ulimit -n 1024, or LimitNOFILE= of the service that starts it",
        )
    if soft != resource.RLIM_INFINITY and soft < _WANTED_DESCRIPTORS:
        most = _WANTED_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _WANTED_DESCRIPTORS)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class Stem:
    """A running stem. Starting it returns at once; `worker` waits until torch is imported.

    Use as a context manager: leaving it ends the stem, its zygotes, rooms and checkers.
    """

    def __init__(self) -> None:
        _demand_descriptors()
        if reason := why_it_cannot_start():
            raise MissingWallError(f"rooms have no walls here: {reason}", hint="others' work is graded on Linux")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = ours
        self._ready = False
        self._waiting = threading.Lock()
        # -I: neither the current folder nor the environment can change what is imported.
        bootstrap = startup.this_grader(
            f"from grader.sandbox.stem import main; main({theirs.fileno()}, {logs.descriptor()})"
        )
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", bootstrap],
                stdin=subprocess.DEVNULL,
                env=startup.FORKED,
                cwd="/",
                pass_fds=(theirs.fileno(), *filter(None, [logs.descriptor()])),
                # Ctrl-C is for the driver alone, which then ends all of this in order.
                process_group=0,
            )

    def __enter__(self) -> Stem:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def worker(self, entry: EntryPoint, *, without: Iterable[str] = (), core: int | None = None) -> socket.socket:
        """Fork a pair of zygote and checker; the result is the socket to the checker.

        The checker calls `entry` with that socket's other end and the control socket of its zygote. Only the name of
        `entry` travels, so it must be a module's own function. `core` counts the processor cores that this process may
        use, round and round: both stay on that one. They and the room take turns, and to wake up another core takes as
        long as a question does.
        """
        self._wait_until_ready()
        ours, theirs = socket.socketpair()
        order = StartWorker(f"{entry.__module__}:{entry.__qualname__}", tuple(without), core)
        with theirs:
            try:
                socket.send_fds(self._control, [msgspec.msgpack.encode(order)], [theirs.fileno()])
            except OSError as error:
                raise HarnessError(f"the grader's torch process has ended: {error}") from error
        return ours

    def _wait_until_ready(self) -> None:
        with self._waiting:
            self._wait()

    def _wait(self) -> None:
        if self._ready:
            return
        readable, _, _ = select.select([self._control], [], [], _START_SECONDS)
        if not readable or self._control.recv(16) != b"ready":
            code = self._ended()
            if code == shortage.EXIT:
                raise shortage.error()
            raise HarnessError(
                f"the grader's torch process did not start (exit code {code})",
                hint="try it by hand: python -c 'import torch'",
            )
        self._ready = True

    def _ended(self) -> int | None:
        """The exit code, where the process has hung up and so is about to end."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(1)
        return None

    def refused_memory(self) -> bool:
        """Whether the stem has ended because it was refused memory."""
        return self._process.poll() == shortage.EXIT

    def hang_up(self) -> None:
        """Let everything end that the stem started, without waiting for it."""
        self._control.close()
        if not self._ready:
            # Still importing torch: it would notice only afterwards that nobody waits for it.
            self._process.kill()

    def close(self) -> None:
        """End everything that the stem started."""
        self.hang_up()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
            return
        self._process.kill()
        self._process.wait()
