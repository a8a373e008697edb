"""One stem for all benches and commands of a test run: torch is imported once, and not once for each of them.

A command is a process of its own even so, with checkers, zygotes and rooms of its own; only what they are forked from
was there before. What begins or ends a stem is tested with commands that start theirs: `grade(..., cold=True)` and
`command_line`.
"""

from __future__ import annotations

import os
import socket
import threading

from grader.sandbox import launch

_TRIED = os.environ.get("TORCHGRADE_TESTS", "")
# Everything that is known, in every form and on every tier, and each command with a stem of its own: that takes hours.
EVERYTHING = _TRIED == "all"
# Whole, of which a run by hand tries a part of each kind: CI has the time.
WHOLE = EVERYTHING or _TRIED == "whole"


class _Lending:
    """The stem of this process, started when somebody first asks for it."""

    stem: launch.Stem | None = None


def stem() -> launch.Stem:
    """A stem that runs, with torch imported."""
    if _Lending.stem is None or _Lending.stem._process.poll() is not None:
        end()
        _Lending.stem = launch.Stem()
        _Lending.stem._wait_until_ready()
    return _Lending.stem


def end() -> None:
    """End the stem, if there is one."""
    if _Lending.stem is not None:
        _Lending.stem.close()
    _Lending.stem = None


def descriptors() -> list[int]:
    """What a process has to inherit so that it can borrow the stem; nothing where each is to start its own."""
    return [] if EVERYTHING else [stem()._control.fileno()]


def borrowing(program: str) -> str:
    """That Python program, which borrows the stem for every one that it would start."""
    return f"exec(open({__file__!r}).read()); borrow({descriptors()}); {program}"


class LentStem(launch.Stem):
    """A stem that belongs to another process, and goes on when this one has done with it."""

    lender = -1

    def __init__(self) -> None:
        launch._demand_descriptors()
        self._control = socket.socket(fileno=os.dup(self.lender))
        self._ready = True
        self._waiting = threading.Lock()

    def refused_memory(self) -> bool:
        return False

    def hang_up(self) -> None:
        self._control.close()

    def close(self) -> None:
        self.hang_up()


def borrow(descriptors: list[int]) -> None:
    """Take that stem for every one that this process would start. To be called before anything else is imported."""
    for LentStem.lender in descriptors:
        launch.Stem = LentStem  # type: ignore[misc]
