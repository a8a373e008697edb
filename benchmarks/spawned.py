"""The tier of Windows and macOS, where checker and room import torch each for themselves."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.rows import GRADE, ROOT, Row, import_torch, seconds, side_by_side
from grader.bench import Bench
from grader.grade import Given, grade_one
from grader.intake.single import read_submission
from grader.problem import open_course
from grader.tiers import SandboxMode

_SLUG = "01-maxpool"
_SOLUTION = f"solutions/{_SLUG}/solution.py"


def measure() -> list[Row]:
    """Two rows: one grading as a whole, and a further verdict where everything is up."""
    command = (*GRADE, "01", "--submission", _SOLUTION, "--sandbox", "process")
    seconds(command)
    ours, bare = side_by_side(lambda: seconds(command), import_torch, rounds=5)
    detail = f"{ours:.2f} s, import torch {bare:.2f} s"
    return [Row("spawned tier", ours / bare, 1.6, "x", False, detail), _again()]


def _again() -> Row:
    problem = open_course(ROOT).load(_SLUG)
    given = problem, read_submission(Path(ROOT / _SOLUTION), names=problem.names)
    with Bench(SandboxMode.PROCESS) as bench:

        def verdict() -> float:
            time.sleep(bare_at_first)  # A student reads and writes: the next room is ready by then.
            started = time.perf_counter()
            grade_one(Given(*given, bench))
            return time.perf_counter() - started

        bare_at_first = import_torch()
        verdict()
        ours, bare = side_by_side(verdict, import_torch, rounds=5)
    detail = f"{ours * 1000:.0f} ms, import torch {bare:.2f} s"
    return Row("spawned tier, once up", ours / bare, 0.1, "x", False, detail)
