"""From saving a file to its verdict on screen, against `python -c "import torch"`."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.rows import GRADE, ROOT, Row, import_torch, side_by_side

_SAVES = 15


def measure() -> list[Row]:
    """One row: the work is saved right and wrong in turn."""
    solutions = ROOT / "solutions" / "01-maxpool"
    sources = [(solutions / "solution.py").read_bytes()]
    sources.append(next(iter(sorted((solutions / "misconceptions").glob("*.py")))).read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work.py"
        work.write_bytes(sources[0])
        command = (*GRADE, "watch", "01", "--submission", work)
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as watching:
            _wait_for_verdict(watching)
            saves = 0

            def save() -> float:
                nonlocal saves
                saves += 1
                started = time.perf_counter()
                work.write_bytes(sources[saves % len(sources)])
                _wait_for_verdict(watching)
                return time.perf_counter() - started

            save()  # The first wrong answer has the known ones read.
            ours, bare = side_by_side(save, import_torch, rounds=_SAVES)
            watching.terminate()
    return [Row("watch", ours / bare, 0.1, "x", False, f"{ours * 1000:.0f} ms, import torch {bare:.2f} s")]


def _wait_for_verdict(watching: subprocess.Popen[str]) -> None:
    assert watching.stdout is not None
    for line in watching.stdout:
        if "Ctrl-C ends" in line:
            return
    raise RuntimeError("grade watch has ended")
