"""What an executor is to the driver of a batch.

The driver holds no more submissions than are under way: an executor asks for a task's submission when it has a free
worker for it. What an executor gives back is data that could have come from another machine: no live exception, and
no path that means something only where it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Protocol, Self

import msgspec

from grader.batch.drawing import DrawnPage
from grader.batch.model import Task
from grader.jobs import CheckInfo, Fault
from grader.model import Grade, Problem, Submission


class Done(msgspec.Struct, frozen=True):
    """The outcome of a task: a grade, or the grader's own fault."""

    task: Task
    grade: Grade | None = None
    fault: Fault | None = None
    page: DrawnPage | None = None
    """The page of that grade, where a worker has drawn it."""


class Executor(Protocol):
    """Workers for the tasks of one batch.

    To start one returns at once and makes its workers ready meanwhile. Use it as a context manager: to leave it ends
    the workers, whatever they are at, and waits until they have ended.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def demand_floor(self) -> None:
        """Raise MissingWallError, before any student code runs, where a worker has less than the least walls."""

    def checks(self, problems: Sequence[Problem]) -> Mapping[str, tuple[CheckInfo, ...]]:
        """Slug -> the problem's checks as their author wrote them. Raises UsageError where files break a rule."""

    def grade(
        self,
        problems: Mapping[str, Problem],
        tasks: Sequence[Task],
        submission_of: Callable[[Task], Submission],
        *,
        workers: int,
    ) -> Iterator[Done]:
        """Yield the outcome of each task as it comes; `submission_of` is called in the driver's thread alone.

        Lets the workers go once the last task is done. Raises MissingWallError where a room had less than the least
        walls, UsageError where a problem's files break a rule, HarnessError where one task after another fails.
        """
