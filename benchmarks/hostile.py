"""What hostile hand-ins cost a class: one student of each kind, against the same students with honest answers."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.kinds import hostile_kinds
from benchmarks.memory import PeakMemory
from benchmarks.rows import GRADE, ROOT, Row

_STUDENTS = 30
_SLUG, _OTHER, _TRAINED = "01-maxpool", "02-conv-bias", "05-mnist-cnn"
_SECONDS, _MEGABYTES = 10, 300
_PR_SET_CHILD_SUBREAPER = 36
_LOSSES = """
_train = train
def train(*args):
    _train(*args)
    return [5e-324, 1e308, float("inf"), float("nan")]
"""


def measure() -> list[Row]:
    """Two rows: processor time and memory of all processes that the hostile ones add; 05 is trained on both sides."""
    right = {slug: (ROOT / "solutions" / slug / "solution.py").read_text("utf-8") for slug in (_SLUG, _TRAINED)}
    kinds = hostile_kinds(right[_SLUG], _SLUG, _OTHER)
    hostile: dict[str, bytes | str] = {name: content for files in kinds.values() for name, content in files.items()}
    hostile[f"xlosses/{_TRAINED}.py"] = right[_TRAINED] + _LOSSES
    honest: dict[str, bytes | str] = {f"x{kind}/{_SLUG}.py": f"{right[_SLUG]}# {kind}\n" for kind in kinds}
    honest[f"xlosses/{_TRAINED}.py"] = right[_TRAINED]
    others = _STUDENTS - len(kinds) - 1
    neighbours = {f"s{number:02}/{_SLUG}.py": f"{right[_SLUG]}# {number}\n" for number in range(others)}
    with tempfile.TemporaryDirectory() as name:
        # The first run fills caches that every later batch on this machine finds.
        _batch(Path(name, "first"), {**neighbours, **honest})
        without_seconds, without_mb = _batch(Path(name, "without"), {**neighbours, **honest})
        with_seconds, with_mb = _batch(Path(name, "with"), {**neighbours, **hostile})
    return [
        Row(
            "hostile intake: processor time", with_seconds - without_seconds, _SECONDS, "s", False,
            f"{with_seconds:.1f} s with {len(kinds) + 1} of {_STUDENTS} hostile, {without_seconds:.1f} s without",
        ),
        Row(
            "hostile intake: memory", with_mb - without_mb, _MEGABYTES, "MB", False,
            f"{with_mb:.0f} MB of all processes with them, {without_mb:.0f} MB without",
        ),
    ]  # fmt: skip


def _batch(folder: Path, files: Mapping[str, bytes | str]) -> tuple[float, float]:
    """(processor seconds, most megabytes at once) of all processes of a batch."""
    for name, content in files.items():
        path = folder / "class" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    command: list[str | Path] = [*GRADE, "batch", folder / "class", "--out", folder / "out", "--jobs", "2"]
    # What a process leaves running when it ends is ours to wait for: its processor time counts as well.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before = _processor_seconds()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    with PeakMemory(process.pid) as peak:
        assert process.stderr is not None
        said = process.stderr.read()
        process.wait()
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}: {said.decode()[-2000:]}")
    return _processor_seconds() - before, peak.megabytes


def _processor_seconds() -> float:
    """Of all processes that were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
