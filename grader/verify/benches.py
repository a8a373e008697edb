"""Several benches on one stem, and work that is shared among them."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from grader.bench import Bench
from grader.sandbox.launch import Stem

_Item = TypeVar("_Item")


@contextlib.contextmanager
def side_by_side(count: int, stem: Stem, *, without: Iterable[str] = ()) -> Iterator[list[Bench]]:
    """So many benches, closed at the end."""
    benches = [Bench(without=without, stem=stem) for _ in range(count)]
    try:
        yield benches
    finally:
        for bench in benches:
            bench.close()


def share(benches: Sequence[Bench], items: Iterable[_Item], do: Callable[[Bench, _Item], None]) -> None:
    """Call `do` for each item, on as many benches at once as there are. Raises what a call raises; the rest is left."""
    waiting: queue.SimpleQueue[_Item] = queue.SimpleQueue()
    for item in items:
        waiting.put(item)
    faults: list[Exception] = []

    def work(bench: Bench) -> None:
        while not faults:
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                do(bench, item)
            except Exception as error:
                faults.append(error)

    threads = [threading.Thread(target=work, args=(bench,)) for bench in benches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
