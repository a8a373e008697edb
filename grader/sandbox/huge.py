"""Larger pages for what all rooms share.

Forking a process, and ending the fork, costs by the page, and torch's objects lie on forty thousand of them. In pages
of 2 MB they halve the price of a room. To move them takes a quarter of a second; so the zygote moves them bit by bit
between rooms, and only when it goes on serving them. Where the kernel has no such call (before Linux 6.1), or no such
page free, everything is as it was.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator

from grader.sandbox.walls import kernel

_SIZE = 1 << 21
_AT_A_TIME = 4
_LINE = re.compile(r"(?P<first>[0-9a-f]+)-(?P<last>[0-9a-f]+) rw.p \S+ \S+ 0 ")


class HugePages:
    """This process's own memory, to be moved step by step. `proc` is a descriptor of /proc."""

    def __init__(self, proc: int | None) -> None:
        self._proc = proc
        self._left: Iterator[int] | None = None

    def move_some(self) -> None:
        """Move a few megabytes more; milliseconds, or nothing once all are moved."""
        if self._left is None:
            self._left = iter(_blocks(self._proc)) if self._proc is not None else iter(())
        for _, address in zip(range(_AT_A_TIME), self._left, strict=False):
            with contextlib.suppress(OSError):  # Not all of it is in use, or it is no plain memory.
                kernel.collapse(address, _SIZE)


def _blocks(proc: int) -> list[int]:
    """Addresses of all blocks of private memory that have the size of a large page and its alignment."""
    fd = os.open("self/maps", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    with open(fd, encoding="utf-8", errors="replace") as file:
        mapped = [(int(found["first"], 16), int(found["last"], 16)) for found in map(_LINE.match, file) if found]
    return [at for first, last in mapped for at in range(-(-first // _SIZE) * _SIZE, last - _SIZE + 1, _SIZE)]
