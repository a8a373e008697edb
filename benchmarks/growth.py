"""What a large class costs for each submission, and in memory, against a small one."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.memory import PeakMemory
from benchmarks.rows import ROOT, Row
from benchmarks.submissions import write_class

_SLUG = "01-maxpool"
_SMALL, _LARGE = 100, 3000
_MOST_MB = 1000

# The command, and then what it took: seconds of grading and publishing, without the start, and its own peak memory.
_MEASURED = """
import pathlib, re, time
from grader.cli import progress
from grader.batch import run
begun = []
planned = progress._Lines.planned
def watched(self, plan):
    planned(self, plan)
    begun.append(time.perf_counter())
progress._Lines.planned = watched
from grader.cli import main
try:
    main()
finally:
    took = time.perf_counter() - begun[0]
    # The peak that getrusage knows is the parent's, where that was larger.
    print("TOOK", took, re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1])
"""


def measure() -> list[Row]:
    """Three rows: seconds per submission and peak memory of the driving process, at 3,000 against 100; of all there."""
    small_seconds, small_kb, _ = _batch(_SMALL)
    large_seconds, large_kb, all_mb = _batch(_LARGE)
    # What is paid once whatever the size, torch's import above all, would flatter the large class.
    once = _start()
    each = [(small_seconds - once) / _SMALL, (large_seconds - once) / _LARGE]
    return [
        Row(
            "growth: seconds per submission", each[1] / each[0], 1.1, "x", False,
            f"{each[1] * 1000:.0f} ms at {_LARGE:,}, {each[0] * 1000:.0f} ms at {_SMALL}",
        ),
        Row(
            "growth: memory of the driver", large_kb / small_kb, 1.1, "x", False,
            f"{large_kb / 1024:.1f} MB at {_LARGE:,}, {small_kb / 1024:.1f} MB at {_SMALL}",
        ),
        Row("growth: memory of all processes", all_mb, _MOST_MB, "MB", False, f"at {_LARGE:,}"),
    ]  # fmt: skip


def _start() -> float:
    return _batch(1)[0]


def _batch(students: int) -> tuple[float, int, float]:
    """(seconds from the first submission on, kilobytes, megabytes of all processes) of a batch of that size."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_class(folder / "class", _SLUG, students)
        command = [sys.executable, "-c", _MEASURED, "batch", f"{folder}/class", "--out", f"{folder}/out"]
        command += ["--problem", _SLUG]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        with PeakMemory(process.pid) as peak:
            said, wrong = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}: {wrong[-2000:]}")
    took = next(line for line in said.splitlines() if line.startswith("TOOK")).split()
    return float(took[1]), int(took[2]), peak.megabytes
