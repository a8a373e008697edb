"""A whole course in one batch, against the bare training passes of its one problem that trains, on the same cores."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.rows import GRADE, ROOT, Row, seconds
from benchmarks.submissions import write_class
from benchmarks.training import bare
from grader.problem import open_course

_STUDENTS = 60
_WORKERS = 2


def measure() -> list[Row]:
    """One row. Every student answers every problem; the bare processes train once for each student, and no more."""
    slugs = open_course(ROOT).slugs
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for slug in slugs:
            write_class(folder / "class", slug, _STUDENTS)
        ours = seconds((*GRADE, "batch", folder / "class", "--out", folder / "out", "--jobs", str(_WORKERS)))
    trained = _trained()
    return [
        Row(
            "a whole course", ours / trained, 1.3, "x", False,
            f"{_STUDENTS} students, {len(slugs)} problems: {ours:.0f} s, bare training {trained:.0f} s",
            {"training_seconds": ours * _WORKERS / _STUDENTS},  # The others take a few hundredths of it.
        )
    ]  # fmt: skip


def _trained() -> float:
    """Seconds of all students' bare training passes, shared by as many processes as there are workers."""
    started = time.perf_counter()
    running = [subprocess.Popen(bare(_STUDENTS // _WORKERS), cwd=ROOT) for _ in range(_WORKERS)]
    codes = [process.wait() for process in running]
    if any(codes):
        raise RuntimeError("the bare training has ended with an error")
    return time.perf_counter() - started
