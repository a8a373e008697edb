"""How long the desk of a class of 300 takes for a page, and to see that a grade has changed."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.rows import GRADE, ROOT, Row
from benchmarks.submissions import write_class

_SLUGS = ("01-maxpool", "02-conv-bias", "03-functional-vs-module", "04-parameter-counts")
_STUDENTS = 300
_CONTENTS = 24
"""Distinct answers to one problem."""
_TIMES = 20
_MOST_MS = 100


def measure() -> list[Row]:
    """One row: the slowest of the pages, each by its median, on a desk that nobody else uses."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_copies(folder / "class")
        problems = [word for slug in _SLUGS for word in ("--problem", slug)]
        batch = [*GRADE, "batch", f"{folder}/class", "--out", f"{folder}/out", *problems]
        subprocess.run(batch, cwd=ROOT, capture_output=True, check=True)
        return [measured(folder / "out")]


def write_copies(folder: Path) -> None:
    """A class in which many hand in the same: little is graded, and everything shown."""
    for slug in _SLUGS:
        written = write_class(folder, slug, _CONTENTS)
        for number in range(_CONTENTS, _STUDENTS):
            path = folder / f"student{number:04}" / f"{slug}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(written[(number * 7 + len(slug)) % _CONTENTS].read_bytes())


def measured(out: Path) -> Row:
    """The row, of results that are there."""
    desk = subprocess.Popen([*GRADE, "desk", str(out)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert desk.stdout is not None
    try:
        address = desk.stdout.readline().strip()
        one, other = "student0001", "student0003"
        pages = {
            "class": "",
            "live": "live?n=0",
            "answer": f"answer/{one}/{_SLUGS[0]}",
            "report": f"report/{one}/{_SLUGS[0]}",
            "likenesses": "alike",
            "pair": f"alike/{_SLUGS[0]}/{one}/{other}",
            "notices": "notices",
            "adjustments": "adjustments",
            "hand back": "hand-back",
        }
        _get(address + "alike")  # Compared once, and then kept.
        took = {name: _median(partial(_get, address + path)) for name, path in pages.items()}
    finally:
        desk.terminate()
        desk.wait()
    name, slowest = max(took.items(), key=lambda item: item[1])
    detail = ", ".join(f"{each} {value:.0f}" for each, value in took.items())
    return Row(f"desk: a page of a class of {_STUDENTS}", slowest, _MOST_MS, "ms", False, f"{name}; {detail}")


def _median(work: Callable[[], object]) -> float:
    """Milliseconds."""
    took = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        work()
        took.append(1000 * (time.perf_counter() - started))
    return statistics.median(took)


def _get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as reply:
        content: bytes = reply.read()
        return content


if __name__ == "__main__":
    print(measured(Path(sys.argv[1])))
