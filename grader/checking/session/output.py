"""What a submission prints: kept up to a limit, room after room, until hidden checks begin.

From then on nothing is kept: it could repeat what a hidden check had asked.
"""

from __future__ import annotations

from grader.sandbox.wire import Output
from grader.text import plain

_CRASH = "Fatal Python error: "


class Printed:
    """The printed text of one submission."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._texts: list[str] = []
        self._cut = False
        self.kept = True

    def attach(self, drain: Output) -> None:
        """A room is open: it may print as much as the ones before it have left of the limit."""
        drain.limit = max(self._limit - sum(map(len, self._texts)), 0)
        drain.keep = self.kept

    def collect(self, drain: Output) -> None:
        """A room has ended: keep what it printed."""
        self._texts.append(drain.text())
        self._cut = self._cut or drain.dropped

    def crash(self) -> str:
        """Take out what the interpreter itself wrote when the last room crashed; empty where it wrote nothing."""
        before, begins, report = self._texts[-1].rpartition(_CRASH)
        if begins:
            self._texts[-1] = before
        return report

    def take_back(self) -> None:
        """Forget what the last room printed: a new one begins where it began."""
        self._texts.pop()

    def hide(self, drain: Output | None) -> None:
        """Keep nothing from now on; what the open room has printed up to here still counts."""
        self.kept = False
        if drain is not None:
            drain.drain()
            drain.keep = False

    def text(self) -> str:
        """All that was kept, for people to read."""
        text = plain("".join(self._texts))
        return text + "\n[cut: more was printed]" if self._cut else text
