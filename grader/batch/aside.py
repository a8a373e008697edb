"""A function in a forked process of its own: its memory goes when it ends.

Only for a driver without threads: a fork copies the one that calls.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import msgspec

from grader.errors import HarnessError
from grader.jobs import Fault, error_of, fault_of
from grader.sandbox.walls import kernel


class _Message(msgspec.Struct):
    result: bytes = b""
    fault: Fault | None = None


def aside(function: Callable[[], bytes]) -> bytes:
    """Run `function` in a child and return what it returned; raise here the `GraderError` that it raised.

    The child ends with this process, however that ends. Raises HarnessError where the child dies.
    """
    parent = os.getpid()
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        _run_and_exit(function, write_end, parent)
    os.close(write_end)
    try:
        with os.fdopen(read_end, "rb") as pipe:
            message = pipe.read()
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    _, status = os.waitpid(pid, 0)
    if not message:
        raise HarnessError(f"a helper process ended unexpectedly (exit code {os.waitstatus_to_exitcode(status)})")
    answer = msgspec.msgpack.decode(message, type=_Message)
    if answer.fault is not None:
        raise error_of(answer.fault)
    return answer.result


def _run_and_exit(function: Callable[[], bytes], write_end: int, parent: int) -> None:
    """In the child. Never returns."""
    try:
        end_with(parent)
        try:
            message = _Message(function())
        except BaseException as error:
            message = _Message(fault=fault_of(error))
        with os.fdopen(write_end, "wb") as pipe:
            pipe.write(msgspec.msgpack.encode(message))
    finally:
        os._exit(0)


def end_with(parent: int) -> None:
    """In a forked child: end when `parent` ends, and leave Ctrl-C to it. Never returns where it has ended already."""
    # Ctrl-C reaches the whole group of processes: the parent decides what becomes of this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if kernel.SUPPORTED:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
