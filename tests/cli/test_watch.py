"""`grade watch`: a new verdict for each save, whatever the editor does meanwhile, until Ctrl-C."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests import lent
from tests.conftest import COMMAND, COMMAND_SECONDS, ROOT, command_line

pytestmark = pytest.mark.slow

SOLUTION = (ROOT / "solutions" / "02-conv-bias" / "solution.py").read_text(encoding="utf-8")
WAITING = "Ctrl-C ends"


class Watching:
    """A running `grade watch`, and what it has said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def next_line(self) -> str:
        return self._lines.get(timeout=COMMAND_SECONDS)

    def verdict(self) -> str:
        """Everything up to the next time that it waits."""
        said = ""
        while WAITING not in said:
            said += self._lines.get(timeout=COMMAND_SECONDS)
        return said

    def silent(self, seconds: float) -> bool:
        try:
            self._lines.get(timeout=seconds)
        except queue.Empty:
            return True
        return False


@pytest.fixture
def watch(course: Path) -> Iterator[Callable[..., Watching]]:
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str | Path, command: Sequence[str] = (), cold: bool = False, **environment: str) -> Watching:
        words = ("watch", "02", *map(str, arguments))
        ours = command_line(*words, program=COMMAND if cold else lent.borrowing(COMMAND))
        process = subprocess.Popen(
            [*command, *words] if command else ours,
            cwd=course, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "COLUMNS": "100", **environment}, pass_fds=() if cold or command else lent.descriptors(),
        )  # fmt: skip
        started.append(process)
        return Watching(process)

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_each_save_brings_a_verdict(watch: Callable[..., Watching], course: Path) -> None:
    folder = course / "problems" / "02-conv-bias"
    watching = watch("--html", folder / "report.html", cold=True)
    first = watching.verdict()
    assert "now holds the stub" in first
    assert "0 of 10 points" in first
    assert watching.silent(0.5), "its own report, written beside the work, is no save"

    work = folder / "submission.py"
    work.write_text(SOLUTION, encoding="utf-8")
    assert "10 of 10 points" in watching.verdict()
    assert "10 of 10" in (folder / "report.html").read_text(encoding="utf-8")

    # As editors save: a new file in place of the old one.
    (folder / "submission.py~").write_text(SOLUTION.replace("bias", "bais", 1) + "\ndef f(:\n", encoding="utf-8")
    (folder / "submission.py~").replace(work)
    assert "SyntaxError" in watching.verdict()

    work.write_text(SOLUTION, encoding="utf-8")
    assert "10 of 10 points" in watching.verdict()

    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(COMMAND_SECONDS) == 0, "as the last verdict was"


def test_work_that_is_taken_away_is_told_and_waited_for(watch: Callable[..., Watching], tmp_path: Path) -> None:
    work = tmp_path / "work" / "mine.py"
    work.parent.mkdir()
    work.write_text("", encoding="utf-8")
    watching = watch("--submission", work)
    assert "is empty" in watching.verdict()
    work.unlink()
    assert "there is no" in watching.verdict()
    (work.parent / "helper.py").write_text(SOLUTION, encoding="utf-8")
    assert "there is no" in watching.verdict()
    work.write_text("from helper import *\n", encoding="utf-8")
    assert "10 of 10 points" in watching.verdict()
    (work.parent / "helper.py").write_text("build_conv = conv_with_bias = None\n", encoding="utf-8")
    assert "0 of 10 points" in watching.verdict()
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(COMMAND_SECONDS) == 1


def test_nothing_that_could_be_graded_is_exit_3(watch: Callable[..., Watching], tmp_path: Path) -> None:
    watching = watch("--submission", tmp_path / "nothing.py")
    assert "there is no" in watching.verdict()
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(COMMAND_SECONDS) == 3


def test_an_answer_that_was_deleted_can_be_begun_anew(watch: Callable[..., Watching], course: Path) -> None:
    work = course / "problems" / "02-conv-bias" / "submission.py"
    work.write_text(SOLUTION, encoding="utf-8")
    watching = watch()
    assert "10 of 10 points" in watching.verdict()
    work.unlink()
    said = watching.verdict()
    assert "submission.py is gone" in said
    assert "grade start 02" in said
    work.write_text(SOLUTION, encoding="utf-8")
    assert "10 of 10 points" in watching.verdict()


def test_it_ends_when_torchgrade_itself_changes(watch: Callable[..., Watching], course: Path, tmp_path: Path) -> None:
    """A part of it is in memory: graded with the rest of another version, a verdict would be nobody's."""
    package = tmp_path / "installed" / "grader"
    shutil.copytree(ROOT / "grader", package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "templates", package / "templates", dirs_exist_ok=True)
    work = course / "problems" / "02-conv-bias" / "submission.py"
    work.write_text(SOLUTION, encoding="utf-8")
    watching = watch(command=[sys.executable, "-m", "grader"], PYTHONPATH=str(package.parent))
    assert "10 of 10 points" in watching.verdict()
    os.utime(package / "scoring.py")
    work.write_text(f"{SOLUTION}\n# saved again\n", encoding="utf-8")
    assert "10 of 10 points" in watching.verdict(), "written anew, the same"
    with (package / "scoring.py").open("a", encoding="utf-8") as file:
        file.write("# another version\n")
    work.write_text(SOLUTION, encoding="utf-8")
    assert watching.process.wait(COMMAND_SECONDS) == 4
    assert "torchgrade was changed while it ran" in watching.next_line()
    assert "begin again: grade watch 02" in watching.next_line()
