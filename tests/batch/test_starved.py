"""Batches on a machine without the memory for all their workers at once; a control group is that machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.walls import cgroup
from tests.batch.conftest import RIGHT, hand_in, percents, table
from tests.conftest import COMMAND_SECONDS, Ran

pytestmark = pytest.mark.slow

MACHINE_MB = 1200
# What its problem allows; one fits into the machine, beside the grader itself, and two never do.
HUNGRY = """
import time

def double(x):
    kept = bytearray(b"x") * ({megabytes} << 20)
    time.sleep(0.4)
    return x + x
"""


@pytest.fixture
def little_memory() -> Iterator[int]:
    """A descriptor by which a process enters a group of `MACHINE_MB`."""
    try:
        group = cgroup.create(f"torchgrade-{os.getpid()}-test")
    except OSError as error:
        pytest.skip(f"no control group can be made here: {error}")
    group.limit(MACHINE_MB)
    yield group.entrances[0]
    group.remove()


@pytest.fixture
def generous(small: Path) -> Path:
    """The small course, whose first problem allows more than the machine has."""
    path = small / "problems" / "01-double" / "problem.yaml"
    text = path.read_text(encoding="utf-8")
    for name, value in (("memory_mb", 4096), ("call_seconds", 60), ("total_seconds", 120)):
        text, found = re.subn(rf"{name}: .*", f"{name}: {value}", text)
        assert found == 1, name
    path.write_text(text, encoding="utf-8")
    return small


def batch_within(entrance: int, course: Path, work: Path, out: Path, log: Path) -> Ran:
    """`grade batch` with two workers, in the group."""
    code = f"import os; os.write({entrance}, b'0'); from grader.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code, "batch", work, "--out", out, "--jobs", "2"],
        cwd=course,
        env={**os.environ, "TORCHGRADE_LOG": str(log)},
        pass_fds=(entrance,),
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def test_two_that_do_not_fit_together_are_graded_one_after_the_other(
    generous: Path, tmp_path: Path, little_memory: int
) -> None:
    work = hand_in(tmp_path / "work", {f"s{i}/01.py": HUNGRY.format(megabytes=640) + f"# {i}\n" for i in range(3)})
    out, log = tmp_path / "out", tmp_path / "log"
    ran = batch_within(little_memory, generous, work, out, log)
    assert ran.code == 0, ran.err
    assert percents(out) == {(f"s{i}", "01-double"): 100.0 for i in range(3)}
    assert "fault" not in ran.out
    # Once only: the last one is never let go.
    assert log.read_text(encoding="utf-8").count("a worker less") == 1


def test_one_that_does_not_fit_at_all_is_the_machines_fault_and_no_zero(
    generous: Path, tmp_path: Path, little_memory: int
) -> None:
    files: dict[str, str | bytes] = {f"s{i}/01.py": f"{RIGHT}# {i}\n" for i in range(3)}
    work = hand_in(tmp_path / "work", files | {"odd/01.py": HUNGRY.format(megabytes=2000)})
    out = tmp_path / "out"
    ran = batch_within(little_memory, generous, work, out, tmp_path / "log")
    assert ran.code == 0, ran.err
    assert percents(out) == {(f"s{i}", "01-double"): 100.0 for i in range(3)}
    (fault,) = [row for row in table(out / "notices.csv") if row[1] == "fault"]
    assert fault[:4] == ["odd/01.py", "fault", "odd", "01-double"]
    assert "memory" in fault[4]
