"""A function applied to what students made, item by item, in a process that may die over any of them.

Theory of operation
===================

    owner ──────────── items and results ────────────▶ worker    calls the function within bounds, one item at a time
      └──── control ──── keeper ── forks ──▶ worker              forks the next worker when one has died

The keeper is forked from the owner once, early, while what the function needs is loaded and the owner has no threads of
its own; it does nothing but fork workers. So a worker that dies costs a fork of some milliseconds, not a start.

Each item may use so many seconds of processor time (not of the clock: a busy machine changes no result) and each
worker so much memory above what it began with. Whatever happens to a worker, the owner sees its socket close: it asks
the keeper for the next one, gives it the same item alone, and if that worker dies, too, the item is `ItemFailed`. An
exception that the function raises would be raised again, so it is `ItemFailed` at once, and the worker goes on.

For small items a message costs more than the work, so `each` sends many in one, and the worker keeps results together
likewise. Where it dies before it has answered all, each that is left is asked again by itself.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BufferedReader
from pathlib import Path
from types import TracebackType

from grader.batch import frames
from grader.batch.aside import end_with
from grader.text import plain

if sys.platform != "win32":
    import resource

CPU_SECONDS = 2.0
CLOCK_SECONDS = 60.0
MEMORY_MB = 256
MOST_MB = 64
"""A result may have; the owner takes memory for no more."""
_ATTEMPTS = 2
_MEMORY_EXIT = 77
_MOST_SAID = 300


class ItemFailed(Exception):
    """The function came to no result for this item; the message is a sentence without a full stop."""


class Contained:
    """`function`, from bytes to bytes, contained. Use as a context manager; the first call forks, `start` does before.

    `keeps_files` says that the function reads files which the owner has open.
    """

    def __init__(
        self,
        function: Callable[[bytes], bytes],
        *,
        cpu_seconds: float = CPU_SECONDS,
        memory_mb: int = MEMORY_MB,
        most_mb: int = MOST_MB,
        keeps_files: bool = False,
    ) -> None:
        self._function = function
        self._cpu_seconds = cpu_seconds
        self._memory_mb = memory_mb
        self._most = most_mb << 20
        self._keeps_files = keeps_files
        self._keeper = 0
        self._control: socket.socket | None = None
        self._worker: socket.socket | None = None
        self._replies: BufferedReader | None = None
        self._death = ""

    def __enter__(self) -> Contained:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __call__(self, item: bytes) -> bytes:
        """What the function makes of `item`. Raises ItemFailed where it makes nothing of it."""
        for _ in range(_ATTEMPTS):
            for result in self._answers([item]):
                if isinstance(result, ItemFailed):
                    raise result
                return result
        # The keeper has told by now how the last one ended.
        self._next_worker()
        raise ItemFailed(self._death)

    def each(self, items: Iterable[bytes]) -> Iterator[bytes | ItemFailed]:
        """What the function makes of each item, in their order, and ItemFailed where it makes nothing of it.

        Nothing else can be asked until it has ended.
        """
        for message in frames.messages(items):
            answers = self._answers(message)
            for item in message:
                result = next(answers, None)
                if result is None:
                    try:
                        result = self(item)
                    except ItemFailed as failure:
                        result = failure
                yield result

    def _answers(self, items: Sequence[bytes]) -> Iterator[bytes | ItemFailed]:
        """What the worker makes of `items`; fewer, where it dies over one of them."""
        asked = len(items)
        try:
            if self._worker is None:
                self._next_worker()
            assert self._worker is not None
            assert self._replies is not None
            frames.send(self._worker, [*((frames.MORE, item) for item in items[:-1]), (frames.LAST, items[-1])])
            while asked:
                kind, content = frames.receive(self._replies, self._most)
                asked -= 1
                yield content if kind == frames.RESULT else ItemFailed(content.decode("utf-8", "replace"))
        except (OSError, EOFError, ItemFailed):
            pass
        finally:
            # One that is gone, or whose next reply nobody has waited for, is of no further use.
            if asked:
                self._leave_worker()

    def start(self) -> None:
        """Fork the keeper, if that was not done yet."""
        if self._control is not None:
            return
        self._control, other = socket.socketpair()
        owner = os.getpid()
        self._keeper = os.fork()
        if self._keeper == 0:
            try:
                end_with(owner)
                self._control.close()
                gc.disable()
                if not self._keeps_files:
                    _close_all_but(other.fileno())
                self._keep(other)
            finally:
                os._exit(0)
        other.close()

    def close(self) -> None:
        """End keeper and worker."""
        self._leave_worker()
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._keeper:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._keeper, signal.SIGKILL)
            os.waitpid(self._keeper, 0)
            self._keeper = 0

    def _leave_worker(self) -> None:
        for end in (self._replies, self._worker):
            if end is not None:
                end.close()
        self._worker = self._replies = None

    def _next_worker(self) -> None:
        """Take the worker that the keeper has forked; with it comes how the one before ended."""
        self.start()
        assert self._control is not None
        message, descriptors, _, _ = socket.recv_fds(self._control, 1024, 1)
        if not descriptors:
            raise ItemFailed("the process that contains it has ended")
        self._death = message.decode().strip()
        self._worker = socket.socket(fileno=descriptors[0])
        self._replies = frames.buffered(self._worker)

    # -- in the keeper ---------------------------------------------------------------------------

    def _keep(self, control: socket.socket) -> None:
        death = " "
        while True:
            mine, theirs = socket.socketpair()
            keeper, worker = os.getpid(), os.fork()
            if worker == 0:
                try:
                    end_with(keeper)
                    control.close()
                    theirs.close()
                    self._work(mine)
                finally:
                    os._exit(0)
            mine.close()
            socket.send_fds(control, [death.encode()], [theirs.fileno()])
            theirs.close()
            _, status = os.waitpid(worker, 0)
            death = self._how_it_ended(os.waitstatus_to_exitcode(status))

    def _how_it_ended(self, code: int) -> str:
        if code == _MEMORY_EXIT:
            return "it takes more memory than there is for it"
        if code >= 0:
            return f"its process ended with exit code {code}"
        match signal.Signals(-code):
            case signal.SIGPROF:
                return f"it takes more than {self._cpu_seconds:g} s of processor time"
            case signal.SIGALRM:
                return f"it does not end within {CLOCK_SECONDS:g} s"
            case other:
                return f"its process was killed by {other.name}"

    # -- in the worker ---------------------------------------------------------------------------

    def _work(self, owner: socket.socket) -> None:
        # What the owner left is never collected: its files may be closed here, and their numbers used anew.
        gc.freeze()
        gc.enable()
        _limit_memory(self._memory_mb)
        asked = frames.buffered(owner)
        while True:
            try:
                items = frames.message(asked)
            except (OSError, EOFError):
                return
            results: list[tuple[int, bytes]] = []
            held = 0
            for item in items:
                results.append(self._result(item))
                held += len(results[-1][1])
                if held > frames.SMALL:
                    frames.send(owner, results)
                    results, held = [], 0
            frames.send(owner, results)

    def _result(self, item: bytes) -> tuple[int, bytes]:
        signal.setitimer(signal.ITIMER_PROF, self._cpu_seconds)
        signal.setitimer(signal.ITIMER_REAL, CLOCK_SECONDS)
        try:
            kind, content = frames.RESULT, self._function(item)
        except MemoryError:
            # What is left of this process is not trusted with another item.
            os._exit(_MEMORY_EXIT)
        except Exception as error:
            kind, content = frames.FAILED, _told(error)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        if len(content) > self._most:
            kind, content = frames.FAILED, f"what it comes to has more than {self._most >> 20} MB".encode()
        return kind, content


def _told(error: Exception) -> bytes:
    return plain(f"{type(error).__name__}: {error}"[:_MOST_SAID]).encode("utf-8", "replace")


def _limit_memory(megabytes: int) -> None:
    """Let this process have so much more than it has now; where /proc does not say how much that is, no limit."""
    _lower(resource.RLIMIT_CORE, 0)
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        _lower(resource.RLIMIT_AS, pages * resource.getpagesize() + (megabytes << 20))


def _lower(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))


def _close_all_but(kept: int) -> None:
    """Close what was inherited: whoever waits for the other end of a socket must not wait for this process."""
    os.closerange(3, kept)
    os.closerange(kept + 1, 1 << 16)
