"""Workers on this machine: one thread for each bench, which waits for its checker and does nothing else.

All benches share one stem, so that torch is imported once. A bench whose checker died is replaced; the submission is
tried once more on the new one, and if that fails too, the fault is the grader's. Where the machine has run out of
memory, its worker ends and leaves the submission to the others, as long as there are any.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self

from grader.batch.executors.failures import Failures
from grader.batch.executors.protocol import Done
from grader.batch.executors.workitem import ATTEMPTS, WorkItem, grade_item
from grader.batch.floor import refuse_below_floor
from grader.batch.model import Task
from grader.bench import Bench
from grader.common import logs
from grader.cores import usable_cores
from grader.jobs import CheckInfo, FaultKind
from grader.model import Problem, Submission
from grader.sandbox.inspection import inspect_walls
from grader.sandbox.launch import Stem


class LocalExecutor:
    """Threads of this process."""

    def __init__(self, *, without: Iterable[str] = ()) -> None:
        self._stem = Stem()
        self._problems: Mapping[str, Problem] = {}
        self._without = tuple(without)
        self._items: queue.SimpleQueue[WorkItem | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Done] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._ending = False
        self._counting = threading.Lock()
        self._at_work = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Nobody wants what is under way: without its stem a checker ends, and its thread hears of it.
        self._ending = True
        self._stem.hang_up()
        self._let_go()
        self._stem.close()

    def demand_floor(self) -> None:
        refuse_below_floor(inspect_walls(self._stem, without=self._without))

    def checks(self, problems: Sequence[Problem]) -> Mapping[str, tuple[CheckInfo, ...]]:
        with Bench(stem=self._stem, without=self._without) as bench:
            return {problem.slug: bench.checks(problem) for problem in problems}

    def grade(
        self,
        problems: Mapping[str, Problem],
        tasks: Sequence[Task],
        submission_of: Callable[[Task], Submission],
        *,
        workers: int,
    ) -> Iterator[Done]:
        self._problems = problems
        self._start(min(workers, len(tasks)))
        failures = Failures(workers)
        pending = iter(tasks)
        under_way = 0

        def hand_out() -> bool:
            for task in pending:
                self._items.put(WorkItem(task, submission_of(task)))
                return True
            return False

        for _ in range(2 * len(self._threads)):
            under_way += hand_out()
        while under_way:
            done = self._done.get()
            under_way -= 1
            failures.count(done.fault)
            yield done
            under_way += hand_out()
        self._let_go()
        # To end takes the stem a while, in which the driver has other things to do.
        self._stem.hang_up()

    def _start(self, count: int) -> None:
        # Bound to cores only where they use all of them: else one would wait for a busy core beside an idle one.
        cores = range(count) if count == usable_cores() else [None] * count
        self._threads = [threading.Thread(target=self._work, args=(core,), daemon=True) for core in cores]
        self._at_work = len(self._threads)
        for thread in self._threads:
            thread.start()

    def _let_go(self) -> None:
        """Let the threads end once they are done with what they are at."""
        for _ in self._threads:
            self._items.put(None)
        for thread in self._threads:
            thread.join()
        self._threads = []
        while not self._items.empty():
            self._items.get()  # These were for threads that had ended by themselves.

    # -- in the threads --------------------------------------------------------------------------

    def _work(self, core: int | None) -> None:
        bench = self._bench(core)
        while (item := self._items.get()) is not None and not self._ending:
            for _ in range(ATTEMPTS):
                done = grade_item(bench, self._problems[item.task.problem], item)
                if done.fault is None:
                    break
                if done.fault.kind is FaultKind.OUT_OF_MEMORY and self._can_do_without_one():
                    logs.note(f"a worker less, and {item.task.problem} is left to the others: {done.fault.text}")
                    bench.close()
                    self._items.put(item)
                    return
                # Whatever is left of that worker is not trusted with another submission.
                bench.close()
                bench = self._bench(core)
                if self._ending or done.fault.kind not in (FaultKind.HARNESS, FaultKind.OUT_OF_MEMORY):
                    break
            self._done.put(done)
        with contextlib.suppress(OSError):
            bench.close()

    def _can_do_without_one(self) -> bool:
        """Whether a worker may end because there are others; it counts as gone then."""
        with self._counting:
            if self._at_work < 2 or self._ending:
                return False
            self._at_work -= 1
            return True

    def _bench(self, core: int | None) -> Bench:
        return Bench(stem=self._stem, without=self._without, core=core)
