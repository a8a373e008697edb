"""A new interpreter and the two pipes to it: how processes begin where none can be forked.

The pipes are its standard input and output, which every system passes on. Nobody else can reach them. What it prints
goes to standard error, where people see a fault of the grader's own.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping

from grader.errors import HarnessError
from grader.sandbox import job_object, shortage, startup

EntryPoint = Callable[[int, int], None]
"""Called in the new process with the descriptors to read from and to write to."""


class Child:
    """A process that was spawned here. It ends when it is told to, or when this process does."""

    def __init__(self, entry: EntryPoint, environment: Mapping[str, str] | None = None) -> None:
        name = f"{entry.__module__}:{entry.__qualname__}"
        code = startup.this_grader(f"from grader.sandbox.spawning import arrive; arrive({name!r})")
        # Ctrl-C is for the command alone, which then ends all of this in order. On Windows it must reach everybody: a
        # process that waits for a pipe is not woken by it there, but by the end of who writes to that.
        group = None if sys.platform == "win32" else 0
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-X", "utf8", "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=startup.spawned() | dict(environment or {}),
                cwd=tempfile.gettempdir(),
                bufsize=0,
                process_group=group,
            )
        except OSError as error:
            raise HarnessError(f"no process can be started: {error}") from error
        self.job = job_object.holding(self._process)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        # Descriptors of our own: the file objects close theirs whenever they are collected.
        self.writing, self.reading = os.dup(self._process.stdin.fileno()), os.dup(self._process.stdout.fileno())
        self._process.stdin.close()
        self._process.stdout.close()

    def poll(self, seconds: float = 0.0) -> int | None:
        """Its exit status, if it has ended or does so within that time."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def end(self, seconds: float = 0.0) -> int:
        """End it and all that it has started; its exit status. It may do so by itself for so long."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        if sys.platform != "win32":
            # The group outlives its first process, and nobody else has its number before that was waited for.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self.job.close()
        return self._process.wait()


def arrive(name: str) -> None:
    """In the new process: keep the pipes from everybody who only prints or asks, and go to work."""
    reading, writing = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        import msvcrt

        for fd in (reading, writing):
            msvcrt.setmode(fd, os.O_BINARY)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    module, function = name.split(":")
    try:
        entry: EntryPoint = getattr(importlib.import_module(module), function)
        entry(reading, writing)
    except Exception as error:
        if shortage.is_meant_by(error):
            os._exit(shortage.EXIT)
        raise
    with contextlib.suppress(Exception):
        sys.stderr.flush()
    # All is put away. To take torch apart, object by object, would hold up the command that waits for this.
    os._exit(0)
