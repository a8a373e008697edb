"""Workers of a Dask cluster. The scheduler's address is all that is given; the course travels to each worker once.

Tasks go in chunks of about a second, so that neither the scheduler nor the driver is what others wait for. Dask gives
what a lost worker had under way to another one, up to its limit of allowed failures; then each item of that chunk is
tried by itself, and at last with nothing else under way, for who merely stood beside it is lost with it. Workers that
are lost even then are the grader's own fault, as on one machine.
"""

from __future__ import annotations

import contextlib
import queue
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import TracebackType
from typing import Any, Self

import msgspec

from grader.batch import keys
from grader.batch.executors.failures import Failures
from grader.batch.executors.protocol import Done
from grader.batch.executors.workitem import WorkItem
from grader.batch.model import Task
from grader.batch.parcel import pack
from grader.errors import HarnessError, UsageError
from grader.jobs import CheckInfo, Fault, error_of, fault_of
from grader.model import Problem, Submission

try:
    import distributed
    from distributed.client import FutureCancelledError, FuturesCancelledError
    from distributed.comm.addressing import get_address_host_port, parse_address
    from distributed.comm.core import CommClosedError
except ImportError as missing:
    raise UsageError("--dask needs Dask, which is not installed", hint="pip install 'torchgrade[dask]'") from missing

from grader.batch import workshop
from grader.batch.workshop import Chunk, WorkerState

_CONNECT_SECONDS = 10
_CHUNK_SECONDS = 1.0
_MOST_IN_A_CHUNK = 64
_CHUNKS_PER_THREAD = 2
"""One at work, and one that waits for it."""
_COUNT_SECONDS = 5.0
"""How often the scheduler is asked whether workers have joined or left."""
_WITHOUT_WORKERS_SECONDS = 120.0
"""How long a scheduler may be without any: a nanny starts one again in seconds, a queue of jobs in a minute or so."""
_GO_ON = "what is graded is kept; the same command goes on with the rest"
_LOST_SCHEDULER = (CommClosedError, FutureCancelledError, FuturesCancelledError, OSError)


def threads_at(address: str) -> int:
    """The threads of all workers of a scheduler. Raises UsageError where there is none, or it has no workers."""
    with contextlib.closing(_connected(address)) as client:
        if threads := sum(client.nthreads().values()):
            return int(threads)
    raise UsageError(f"the Dask scheduler at {address} has no workers", hint=f"start some: dask worker {address}")


def _connected(address: str) -> Any:
    try:
        get_address_host_port(address)
        _refuse_without_certificate(address)
        return distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(
            f"no Dask scheduler answers at {address or 'an empty address'}: {error}",
            hint="an address is like tcp://10.0.0.1:8786; dask scheduler prints it when it starts",
        ) from error


def _refuse_without_certificate(address: str) -> None:
    """Raise UsageError where the links are encrypted and there is nothing here, or nothing of use, to do it with."""
    if parse_address(address)[0] != "tls":
        return
    try:
        configured = distributed.Security().get_connection_args("client")  # type: ignore[no-untyped-call]
        why = "none is configured here" if configured["ssl_context"] is None else ""
    except OSError as error:
        why = f"what is configured here cannot be used: {error}"
    if why:
        raise UsageError(
            f"the links to {address} are encrypted with a certificate, and {why}",
            hint="put distributed.comm.tls (ca-file, client.cert, client.key) into Dask's configuration, or set "
            + ", ".join(f"DASK_DISTRIBUTED__COMM__TLS__{name}" for name in ("CA_FILE", "CLIENT__CERT", "CLIENT__KEY")),
        )


class DaskExecutor:
    """A client of a scheduler, for one batch of a course's problems."""

    def __init__(self, address: str, course: Sequence[Problem], *, without: Iterable[str] = ()) -> None:
        self._address = address
        self._name = f"torchgrade-{secrets.token_hex(8)}"
        self._client = _connected(address)
        self._plugin = workshop.Workshop(self._name, pack(course), keys.equipment(course), tuple(without))
        self._threads = 0
        self._counted = self._staffed = time.monotonic()
        """When the threads were counted, and when there were any."""
        self._chunks: dict[Any, tuple[tuple[WorkItem, ...], int]] = {}
        """Future -> its items, and how often they were lost before."""
        self._ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._sent = 0
        self._opening: Sequence[Any] = ()

    def __enter__(self) -> Self:
        try:
            self._opening = self._begin()
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(Exception):  # The scheduler may be gone, and with it all that there is to end.
            self._client.cancel([*self._opening, *self._chunks], force=True)
            self._client.unregister_worker_plugin(self._name)
        self._client.close()

    def demand_floor(self) -> None:
        self._open()

    def _begin(self) -> list[Any]:
        """Hand the course to all workers, and have them make themselves ready; a future of each one's state."""
        with self._told():
            self._client.register_plugin(self._plugin, name=self._name)
            # As tasks: in the worker's own loop it could not answer the scheduler meanwhile. Another one answers for a
            # worker that is lost.
            return [
                self._client.submit(
                    workshop.open_here, self._name, workers=[worker], allow_other_workers=True, pure=False
                )
                for worker in self._client.nthreads()
            ]

    def _open(self) -> None:
        """Wait until all workers are ready. Raises what makes one of them useless."""
        if self._threads:
            return
        opened = [msgspec.msgpack.decode(self._demanded(future), type=WorkerState) for future in self._opening]
        for each in opened:
            if each.refusal is not None:
                raise error_of(each.refusal)
        self._threads = sum({each.address: each.threads for each in opened}.values())
        if not self._threads:
            raise HarnessError(f"the Dask scheduler at {self._address} has lost all its workers")

    def checks(self, problems: Sequence[Problem]) -> Mapping[str, tuple[CheckInfo, ...]]:
        self._open()
        with self._told():
            futures = {
                problem.slug: self._client.submit(workshop.checks_here, self._name, problem.slug, pure=False)
                for problem in problems
            }
        return {slug: _checks(self._demanded(future)) for slug, future in futures.items()}

    def grade(
        self,
        problems: Mapping[str, Problem],
        tasks: Sequence[Task],
        submission_of: Callable[[Task], Submission],
        *,
        workers: int,
    ) -> Iterator[Done]:
        self._open()
        failures = Failures(self._threads)
        pending = iter(tasks)
        size = 1
        lost: tuple[deque[WorkItem], deque[WorkItem]] = (deque(), deque())
        """Items whose chunk was lost with its workers; items that were lost again in a chunk of their own."""

        def chunk() -> tuple[WorkItem, ...]:
            return tuple(WorkItem(task, submission_of(task)) for task in islice(pending, size))

        def give_out() -> None:
            while len(self._chunks) < _CHUNKS_PER_THREAD * self._threads and (more := chunk()):
                self._give_out(more, 0)
            while lost[0] and len(self._chunks) < self._threads:
                self._give_out((lost[0].popleft(),), 1)
            if lost[1] and not self._chunks:
                self._give_out((lost[1].popleft(),), 2)

        give_out()
        while self._chunks:
            future = self._next()
            items, times = self._chunks.pop(future)
            done: Sequence[Done] = ()
            try:
                said = self._result(future)
            except distributed.KilledWorker as error:
                if times < len(lost):
                    lost[times].extend(items)
                else:
                    done = [Done(item.task, fault=_fault(error)) for item in items]
            else:
                came = msgspec.msgpack.decode(said, type=Chunk)
                if came.refusal is not None:
                    raise error_of(came.refusal)
                done = came.done
                size = _better_size(len(items), came.seconds, len(tasks), self._threads)
            for each in done:
                failures.count(each.fault)
                yield each
            self._count_threads()
            give_out()

    def _give_out(self, items: tuple[WorkItem, ...], times: int) -> None:
        self._sent += 1
        encoded = msgspec.msgpack.encode(items)
        with self._told():
            future = self._client.submit(
                workshop.grade_here, self._name, encoded, key=f"{self._name}-{self._sent}", pure=False
            )
            self._chunks[future] = items, times
            future.add_done_callback(self._ended.put)

    def _next(self) -> Any:
        """A chunk that has ended."""
        while True:
            with contextlib.suppress(queue.Empty):
                return self._ended.get(timeout=_COUNT_SECONDS)
            self._count_threads()

    def _demanded(self, future: Any) -> bytes:
        """What a future brings, without which nothing can be graded."""
        try:
            return self._result(future)
        except distributed.KilledWorker as error:
            raise error_of(_fault(error)) from error

    def _result(self, future: Any) -> bytes:
        """What a future brings. Raises KilledWorker where each worker that was given it was lost."""
        while True:
            try:
                result: bytes = future.result(timeout=_COUNT_SECONDS)
            except TimeoutError:
                self._count_threads()
            except distributed.KilledWorker:
                raise
            except _LOST_SCHEDULER as error:
                raise self._no_answer(error) from error
            except Exception as error:
                raise HarnessError(f"a Dask worker has failed: {error!r}", hint=_GO_ON) from error
            else:
                return result

    def _count_threads(self) -> None:
        """Hear now and then of workers that have joined or left. Raises HarnessError where none are left for long."""
        now = time.monotonic()
        if now - self._counted < _COUNT_SECONDS:
            return
        with self._told():
            there = sum(self._client.nthreads().values())
        self._counted = now
        if there:
            self._threads, self._staffed = there, now
        elif now - self._staffed > _WITHOUT_WORKERS_SECONDS:
            raise HarnessError(
                f"the Dask scheduler at {self._address} has had no workers for {_WITHOUT_WORKERS_SECONDS:.0f} s",
                hint=f"{_GO_ON}; workers are started by: dask worker {self._address}",
            )

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Say of a lost scheduler that it is lost. Only for what asks it: the store may fail in the same words."""
        try:
            yield
        except (*_LOST_SCHEDULER, TimeoutError) as error:
            raise self._no_answer(error) from error

    def _no_answer(self, error: BaseException) -> HarnessError:
        why = " ".join(str(error).split())
        return HarnessError(f"the Dask scheduler at {self._address} does not answer any more: {why}", hint=_GO_ON)


def _fault(error: BaseException) -> Fault:
    return fault_of(HarnessError(f"each worker that was given it was lost: {error}"))


def _better_size(items: int, seconds: float, tasks: int, threads: int) -> int:
    """How many items take about `_CHUNK_SECONDS`, but no more than leave something to each thread at the end."""
    fitting = int(_CHUNK_SECONDS * items / max(seconds, 1e-3))
    share = tasks // (4 * threads)
    return max(1, min(fitting, share, _MOST_IN_A_CHUNK))


def _checks(said: bytes) -> tuple[CheckInfo, ...]:
    found = msgspec.msgpack.decode(said, type=Fault | list[CheckInfo])
    if isinstance(found, Fault):
        raise error_of(found)
    return tuple(found)
