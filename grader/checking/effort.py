"""Bounds on what the checker itself spends on one result: a check must not work for ever on what a student returned.

A room's time is bounded by its deadlines. This module bounds what a check does with a result, in this process. After so
many seconds of processor time the check gets an exception. Where that cannot be raised, because a library's own code
never comes back, the kernel ends the process, and the driver has another one started. Processor time and not the clock:
a busy machine costs nobody a point. Windows has no such timers: there it is the clock, with room to spare, and the
exception alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from grader.sandbox.walls import kernel

_AGAIN_SECONDS = 1.0
"""An exception that is raised inside a destructor is lost: then the next one is on its way."""
_HARD_FACTOR = 3.0
_MEMORY_BYTES = 4 << 30
"""What checks may take beyond what torch has mapped: many times what all replies to one submission may cost."""


class TookTooLong(BaseException):
    """A check has used its processor time. Not an `Exception`: a check or a solution may catch those."""


if sys.platform == "win32":

    def begin() -> None:
        """Make this process ready for `bounded`."""

    @contextlib.contextmanager
    def bounded(seconds: float) -> Iterator[None]:
        """Raise `TookTooLong` inside some time after `seconds`. Only in the main thread."""
        over = threading.Lock()

        def end() -> None:
            if over.acquire(blocking=False):
                main = ctypes.c_ulong(threading.main_thread().ident or 0)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(main, ctypes.py_object(TookTooLong))

        timer = threading.Timer(_HARD_FACTOR * seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            over.acquire(blocking=False)

else:
    import resource

    def begin() -> None:
        """Make this process ready for `bounded`; from here on an allocation beyond any use fails, too."""
        signal.signal(signal.SIGPROF, _raise)
        if not kernel.SUPPORTED:
            return
        # A bound beyond any use, and worth having where the kernel tells what is in use, and takes it.
        with contextlib.suppress(OSError, ValueError):
            pages = int(Path("/proc/self/statm").read_text().split()[0])
            most = pages * resource.getpagesize() + _MEMORY_BYTES
            hard = resource.getrlimit(resource.RLIMIT_AS)[1]
            resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))

    @contextlib.contextmanager
    def bounded(seconds: float) -> Iterator[None]:
        """Raise `TookTooLong` inside once this process has computed for `seconds`. Only in the main thread."""
        # Nobody handles the second one: by default it ends the process, whatever that is at.
        signal.setitimer(signal.ITIMER_VIRTUAL, _HARD_FACTOR * seconds)
        signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _raise(number: int, frame: FrameType | None) -> None:
    raise TookTooLong
