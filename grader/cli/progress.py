"""How far a batch is: a live display in a terminal, now and then a line elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.batch import Graded, Planned, Watcher
from grader.cli.shared import say
from grader.reports.wording import counted, one_line, seconds

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table

_LINE_SECONDS = 5.0
_NAMES_SHOWN = 5
# A rate that is younger is a guess.
_PACE_SECONDS = 0.5


@contextlib.contextmanager
def progress(jobs: int) -> Iterator[Watcher]:
    """The display that suits standard error."""
    if not sys.stderr.isatty():
        yield _Lines(jobs)
        return
    live = _Live(jobs)
    try:
        yield live
    finally:
        live.stop()


def plan_sentence(plan: Planned) -> str:
    """What there is to do, in one line."""
    found = f"{counted(plan.answers, 'answer')} of {counted(plan.students, 'student')}"
    notices = sum(plan.notices.values())
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(plan.notices.items()))
    remarks = f"; {counted(notices, 'notice')} ({kinds})" if notices else ""
    left = f"{plan.to_grade:,} to grade" if plan.to_grade else "all graded already" if plan.answers else "none to grade"
    return f"{found}{remarks}; {left}"


def cost_sentence(plan: Planned, jobs: int) -> str:
    """How long the students' code can run at most, in one line; empty where nothing is to be graded."""
    if not plan.most_seconds:
        return ""
    usual = min(plan.most_seconds.values())
    longer = [f"{slug} {seconds(most)}" for slug, most in sorted(plan.most_seconds.items()) if most > usual]
    others = f" ({', '.join(longer)})" if longer else ""
    together = f", all of them {seconds(plan.all_seconds)} by {counted(jobs, 'worker')}" if plan.to_grade > 1 else ""
    return f"the code of one may run {seconds(usual)} at most{others}{together}"


class _Pace:
    """Counts, and how long the rest will take at the rate since the first was done."""

    def __init__(self) -> None:
        self.total = 0
        self.done = 0
        self.ungradable = 0
        self.faults = 0
        self._first = 0.0

    def begin(self, total: int) -> None:
        self.total = total

    def count(self, done: Graded) -> None:
        # The first takes the start with it: torch's import, the collection of checks.
        if not self.done:
            self._first = time.monotonic()
        self.done += 1
        self.faults += done.status is None
        self.ungradable += done.status is not None and done.status != "graded"

    def sentence(self) -> str:
        text = f"{self.done:,} of {self.total:,}"
        elapsed = time.monotonic() - self._first
        if self.done > 1 and elapsed > _PACE_SECONDS:
            rate = (self.done - 1) / elapsed
            text += f"  {rate:.1f} a second"
            if self.done < self.total:
                text += f"  {seconds((self.total - self.done) / rate)} left"
        if self.ungradable:
            text += f"  {self.ungradable:,} could not be graded"
        if self.faults:
            text += f"  {counted(self.faults, 'fault')} of the grader's"
        return text


class _Lines:
    """For a log: the plan, a line every few seconds, the end."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pace = _Pace()
        self._said = time.monotonic()

    def planned(self, plan: Planned) -> None:
        say(plan.reading)
        say(plan_sentence(plan) + (f", by {counted(self._jobs, 'worker')}" if plan.to_grade else ""))
        if cost := cost_sentence(plan, self._jobs):
            say(cost)

    def beginning(self, total: int) -> None:
        self._pace.begin(total)
        self._said = time.monotonic()

    def graded(self, done: Graded) -> None:
        self._pace.count(done)
        if done.status is None:
            say(f"{one_line(done.student, 60)}, {done.problem}: a fault of the grader's: {one_line(done.fault)}")
        if time.monotonic() - self._said >= _LINE_SECONDS or self._pace.done == self._pace.total:
            self._said = time.monotonic()
            say(self._pace.sentence())

    def publishing(self) -> None:
        say("writing results")


class _Live:
    """For a terminal: a bar, the pace, the last few names, the last fault."""

    def __init__(self, jobs: int) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)
        self._jobs = jobs
        self._pace = _Pace()
        self._last: deque[tuple[str, str]] = deque(maxlen=_NAMES_SHOWN)
        self._fault = ""
        self._live: Live | None = None

    def planned(self, plan: Planned) -> None:
        from rich.text import Text

        self._console.print(Text(plan.reading))
        self._console.print(Text(plan_sentence(plan)))
        if cost := cost_sentence(plan, self._jobs):
            self._console.print(Text(cost, style="dim"))

    def beginning(self, total: int) -> None:
        from rich.live import Live

        self._pace.begin(total)
        self._live = Live(get_renderable=self._shown, console=self._console, refresh_per_second=5, transient=True)
        self._live.start()

    def graded(self, done: Graded) -> None:
        self._pace.count(done)
        verdict = "?" if done.status is None else f"{done.percent:.0f} %" if done.status == "graded" else done.status
        self._last.append((f"{one_line(done.student, 30)} {done.problem.split('-')[0]}", verdict))
        if done.fault:
            self._fault = f"{one_line(done.student, 30)}, {done.problem}: {one_line(done.fault, 200)}"

    def publishing(self) -> None:
        from rich.text import Text

        # The display has a thread of its own, and what comes now forks.
        self.stop()
        self._console.print(Text("writing results …", style="dim"))

    def stop(self) -> None:
        """Take the display away."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _shown(self) -> Table:
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        pace = self._pace
        waiting = f"importing torch, starting {counted(self._jobs, 'worker')}"
        names = "   ".join(f"{who} {verdict}" for who, verdict in reversed(self._last)) or waiting
        shown = Table.grid()
        shown.add_row(ProgressBar(total=max(pace.total, 1), completed=pace.done, width=min(60, self._console.width)))
        shown.add_row(Text(pace.sentence(), no_wrap=True, overflow="ellipsis"))
        shown.add_row(Text(names, style="dim", no_wrap=True, overflow="ellipsis"))
        if self._fault:
            shown.add_row(Text(self._fault, style="red", no_wrap=True, overflow="ellipsis"))
        return shown
