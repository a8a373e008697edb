"""What a page of the desk of a class of 300 costs, as it is and right after a grade was adjusted: processor time."""

from __future__ import annotations

import contextlib
import statistics
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
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
    """One row: the dearest of the pages, each by the median of what the desk and its helpers compute for it."""
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
        took = {name: _median(desk.pid, partial(_get, address + path)) for name, path in pages.items()}
        adjust = partial(_adjust, address, f"{other}/{_SLUGS[0]}")
        took["adjusting"] = _median(desk.pid, adjust)
        took["class, adjusted"] = _median(desk.pid, partial(_get, address), before=adjust)
    finally:
        desk.terminate()
        desk.wait()
    name, slowest = max(took.items(), key=lambda item: item[1])
    detail = ", ".join(f"{each} {value:.0f}" for each, value in took.items())
    return Row(f"desk: a page of a class of {_STUDENTS}", slowest, _MOST_MS, "ms", False, f"{name}; {detail}")


def _median(desk: int, work: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """Milliseconds of processor time."""
    took = []
    for _ in range(_TIMES):
        before()
        started = _cpu_ms(desk)
        work()
        took.append(_cpu_ms(desk) - started)
    return statistics.median(took)


def _cpu_ms(desk: int) -> float:
    """What a desk and its helpers have computed; the commands that it runs write behind the pages, and are left out."""
    found = 0
    for process in _family(desk):
        for schedule in Path(f"/proc/{process}/task").glob("*/schedstat"):
            with contextlib.suppress(OSError):
                found += int(schedule.read_text("ascii").split()[0])
    return found / 1e6


def _family(process: int) -> Iterator[int]:
    """A process and those that it forked; one that runs a program of its own is none."""
    yield process
    program = Path(f"/proc/{process}/cmdline").read_bytes()
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, children.read_text("ascii").split()):
                if Path(f"/proc/{child}/cmdline").read_bytes() == program:
                    yield from _family(child)


def _adjust(address: str, answer: str) -> None:
    fields = {"number": "-0.25", "because": "measured", "back": f"answer/{answer}"}
    origin = {"origin": "/".join(address.split("/")[:3])}
    asked = urllib.request.Request(f"{address}adjust/{answer}", urllib.parse.urlencode(fields).encode(), origin)
    with urllib.request.urlopen(asked, timeout=60) as reply:
        reply.read()


def _get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as reply:
        content: bytes = reply.read()
        return content


if __name__ == "__main__":
    print(measured(Path(sys.argv[1])))
