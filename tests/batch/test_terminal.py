"""A batch that somebody watches: in a terminal, interrupted, and begun a second time beside itself."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import lent
from tests.batch.conftest import RIGHT, Graded, batch, hand_in, percents, results
from tests.conftest import COMMAND, command_line


@pytest.mark.slow
def test_the_second_command_in_a_directory_says_so_and_stops(small: Path, tmp_path: Path) -> None:
    slow = "import time\ntime.sleep(1.2)\n" + RIGHT
    work = hand_in(tmp_path / "work", {f"s{i}/01.py": f"{slow}# {i}\n" for i in range(8)})
    out = tmp_path / "out"
    command = command_line("batch", work, "--out", out, program=lent.borrowing(COMMAND))
    with subprocess.Popen(
        command, cwd=small, pass_fds=lent.descriptors(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as first:
        wait_for(lambda: (out / "batch.lock").exists() and (out / "batch.lock").read_text().strip().isdigit())
        second = batch(small, work, out)
        assert second.code == 2
        assert f"another grade batch is at work in {out} (process {first.pid})" in second.err
        assert first.wait(120) == 0
    assert len(results(out)) == 8


@pytest.mark.slow
def test_ctrl_c_ends_tidily_and_says_how_to_go_on(small: Path, tmp_path: Path) -> None:
    slow = "import time\ntime.sleep(0.5)\n" + RIGHT
    work = hand_in(tmp_path / "work", {f"s{i}/01.py": f"{slow}# {i}\n" for i in range(40)})
    out = tmp_path / "out"
    command = command_line("batch", work, "--out", out)
    with subprocess.Popen(
        command, cwd=small, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as ran:
        wait_for(lambda: len(list(out.rglob("pages/*/*.html"))) > 2)
        os.killpg(ran.pid, signal.SIGINT)
        said = ran.communicate(timeout=60)
    assert ran.returncode == 130
    assert "What is graded is kept; to go on: " in said[1]
    assert f"batch '{work}'" in said[1] or f"batch {work}" in said[1]
    assert "Traceback" not in said[1]
    assert not (out / "results.jsonl").exists()
    done = len(list(out.rglob("pages/*/*.html")))
    again = batch(small, work, out)
    assert again.code == 0
    assert int(again.out.split("Graded ")[1].split()[0]) <= 40 - done
    assert set(percents(out).values()) == {100.0}


@pytest.mark.slow
def test_in_a_terminal_the_progress_is_live(mine: Graded) -> None:
    hand_in(mine.work, {f"new{i}/01.py": f"{RIGHT}# {i}\n" for i in range(10)})
    ours, theirs = pty.openpty()
    command = command_line("batch", mine.work, "--out", mine.out, program=lent.borrowing(COMMAND))
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "90"}
    with subprocess.Popen(
        command, cwd=mine.course, pass_fds=lent.descriptors(), stdout=theirs, stderr=theirs, env=environment
    ) as ran:
        os.close(theirs)
        said = b""
        with contextlib.suppress(OSError):  # Linux reports the other end's closing so.
            while piece := os.read(ours, 1 << 16):
                said += piece
    os.close(ours)
    assert ran.returncode == 0, said
    text = said.decode()
    assert "10 of 10" in text
    assert re.search(r"new\d 01 100 %", text)
    assert "━━━━" in text
    assert "Graded 10 submissions" in text


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)
