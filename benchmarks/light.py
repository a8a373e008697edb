"""Commands that need no torch, against `python -c "import torch"`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.rows import GRADE, ROOT, Row, import_torch, seconds, side_by_side
from benchmarks.submissions import write_class

_SLUG = "01-maxpool"
_STUDENTS = 200


def measure() -> list[Row]:
    """One row a command."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_class(folder / "class", _SLUG, _STUDENTS)
        done = (*GRADE, "batch", folder / "class", "--out", folder / "out", "--problem", _SLUG)
        seconds(done)
        begun = 0

        def start() -> float:
            nonlocal begun
            begun += 1
            return _start(folder / str(begun))

        commands = {
            "grade --help": lambda: seconds((*GRADE, "--help")),
            "grade start": start,
            "grade export": lambda: seconds((*GRADE, "export", folder / "out", "--format", "csv")),
            f"grade batch, {_STUDENTS} done already": lambda: seconds(done),
        }
        for title, run in commands.items():
            ours, bare = side_by_side(run, import_torch, rounds=5)
            rows.append(
                Row(f"light: {title}", ours / bare, 0.15, "x", False, f"{ours:.2f} s, import torch {bare:.2f} s")
            )
    return rows


def _start(course: Path) -> float:
    """`grade start` in a course where nothing is begun yet."""
    import shutil

    problem = course / "problems" / _SLUG
    shutil.copytree(ROOT / "problems" / _SLUG, problem, ignore=shutil.ignore_patterns("submission.*", "__pycache__"))
    return seconds((*GRADE, "start", problem))
