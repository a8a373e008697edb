"""The memory of a process and all below it."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_LOOK_SECONDS = 0.1


class PeakMemory:
    """Looks ten times a second at a process and all below it. Use as a context manager."""

    def __init__(self, pid: int) -> None:
        self.megabytes = 0.0
        """The most at once, so far."""
        self._pid = pid
        self._ended = threading.Event()
        self._looking = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._looking.join()

    def _look(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            self.megabytes = max(self.megabytes, sum(map(_megabytes, _tree(self._pid))))


def _tree(root: int) -> set[int]:
    """A process and all below it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                behind_the_name = (entry / "stat").read_text("ascii", "replace").rpartition(")")[2]
            except OSError:
                continue
            parents[int(entry.name)] = int(behind_the_name.split()[1])
    found, more = {root}, {root}
    while more:
        more = {pid for pid, parent in parents.items() if parent in more} - found
        found |= more
    return found


def _megabytes(pid: int) -> float:
    """What a process holds, its part of what it shares included."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024
