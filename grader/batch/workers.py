"""Local workers: one thread for each bench, which waits for its checker and does nothing else.

The driver hands out a task at a time and takes what came of it, so that no more submissions are in its memory than are
under way. A bench whose worker died makes a new one at the next call; the submission is tried once more on it, and if
that fails too, the fault is the grader's.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType

import msgspec

from grader.batch.model import Task
from grader.cores import usable_cores
from grader.errors import GraderError, HarnessError, MissingWallError
from grader.model import Grade, Problem, Submission
from grader.pipeline import Bench
from grader.sandbox.confine import meets_floor
from grader.sandbox.inspection import Inspection, inspect_walls
from grader.sandbox.launch import Stem

_ATTEMPTS = 2
_FAULTS_IN_A_ROW = 8
"""Of the grader's, beyond which it is the machine that fails and not a submission that brings it down."""


class Done(msgspec.Struct, frozen=True):
    """What came of a task: a grade, or the grader's own fault."""

    task: Task
    grade: Grade | None
    fault: GraderError | None = None


class _Order(msgspec.Struct, frozen=True):
    task: Task
    submission: Submission


class Crew:
    """Workers on one stem. Use as a context manager: leaving it ends them, whatever they are at, and lets the stem end,
    which takes a while: whoever made it waits for that.
    """

    def __init__(self, stem: Stem, problems: Mapping[str, Problem], jobs: int, *, without: Iterable[str] = ()) -> None:
        self._problems = problems
        self._stem = stem
        self._without = tuple(without)
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Done] = queue.SimpleQueue()
        self._ending = False
        # Bound to cores only where they use all of them: else a busy core would hold one up beside an idle one.
        cores = range(jobs) if jobs == usable_cores() else [None] * jobs
        self._threads = [threading.Thread(target=self._work, args=(core,), daemon=True) for core in cores]

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending = True
        for _ in self._threads:
            self._orders.put(None)
        if error is not None:
            # Nobody wants what is under way: without its stem a worker ends, and its thread hears of it.
            self._stem.hang_up()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
        self._stem.hang_up()

    def demand_floor(self) -> None:
        """Raise MissingWallError, before any student code runs, where less than the least is standing."""
        refuse_below_floor(inspect_walls(self._stem, without=self._without))

    def grade(self, tasks: Iterable[tuple[Task, Submission]]) -> Iterator[Done]:
        """What came of each task, as it comes. Raises HarnessError where one after another fails."""
        for thread in self._threads:
            thread.start()
        pending = iter(tasks)
        under_way = faults = 0
        for _ in range(2 * len(self._threads)):
            under_way += self._hand_out(pending)
        while under_way:
            done = self._done.get()
            under_way -= 1
            faults = 0 if done.grade is not None else faults + 1
            if isinstance(done.fault, MissingWallError) or (done.fault and not isinstance(done.fault, HarnessError)):
                raise done.fault
            if faults >= max(_FAULTS_IN_A_ROW, 2 * len(self._threads)):
                raise HarnessError(f"{faults} submissions in a row failed through the grader's own fault: {done.fault}")
            yield done
            under_way += self._hand_out(pending)

    def _hand_out(self, pending: Iterator[tuple[Task, Submission]]) -> bool:
        for task, submission in pending:
            self._orders.put(_Order(task, submission))
            return True
        return False

    # -- in the threads --------------------------------------------------------------------------

    def _work(self, core: int | None) -> None:
        bench = Bench(stem=self._stem, without=self._without, core=core)
        while (order := self._orders.get()) is not None and not self._ending:
            fault: GraderError | None = None
            for _ in range(_ATTEMPTS):
                try:
                    done = self._grade(bench, order)
                    break
                except Exception as error:
                    # Whatever is left of that worker is not trusted with another submission.
                    bench.close()
                    bench = Bench(stem=self._stem, without=self._without, core=core)
                    fault = error if isinstance(error, GraderError) else HarnessError(repr(error))
                    done = Done(order.task, None, fault)
                    if self._ending or not isinstance(fault, HarnessError):
                        break
            self._done.put(done)
        with contextlib.suppress(OSError):
            bench.close()

    def _grade(self, bench: Bench, order: _Order) -> Done:
        grade = bench.grade(self._problems[order.task.problem], order.submission)
        lacking = meets_floor(grade.walls)
        if lacking:
            raise _below_floor(lacking)
        return Done(order.task, grade)


def refuse_below_floor(found: Inspection) -> None:
    """Raise MissingWallError unless this machine may grade others' work."""
    if found.fault:
        raise MissingWallError(found.fault, hint="grade doctor says which walls this machine has")
    lacking = [*meets_floor(found.walls), *(f"a wall that holds: {breach}" for breach in found.breaches)]
    if lacking:
        raise _below_floor(lacking)


def _below_floor(lacking: list[str]) -> MissingWallError:
    return MissingWallError(
        f"others' work is not graded here, for want of {'; '.join(lacking)}",
        hint="grade doctor says which walls this machine has, and how to raise the others",
    )
