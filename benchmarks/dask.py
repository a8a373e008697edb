"""A batch on a Dask cluster of this machine's own, against the same batch by as many local workers."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from benchmarks.rows import GRADE, Row, seconds, side_by_side
from benchmarks.submissions import write_class

_SLUG = "01-maxpool"
_STUDENTS = 400
_WORKERS = 2
_ROUNDS = 2
_START_SECONDS = 60.0


def measure() -> list[Row]:
    """One row. The cluster is up already; what the batch does to make its workers ready counts."""
    with tempfile.TemporaryDirectory() as name, _cluster(Path(name)) as address:
        folder, outs = Path(name), count()
        write_class(folder / "class", _SLUG, _STUDENTS)

        def batch(*where: str) -> float:
            out = folder / f"out{next(outs)}"
            return seconds((*GRADE, "batch", folder / "class", "--problem", _SLUG, "--out", out, *where))

        batch("--jobs", str(_WORKERS))  # Fills the caches.
        dask, local = side_by_side(
            lambda: batch("--dask", address), lambda: batch("--jobs", str(_WORKERS)), rounds=_ROUNDS
        )
    return [
        Row(
            "Dask", dask / local, 1.15, "x", False,
            f"{_STUDENTS} submissions: {dask:.1f} s by {_WORKERS} workers of a cluster, {local:.1f} s by local ones",
        )
    ]  # fmt: skip


@contextmanager
def _cluster(folder: Path) -> Iterator[str]:
    """A scheduler and workers; its address."""
    place = folder / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    scheduler = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(place)]
    running = [_silent([*dask, *scheduler])]
    try:
        _wait_until(place.exists)
        address = json.loads(place.read_text(encoding="utf-8"))["address"]
        for number in range(_WORKERS):
            own = ["--nthreads", "1", "--no-dashboard", "--local-directory", str(folder / f"worker{number}")]
            running.append(_silent([*dask, "worker", address, *own]))
        import distributed

        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(_WORKERS, timeout=_START_SECONDS)
        yield address
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait()


def _silent(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError("no Dask scheduler has come up")
        time.sleep(0.05)
