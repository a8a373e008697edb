"""`grade problems/01` against `python -c "import torch"`."""

from __future__ import annotations

from benchmarks.rows import GRADE, Row, import_torch, seconds, side_by_side


def measure() -> list[Row]:
    """One row: wall time of one grading, as the student waits for it."""
    solution = "solutions/01-maxpool/solution.py"
    command = (*GRADE, "problems/01", "--submission", solution)
    seconds(command)
    ours, bare = side_by_side(lambda: seconds(command), import_torch, rounds=7)
    return [Row("one grading", ours / bare, 1.05, "x", False, f"{ours:.2f} s, import torch {bare:.2f} s")]
