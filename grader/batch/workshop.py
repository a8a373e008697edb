"""What a Dask worker keeps between tasks: one stem, a bench for each of its threads, what draws pages, and the course.

It is a worker plugin: the scheduler hands it to each worker once, and to those that join or start again later. A worker
that may not grade, or whose grades would be others' than the driver's, says so in its reply to the first task, by name.
"""

from __future__ import annotations

import contextlib
import queue
import shutil
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from distributed import Worker, WorkerPlugin, get_worker

from grader.batch import keys
from grader.batch.drawing import DrawingProcess, DrawnPage
from grader.batch.executors.protocol import Done
from grader.batch.executors.workitem import ATTEMPTS, WorkItem, grade_item
from grader.batch.floor import refuse_below_floor
from grader.batch.model import Task
from grader.batch.parcel import Parcel, unpack
from grader.bench import Bench
from grader.errors import GraderError, HarnessError
from grader.jobs import CheckInfo, Fault, FaultKind, fault_of
from grader.model import Grade, Problem
from grader.sandbox.inspection import inspect_walls
from grader.sandbox.launch import Stem


class WorkerState(msgspec.Struct, frozen=True):
    """What a worker says of itself."""

    address: str
    threads: int
    refusal: Fault | None = None
    """Why it may not grade this batch."""


class Chunk(msgspec.Struct, frozen=True):
    """What came of several items."""

    worker: str
    seconds: float
    done: tuple[Done, ...] = ()
    refusal: Fault | None = None


class Workshop(WorkerPlugin):
    """One batch's equipment on one worker."""

    def __init__(self, name: str, parcel: Parcel, equipment: dict[str, str], without: Sequence[str] = ()) -> None:
        self.name = name
        self._parcel = parcel
        self._equipment = equipment
        self._without = tuple(without)

    def setup(self, worker: Worker) -> None:
        """Make everything ready. Never raises: that would end the worker, and what it does for others."""
        self._address = str(worker.address)
        self._home = str(worker.local_directory)
        self._opening = threading.Lock()
        self._opened: WorkerState | None = None
        self._folder: Path | None = None
        self._stem: Stem | None = None
        self._drawing: DrawingProcess | None = None
        self._idle: queue.SimpleQueue[Bench] = queue.SimpleQueue()
        self._problems: dict[str, Problem] = {}
        self._threads = int(worker.state.nthreads)

    def teardown(self, worker: Worker) -> None:
        """Put everything away."""
        while True:
            try:
                bench = self._idle.get_nowait()
            except queue.Empty:
                break
            with contextlib.suppress(OSError):
                bench.close()
        if self._drawing is not None:
            self._drawing.close()
        if self._stem is not None:
            self._stem.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def opened(self) -> WorkerState:
        """Whether it may grade; found out once."""
        with self._opening:
            if self._opened is None:
                refusal = None
                try:
                    self._open()
                except Exception as error:
                    refusal = _named(fault_of(error), self._address)
                self._opened = WorkerState(self._address, self._threads, refusal)
        return self._opened

    def _open(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="torchgrade-course-", dir=self._home))
        self._problems = unpack(self._parcel, self._folder)
        here = keys.equipment(list(self._problems.values()))
        for name, theirs in self._equipment.items():
            if here.get(name) != theirs:
                raise HarnessError(
                    f"{name}: {here.get(name) or 'missing'} there, {theirs or 'none'} here",
                    hint="workers need what this machine has, in the same versions; grade doctor lists it",
                )
        self._stem = Stem()
        self._drawing = DrawingProcess(list(self._problems.values()))
        refuse_below_floor(inspect_walls(self._stem, without=self._without))

    def grade(self, items: Sequence[WorkItem]) -> Chunk:
        """Grade one after another."""
        opened = self.opened()
        if opened.refusal is not None:
            return Chunk(opened.address, 0.0, refusal=opened.refusal)
        started = time.monotonic()
        done = tuple(map(self._grade, items))
        return Chunk(opened.address, time.monotonic() - started, done)

    def _grade(self, item: WorkItem) -> Done:
        problem = self._problems[item.task.problem]
        for _ in range(ATTEMPTS):
            bench = self._take()
            done = grade_item(bench, problem, item)
            if done.grade is not None:
                self._idle.put(bench)
                return msgspec.structs.replace(done, page=self._page(item.task, done.grade))
            # Whatever is left of that bench is not trusted with another submission.
            with contextlib.suppress(OSError):
                bench.close()
            if done.fault is None or done.fault.kind not in (FaultKind.HARNESS, FaultKind.OUT_OF_MEMORY):
                break
        return done

    def _page(self, task: Task, grade: Grade) -> DrawnPage | None:
        assert self._drawing is not None
        return self._drawing.drawn(task.key, msgspec.structs.replace(grade, student=task.student, submission=task.path))

    def checks(self, slug: str) -> tuple[CheckInfo, ...]:
        """A problem's checks. Raises GraderError."""
        bench = self._take()
        try:
            return bench.checks(self._problems[slug])
        finally:
            self._idle.put(bench)

    def _take(self) -> Bench:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            assert self._stem is not None
            return Bench(stem=self._stem, without=self._without)


def _named(fault: Fault, address: str) -> Fault:
    return msgspec.structs.replace(fault, message=f"the worker {address} cannot be used: {fault.message}")


# -- called on a worker, by Dask -------------------------------------------------------------------


def _workshop(name: str) -> Workshop:
    found = get_worker().plugins[name]
    assert isinstance(found, Workshop)
    return found


def open_here(name: str) -> bytes:
    """Have this worker make itself ready; `WorkerState`, encoded."""
    return msgspec.msgpack.encode(_workshop(name).opened())


def grade_here(name: str, items: bytes) -> bytes:
    """Grade the items; a `Chunk`, encoded."""
    return msgspec.msgpack.encode(_workshop(name).grade(msgspec.msgpack.decode(items, type=tuple[WorkItem, ...])))


def checks_here(name: str, slug: str) -> bytes:
    """A problem's checks, or a `Fault`; encoded."""
    shop = _workshop(name)
    opened = shop.opened()
    if opened.refusal is not None:
        return msgspec.msgpack.encode(opened.refusal)
    try:
        return msgspec.msgpack.encode(shop.checks(slug))
    except GraderError as error:
        return msgspec.msgpack.encode(fault_of(error))
