"""The alarm clock that ends a statement outside functions which takes too long.

It rings once, and `TimeIsUp` is raised where the statement is. A loop that catches everything catches that, too;
therefore it rings again and again, and from the third time on the statement is left at the next line that stands in no
`try` that catches everything.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import types
from collections.abc import Iterator
from typing import Any

from grader.sandbox.loading.document import TimeIsUp
from grader.sandbox.standins import running_line
from grader.sandbox.values import MODULE_NAME

_RINGS_AGAIN_SECONDS = 0.02
_PATIENCE = 2


class _Rings:
    """How often it has rung in the statement that is running."""

    count = 0


def _ring(number: int, frame: types.FrameType | None) -> None:
    _Rings.count += 1
    if _Rings.count <= _PATIENCE or _Rings.count % 2:
        raise TimeIsUp
    # Raised here, it would be caught again, as before.
    sys.settrace(_trace_nothing_more)
    while frame is not None:
        if frame.f_globals.get("__name__") == MODULE_NAME:
            frame.f_trace = _leave
        frame = frame.f_back


def _trace_nothing_more(frame: types.FrameType, event: str, argument: Any) -> None:
    """What is called from now on is not looked at."""


def _leave(frame: types.FrameType, event: str, argument: Any) -> Any:
    if event == "line" and not running_line.catches_everything(frame):
        raise TimeIsUp
    return _leave


@contextlib.contextmanager
def ours() -> Iterator[None]:
    """For the block, the alarm clock is ours."""
    if sys.platform == "win32":
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    try:
        yield
    finally:
        silence()
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Interrupt the block after `seconds`. Code that cannot be interrupted meets the checker's own deadline."""
    if sys.platform == "win32":
        yield
        return
    _Rings.count = 0
    signal.setitimer(signal.ITIMER_REAL, seconds, _RINGS_AGAIN_SECONDS)
    try:
        yield
    finally:
        silence()


def silence() -> None:
    """Stop the clock, which may ring meanwhile."""
    if sys.platform == "win32":
        return
    while True:
        try:
            signal.setitimer(signal.ITIMER_REAL, 0)
            if _Rings.count > _PATIENCE:
                sys.settrace(None)
            return
        except TimeIsUp:
            continue
