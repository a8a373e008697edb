"""A whole run's time: how much of it there is, who has used how much, and who was slowest.

A submission beyond a budget is not begun. That is no fault: the next run, with more time, goes on with it. A submission
that has begun runs to its own limits (problem.yaml), so a run ends at most one submission later than it was given.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from grader.batch.model import Row, SlowCheck, Task

SLOW_SECONDS = 1.0
"""Slower submissions are worth naming."""
MOST_SLOW = 5


class Clock:
    """Counts the time of one run. `minutes` are the run's, `student_seconds` those of any one student's answers."""

    def __init__(self, minutes: float | None, student_seconds: float | None) -> None:
        self._end = time.monotonic() + 60 * minutes if minutes is not None else None
        self._each = student_seconds
        self._used: defaultdict[str, float] = defaultdict(float)
        self._slow: list[SlowCheck] = []
        self.not_begun = 0
        """Tasks for which there was no time."""

    def look_back(self, rows: Iterable[Row]) -> None:
        """Count what earlier runs took, where it matters: a rerun gives nobody more time."""
        if self._each is not None:
            for row in rows:
                if row.grade is not None:
                    self._used[row.student] += row.grade.duration_s

    def has_time(self, task: Task) -> bool:
        """Whether there is time for a task, now that its turn has come."""
        late = self._end is not None and time.monotonic() >= self._end
        over = self._each is not None and self._used[task.student] >= self._each
        self.not_begun += late or over
        return not (late or over)

    def count(self, task: Task, seconds: float) -> None:
        """A task took so long."""
        self._used[task.student] += seconds
        if seconds >= SLOW_SECONDS:
            self._slow.append(SlowCheck(task.student, task.problem, seconds))
            self._slow = sorted(self._slow, key=lambda slow: -slow.seconds)[:MOST_SLOW]

    @property
    def slowest(self) -> tuple[SlowCheck, ...]:
        """The slowest of this run, the slowest first."""
        return tuple(self._slow)


class InTime(Sequence[Task]):
    """Tasks; an iteration yields each one for which there is time when its turn comes."""

    def __init__(self, tasks: Sequence[Task], clock: Clock) -> None:
        self._tasks = tasks
        self._clock = clock

    def __len__(self) -> int:
        return len(self._tasks)

    @overload
    def __getitem__(self, place: int) -> Task: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Task]: ...

    def __getitem__(self, place: int | slice) -> Task | Sequence[Task]:
        return self._tasks[place]

    def __iter__(self) -> Iterator[Task]:
        return filter(self._clock.has_time, self._tasks)
