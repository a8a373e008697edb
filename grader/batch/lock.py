"""One command at a time in a batch's directory.

The lock is the kernel's, on an open file: it goes with the process that holds it, however that ends.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from grader.batch.outputs import PRIVATE_FILE
from grader.errors import UsageError

LOCK = "batch.lock"
ADJUSTING = "adjustments.lock"
"""The lock of a moment: whoever writes adjustments.csv holds it, also while a batch is at work."""
_PATIENCE_SECONDS, _LOOK_SECONDS = 2.0, 0.05


class DirectoryBusyError(UsageError):
    """Another command is at work in the directory."""


@contextlib.contextmanager
def locked(directory: Path, name: str = LOCK) -> Iterator[None]:
    """Hold the directory's lock of that name inside.

    Raises DirectoryBusyError where another command holds it, and goes on holding it; UsageError where the directory
    cannot be written.
    """
    try:
        fd = os.open(directory / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    except OSError as error:
        raise UsageError(f"{directory / name} cannot be written: {error.strerror}") from None
    try:
        try:
            _take(fd)
        except BlockingIOError:
            holder = os.pread(fd, 20, 0).decode("ascii", "replace").strip()
            raise DirectoryBusyError(
                f"another grade batch is at work in {directory}" + (f" (process {holder})" if holder else ""),
                hint="wait until it is done, or name another --out",
            ) from None
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(fd)


def _take(fd: int) -> None:
    import fcntl  # Here: the command's help is read on systems, too, that have no such module.

    # A command that was killed may leave a process aside, which is about to end and has the lock until then.
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise
        time.sleep(_LOOK_SECONDS)
