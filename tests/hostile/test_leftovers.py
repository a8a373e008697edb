"""Hundreds of hostile gradings on one bench: nothing is left behind, and the trusted side does not grow."""

from __future__ import annotations

import contextlib
import os
import time
from itertools import cycle, islice
from pathlib import Path

import pytest

from grader.bench import Bench
from grader.sandbox.launch import Stem
from tests.conftest import COMMAND_SECONDS
from tests.hostile.cases import CASES
from tests.hostile.conftest import Grader
from tests.lent import EVERYTHING, WHOLE
from tests.sandbox.test_zygote import descendants, groups_of

# What leaks a process, a descriptor or a mount shows in any number; the more gradings, the less memory can leak unseen.
MORE = 300 if EVERYTHING else 100 if WHOLE else 40
# What is left of a process's memory after the first round differs by what its allocator keeps for later.
_SPARE_KILOBYTES = 12_000
# These wait for a deadline, again and again: four seconds for what others do in a twentieth of one.
SLOW = {"thread_that_answers_early", "traceback_of_many_frames", "operators_that_are_no_text", "hidden_inputs_by_time"}
QUICK = [case for case in CASES if case.family in ("forging", "reading", "escaping") and case.name not in SLOW]


def kilobytes(pid: int) -> int:
    """Memory that is a process's own, not shared with the one that it was forked from."""
    fields = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in fields.splitlines() if line.startswith("Private"))


def descriptors(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def left_in(place: str, before: set[str]) -> set[str]:
    """What is new there and stays. Other graders' scratch folders come and go meanwhile."""
    left = {name for name in set(os.listdir(place)) - before if "torchgrade" in name}
    deadline = time.monotonic() + COMMAND_SECONDS
    while left and time.monotonic() < deadline:
        time.sleep(0.5)
        left &= set(os.listdir(place))
    return left


@pytest.mark.slow
def test_nothing_is_left_and_nothing_grows(hostile_course: Path) -> None:
    with Stem() as stem, Bench(stem=stem) as bench:
        grader = Grader(bench, hostile_course)
        attacks = cycle(QUICK)
        for case in islice(attacks, len(QUICK)):  # Each once: problems are collected, misconceptions asked.
            grader.hostile(case)
        processes = descendants(stem._process.pid)
        before = {pid: (kilobytes(pid), descriptors(pid)) for pid in processes}
        mounts = {pid: Path(f"/proc/{pid}/mounts").read_text() for pid in processes}
        groups = groups_of(stem._process.pid)
        files = {place: set(os.listdir(place)) for place in ("/tmp", "/var/tmp", "/dev/shm")}

        for case in islice(attacks, MORE):
            grader.hostile(case)
        assert grader.honest("02-conv-bias").percent == 100

        assert set(descendants(stem._process.pid)) == set(processes), "a process more, or one that had to be replaced"
        for pid in processes:
            memory, opened = before[pid]
            assert kilobytes(pid) - memory < _SPARE_KILOBYTES
            assert descriptors(pid) == opened
            assert Path(f"/proc/{pid}/mounts").read_text() == mounts[pid]
        assert groups_of(stem._process.pid) == groups
        for place, names in files.items():
            assert not left_in(place, names)
    assert descendants(stem._process.pid) == {}
    assert not [folder for folder in groups if folder.exists()]
    with contextlib.suppress(FileNotFoundError):
        pytest.fail(f"the stem is still there: {Path(f'/proc/{stem._process.pid}/stat').read_text()}")
