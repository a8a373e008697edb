"""Killed at any moment and started again: the same results, byte for byte but for times."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.batch.classroom import write_class
from tests.batch.conftest import batch, pages, percents, timeless
from tests.conftest import command_line
from tests.lent import EVERYTHING, WHOLE

FILES = ("results.jsonl", "scores.csv", "students.json", "notices.csv")


def killed_after(course: Path, source: Path, out: Path, seconds: float) -> bool:
    """Run the real command and end it by SIGKILL after that long; whether it was still at work."""
    command = command_line("batch", source, "--out", out)
    with subprocess.Popen(command, cwd=course, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as ran:
        try:
            code = ran.wait(seconds)
            assert code == 0, f"it ended by itself, with {code}"
            return False
        except subprocess.TimeoutExpired:
            ran.send_signal(signal.SIGKILL)
            return True


def check_kills(small: Path, tmp_path: Path, students: int, kills: int) -> None:
    source, whole, pieces = tmp_path / "class", tmp_path / "whole", tmp_path / "pieces"
    write_class(source, students, seed=7)
    started = time.monotonic()
    ran = batch(small, source, whole)
    assert ran.code == 0, ran.err
    longest = time.monotonic() - started
    rng = random.Random(11)
    # Anywhere from the first import to the last file that is written: one moment in each equal part of that time.
    moments = [0.1 + (longest - 0.1) * (part + rng.random()) / kills for part in range(kills)]
    rng.shuffle(moments)
    while moments:
        if killed_after(small, source, pieces, moments[-1]):
            moments.pop()
        else:
            same(whole, pieces)
            shutil.rmtree(pieces)
            moments[-1] *= rng.uniform(0.3, 1)
    ran = batch(small, source, pieces)
    assert ran.code == 0, ran.err
    same(whole, pieces)


def same(whole: Path, pieces: Path) -> None:
    """Whether the results of two directories differ in nothing but times."""
    for name in FILES:
        one, other = ((folder / name).read_text(encoding="utf-8") for folder in (pieces, whole))
        assert timeless(one) == timeless(other), name
    assert pages(pieces) == pages(whole)
    for page in pages(whole):
        one, other = ((folder / page).read_text(encoding="utf-8") for folder in (pieces, whole))
        assert timeless(one) == timeless(other), page
    assert {path.name for path in pieces.iterdir()} == {path.name for path in whole.iterdir()}


@pytest.mark.slow
def test_killed_at_random_moments(small: Path, tmp_path: Path) -> None:
    check_kills(small, tmp_path, students=60 if WHOLE else 30, kills=20 if EVERYTHING else 6 if WHOLE else 3)


@pytest.mark.slow
def test_the_death_of_torchs_process_stops_the_batch_and_the_next_run_goes_on(small: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "class", tmp_path / "out"
    write_class(source, 60)
    command = command_line("batch", source, "--out", out)
    with subprocess.Popen(command, cwd=small, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as ran:
        while len(pages(out)) < 5:
            assert ran.poll() is None
            time.sleep(0.05)
        children = Path(f"/proc/{ran.pid}/task/{ran.pid}/children").read_text(encoding="utf-8").split()
        # What draws pages was forked and looks like the command itself; torch's process was started.
        own = Path(f"/proc/{ran.pid}/cmdline").read_bytes()
        (stem,) = [int(child) for child in children if Path(f"/proc/{child}/cmdline").read_bytes() != own]
        subprocess.run(["kill", "-9", str(stem)], check=True)
        _, said = ran.communicate(timeout=60)
    assert ran.returncode == 4, said
    assert "in a row" in said
    assert batch(small, source, out).code == 0
    assert len(percents(out)) >= 55
