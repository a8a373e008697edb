"""`--log`: what every process of a grading says, in one file; off by default, and nothing of it in a room."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, grade

RIGHT = (ROOT / "solutions/02-conv-bias/solution.py").read_text(encoding="utf-8")
LOOKS_FOR_IT = """
import os
for name in os.listdir("/proc/self/fd"):
    try:
        print(os.readlink(f"/proc/self/fd/{name}"))
    except OSError:
        pass
for name in ("environ", "cmdline"):
    try:
        print(open(f"/proc/self/{name}").read())
    except OSError:
        pass
import grader.common.logs as logs
print("DESCRIPTOR", logs.descriptor(), "PATH", repr(logs._path))
logs.note("FORGED BY A STUDENT")
"""
ENTRY = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} (?P<process>[^\[]+)\[\d+\] ", re.MULTILINE)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["auto", "process"])
def test_every_process_says_what_it_does_and_no_room_knows_of_it(
    mode: str, course: Path, write: Callable[..., Path]
) -> None:
    log = course / "what-happened.log"
    work = write(RIGHT + LOOKS_FOR_IT)
    ran = grade("--log", log, "02", "--submission", work, "--sandbox", mode, "--json", "-", cwd=course, cold=True)
    assert ran.code == 0, ran.err
    text = log.read_text(encoding="utf-8")
    said = {found["process"] for found in ENTRY.finditer(text)}
    assert said >= (
        {"driver", "stem", "checker", "checker of 02-conv-bias"} if mode == "auto" else {"driver", "checker"}
    )
    assert "test_bias" in text or "::test_" in text
    assert "exit code 0" in text
    assert "FORGED" not in text
    printed = str(ran.json["stdout"])
    assert "DESCRIPTOR None PATH ''" in printed
    assert log.name not in printed
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_the_environment_asks_for_it_too_and_a_fault_is_written_down(course: Path) -> None:
    log = course / "log"
    ran = grade("99", cwd=course, env={"TORCHGRADE_LOG": str(log)})
    assert ran.code == 2
    assert "there is no problem 99" in log.read_text(encoding="utf-8")


def test_a_log_that_cannot_be_written_is_wrong_usage(course: Path) -> None:
    ran = grade("--log", course / "no" / "log", "02", cwd=course)
    assert ran.code == 2
    assert "cannot be written" in ran.err
