"""What the processes of a grading say, in one file, for whoever looks into a fault. Nothing is logged unasked.

The driver opens the file and hands the open descriptor on, so that a process which was started with an empty
environment and in another folder can write to it, too. Each entry is appended in one write, and those of several
processes never mix. A process that makes rooms leaves the log first: neither the descriptor nor the file's name is in a
room.
"""

from __future__ import annotations

import contextlib
import os
import time

VARIABLE = "TORCHGRADE_LOG"
"""Environment variable that names the file, where no ``--log`` does."""

_descriptor: int | None = None
_path = ""
"""Known to the driver alone."""
_process = "driver"


def begin(path: str | os.PathLike[str]) -> None:
    """Log to `path` from now on, after what is in it. Raises OSError where that cannot be."""
    global _path
    adopt(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), _process)
    _path = os.path.abspath(path)


def for_others() -> dict[str, str]:
    """The environment for a process to which no descriptor can be handed on; it has to `come_in`."""
    return {VARIABLE: _path} if _path else {}


def come_in(process: str) -> None:
    """Log as `process` where the environment says so. The variable goes: what is started here logs nothing."""
    path = os.environ.pop(VARIABLE, "")
    if path:
        with contextlib.suppress(OSError):
            adopt(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), process)


def adopt(descriptor: int, process: str) -> None:
    """Log to an open file that another process has handed on; this one is called `process`."""
    global _descriptor, _process
    os.set_inheritable(descriptor, False)
    _descriptor, _process = descriptor, process


def descriptor() -> int | None:
    """The open file, to be handed on; None where nothing is logged."""
    return _descriptor


def rename(process: str) -> None:
    """Call this process, a fork of one that logs, by its own name."""
    global _process
    _process = process


def leave() -> None:
    """Log nothing any more, and forget the file."""
    global _descriptor
    if _descriptor is not None:
        with contextlib.suppress(OSError):
            os.close(_descriptor)
    _descriptor = None


def note(message: str) -> None:
    """One entry; further lines of the message are indented."""
    if _descriptor is None:
        return
    now = time.time()
    stamp = f"{time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(now))}.{int(now * 1000) % 1000:03}"
    text = message.rstrip().replace("\n", "\n    ")
    with contextlib.suppress(OSError):
        os.write(_descriptor, f"{stamp} {_process}[{os.getpid()}] {text}\n".encode("utf-8", "backslashreplace"))
