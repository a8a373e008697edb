"""A room that is killed by a control group above its own: the machine's fault, and not the student's."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.walls import cgroup
from tests.sandbox.ordinary import ROOT

pytestmark = pytest.mark.slow

PROGRAM = """
import sys
from grader.errors import OutOfMemory, RoomDied
from grader.model import Limits
from grader.sandbox.forked import borrowed
from grader.sandbox.launch import Stem
from tests.sandbox.conftest import Inside

source = sys.argv[1]
with Stem() as stem, borrowed(stem, without=sys.argv[2:]) as sandbox:
    session = sandbox.open(Limits(memory_mb=2048))
    try:
        Inside(session).run(source)
    except RoomDied:
        try:
            print("ended", session.end(natural=True).exit)
        except OutOfMemory as error:
            print("starved", error)
"""
HUNGRY = "def main():\n    kept = [bytearray(b'x' * (16 << 20)) for _ in range(100)]\n    return len(kept)"
KILLED = "import os, signal\ndef main():\n    os.kill(os.getpid(), signal.SIGKILL)"


@pytest.fixture
def small_group() -> Iterator[Path]:
    """The file by which a process enters a group of 700 MB."""
    try:
        group = cgroup.create(f"torchgrade-{os.getpid()}-test")
    except OSError as error:
        pytest.skip(f"no control group can be made here: {error}")
    group.limit(700)
    yield Path(f"/proc/self/fd/{group.entrances[0]}")
    group.remove()


def run(source: str, group: Path, *without: str) -> str:
    def enter() -> None:
        group.write_text("0")

    fds = (int(group.name),)
    command = [sys.executable, "-c", PROGRAM, source, *without]
    ran = subprocess.run(
        command, cwd=ROOT, preexec_fn=enter, pass_fds=fds, capture_output=True, text=True, timeout=200, check=False
    )
    return ran.stdout + ran.stderr


@pytest.mark.parametrize("without", [(), ("cgroup",)], ids=["a group of its own", "without one"])
def test_below_the_problems_limit_it_is_the_machine(without: tuple[str, ...], small_group: Path) -> None:
    assert run(HUNGRY, small_group, *without).startswith("starved this machine ran out of memory")


@pytest.mark.parametrize("without", [(), ("cgroup",)], ids=["a group of its own", "without one"])
def test_who_kills_himself_is_not_starved(without: tuple[str, ...], small_group: Path) -> None:
    # The filter would not even let it do that.
    assert run(KILLED, small_group, "seccomp", *without) == "ended 137\n"
