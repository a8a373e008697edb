"""`grade batch` against pytest in a fresh process for each submission, and against the bare floor."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from benchmarks.rows import GRADE, ROOT, Row, seconds, side_by_side
from benchmarks.submissions import write_class

_SLUG = "01-maxpool"
_STUDENTS = 200
_SAMPLE = 12
"""Of pytest's runs, which all take the same time; 200 would take a quarter of an hour."""
_ROUNDS = 3
_WORKERS = 2
_ONE_THREAD = {**os.environ, "OMP_NUM_THREADS": "1"}


def measure() -> list[Row]:
    """Two rows, both ratios of seconds per submission: everything included, start and reports too."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_class(folder / "class", _SLUG, _STUDENTS)
        command = (*GRADE, "batch", folder / "class", "--problem", _SLUG, "--jobs", str(_WORKERS))
        # The first run fills caches that every later batch on this machine finds.
        seconds((*command, "--out", folder / "first"))
        outs = count()
        ours, fresh = side_by_side(
            lambda: seconds((*command, "--out", folder / f"out{next(outs)}")) / _STUDENTS,
            lambda: _fresh(files[:_SAMPLE]),
            rounds=_ROUNDS,
        )
        floor, floor_of_two = side_by_side(lambda: _floor(files), lambda: _floor_of_two(files), rounds=1)
    told = f"{ours * 1000:.0f} ms a submission"
    return [
        Row(
            "batch throughput", fresh / ours, 50, "x", True, f"{told}, pytest {fresh * 1000:.0f} ms",
            {"quick_seconds": ours * _WORKERS},
        ),
        Row(
            "cost over the bare floor", ours / floor, 1, "x", False,
            f"{told}, floor {floor * 1000:.0f} ms in one process, {floor_of_two * 1000:.0f} ms in two",
        ),
    ]  # fmt: skip


def _fresh(files: Sequence[Path]) -> float:
    """Seconds per submission of ``python -m pytest`` in a process of its own for each, two at a time."""
    checks = ROOT / "problems" / _SLUG / "checks"
    started = time.perf_counter()
    running: list[subprocess.Popen[bytes]] = []
    for file in files:
        while len([process for process in running if process.poll() is None]) >= _WORKERS:
            time.sleep(0.01)
        command: list[str | Path] = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-c",
            os.devnull,
            "--rootdir",
            checks,
            "-p",
            "benchmarks.plain",
        ]
        running.append(
            subprocess.Popen(
                [*command, checks, "--submission", file],
                cwd=ROOT,
                env=_ONE_THREAD,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
    codes = [process.wait() for process in running]
    elapsed = time.perf_counter() - started
    # 0: all passed; 1: some did not, as they should in half of the submissions.
    if not {0, 1} >= set(codes) or 0 not in codes:
        raise RuntimeError(f"pytest ended with {codes}")
    return elapsed / len(files)


def _floor(files: Sequence[Path]) -> float:
    """Seconds per submission of the bare floor: one process, one fork after another."""
    started = time.perf_counter()
    _wait([_floor_process(files)])
    return (time.perf_counter() - started) / len(files)


def _floor_of_two(files: Sequence[Path]) -> float:
    """The same in two processes side by side, each with half of the submissions."""
    started = time.perf_counter()
    _wait([_floor_process(files[half::2]) for half in range(2)])
    return (time.perf_counter() - started) / len(files)


def _floor_process(files: Sequence[Path]) -> subprocess.Popen[bytes]:
    command: list[str | Path] = [sys.executable, "-m", "benchmarks.plain", ROOT / "problems" / _SLUG, *files]
    return subprocess.Popen(command, cwd=ROOT, env=_ONE_THREAD, stdout=subprocess.DEVNULL)


def _wait(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    codes = [process.wait() for process in processes]
    if any(codes):
        raise RuntimeError(f"the floor ended with {codes}")
