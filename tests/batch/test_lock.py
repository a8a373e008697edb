"""One command at a time, whatever became of the one before."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.batch.lock import locked
from grader.errors import UsageError

HOLDER = """
import sys, time
from pathlib import Path
from grader.batch.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_the_second_is_told_who_is_first_and_the_dead_hold_nothing(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, tmp_path], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(UsageError, match=rf"process {holder.pid}\)") as refused, locked(tmp_path):
            pass
        assert refused.value.hint
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    with locked(tmp_path):
        assert (tmp_path / "batch.lock").is_file()


def test_it_is_let_go_of(tmp_path: Path) -> None:
    with locked(tmp_path):
        pass
    with locked(tmp_path):
        pass


def test_a_lock_that_is_about_to_go_is_waited_for(tmp_path: Path) -> None:
    """What a killed command had begun ends a moment after it."""
    program = HOLDER.replace("600", "0.7")
    with subprocess.Popen([sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with locked(tmp_path):
            pass
