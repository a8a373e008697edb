"""A function in a process of its own: results, faults and deaths come back; nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.batch.aside import aside
from grader.errors import HarnessError, UsageError

NOTHING: dict[str, bytes] = {}

ORPHAN = """
import os, sys, time
from grader.batch.aside import aside
def work():
    print(os.getpid(), flush=True)
    time.sleep(600)
aside(work)
"""


def test_the_result_comes_back_from_another_process() -> None:
    assert aside(lambda: str(os.getpid()).encode()) != str(os.getpid()).encode()
    assert aside(lambda: b"x" * 10_000_000) == b"x" * 10_000_000


def test_a_fault_is_raised_here() -> None:
    def refuse() -> bytes:
        raise UsageError("there is no such thing", hint="look again")

    with pytest.raises(UsageError, match="no such thing") as raised:
        aside(refuse)
    assert raised.value.hint == "look again"


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (lambda: NOTHING["missing"], "KeyError"),
        (lambda: os._exit(3), "exit code 3"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "exit code -9"),
    ],
    ids=["bug", "exit", "killed"],
)
def test_what_goes_wrong_there_is_a_fault_of_ours(what: Callable[[], bytes], says: str) -> None:
    with pytest.raises(HarnessError, match=says):
        aside(what)


def test_ctrl_c_is_left_to_the_parent() -> None:
    def interrupted() -> bytes:
        os.kill(os.getpid(), signal.SIGINT)
        return b"went on"

    assert aside(interrupted) == b"went on"


def test_it_ends_with_its_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    for _ in range(200):
        if not Path(f"/proc/{child}").exists() or " Z " in Path(f"/proc/{child}/stat").read_text():
            return
        time.sleep(0.05)
    pytest.fail("the child is still there")
