"""Zygotes and their rooms: how a room ends, what is left of it, and what one checker's trouble does to the next."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from grader.errors import HarnessError, RoomDied, RoomTimeout
from grader.model import Limits
from grader.sandbox.forked import Sandbox, borrowed
from grader.sandbox.launch import Stem
from grader.sandbox.orders import CloseRoom
from tests.sandbox.conftest import Inside, OpenRoom


def descendants(top: int) -> dict[int, str]:
    """pid -> state of every process below `top`."""
    parents: dict[int, tuple[int, str]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError, IndexError):
            fields = Path(f"/proc/{name}/stat").read_text().rsplit(")", 1)[1].split()
            parents[int(name)] = (int(fields[1]), fields[0])
    below = {top}
    while more := {pid for pid, (parent, _) in parents.items() if parent in below} - below:
        below |= more
    return {pid: parents[pid][1] for pid in below - {top}}


@pytest.mark.parametrize(
    ("source", "exit_code"),
    [
        ("import os; os._exit(0)", 0),
        ("import os; os._exit(7)", 7),
        ("import ctypes; ctypes.string_at(0)", 128 + signal.SIGSEGV),
        ("import os; os.abort()", 128 + signal.SIGSEGV),
    ],
    ids=["exit 0", "exit 7", "segmentation fault", "abort"],
)
def test_how_a_process_ended_is_known(source: str, exit_code: int, open_room: OpenRoom) -> None:
    with open_room() as inside:
        with pytest.raises(RoomDied):
            inside.run(f"def main():\n    {source}")
        assert inside.session.end(natural=True).exit == exit_code


def test_a_room_that_hangs_is_ended_and_the_next_one_opens(stem: Stem) -> None:
    with borrowed(stem) as sandbox:
        for _ in range(3):
            session = sandbox.open(Limits())
            with pytest.raises(RoomTimeout):
                Inside(session).run(
                    "import signal\ndef main():\n"
                    "    for n in range(1, 65):\n"
                    "        try: signal.signal(n, signal.SIG_IGN)\n"
                    "        except (OSError, ValueError): pass\n"
                    "    while True: pass",
                    seconds=0.3,
                )
            assert session.end().exit == 128 + signal.SIGKILL


def test_closing_the_wire_does_not_let_a_room_live_on(stem: Stem) -> None:
    with borrowed(stem) as sandbox:
        session = sandbox.open(Limits())
        with pytest.raises(RoomDied):
            Inside(session).run("import os, time\ndef main():\n    os.close(3)\n    time.sleep(1000)")
        assert session.end(natural=True).exit == 128 + signal.SIGKILL


def test_a_room_left_open_is_closed_before_the_next(stem: Stem) -> None:
    """As after a checker that died: the one that takes its turn on the same zygote gets a room of its own."""
    with borrowed(stem) as sandbox:
        first = sandbox.open(Limits())
        second = sandbox.open(Limits())
        with pytest.raises(RoomDied):
            Inside(first).run("def main(): pass")
        assert Inside(second).run("def main(): return 1") == 1
        second.end()


def test_a_late_answer_is_not_taken_for_the_next(stem: Stem) -> None:
    with borrowed(stem) as sandbox:
        # A checker that gave up waiting: its order is answered, and nobody has read the answer.
        import msgspec

        sandbox._control.send(msgspec.msgpack.encode(CloseRoom("given-up", natural=False)))
        session = sandbox.open(Limits())
        assert Inside(session).run("def main(): return 'mine'") == "mine"
        assert session.end().exit == 128 + signal.SIGKILL


def test_a_zygote_that_died_is_a_fault_of_ours_and_says_so(stem: Stem) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.close()
    with ours, pytest.raises(HarnessError, match="ended"):
        Sandbox(ours).open(Limits())


def test_rooms_know_nothing_of_each_other(stem: Stem) -> None:
    plant = """
import builtins, os, random, sys, torch
def main():
    open("left", "w").write("x")
    os.environ["LEFT"] = "x"
    builtins.left = sys.left = torch.left = "x"
    torch.manual_seed(123)
    random.seed(123)
    os.umask(0o777)
    return torch.rand(1).item()
"""
    look = """
import builtins, os, sys, torch
def main():
    return [os.listdir("."), "LEFT" in os.environ] + [hasattr(module, "left") for module in (builtins, sys, torch)]
"""
    draw = """
import random, numpy, torch
def main():
    return [random.random(), numpy.random.rand(), torch.rand(1).item()]
"""
    with borrowed(stem) as sandbox:
        drawn = []
        for source in (plant, look, draw, plant, draw):
            session = sandbox.open(Limits())
            drawn.append(Inside(session).run(source))
            session.end()
    assert drawn[1] == [[], False, False, False, False]
    assert drawn[2] == drawn[4], "the random state is the same for every room"


@pytest.mark.slow
def test_no_process_is_left_when_a_stem_ends() -> None:
    with Stem() as stem, borrowed(stem) as sandbox:
        session = sandbox.open(Limits())
        Inside(session).run(
            "import threading, time\ndef main(): threading.Thread(target=time.sleep, args=(99,)).start()"
        )
        below = descendants(stem._process.pid)
        assert len(below) >= 4, "who waits for the zygote, the zygote, init, the room, and who lent it"
    deadline = time.monotonic() + 20
    while (alive := [pid for pid in below if _alive(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert alive == []


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
def test_a_driver_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    program = """
import os, time
from grader.model import Limits
from grader.sandbox.launch import Stem
from grader.sandbox.orders import CloseRoom
from grader.sandbox.forked import borrowed
stem = Stem()
with borrowed(stem) as sandbox:
    session = sandbox.open(Limits())
    print(stem._process.pid, flush=True)
    time.sleep(1000)
"""
    import subprocess
    import sys

    driver = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert driver.stdout is not None
    stem_pid = int(driver.stdout.readline())
    below = [stem_pid, *descendants(stem_pid)]
    groups = groups_of(stem_pid)
    driver.kill()
    driver.wait()
    deadline = time.monotonic() + 20
    while any(map(_alive, below)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in below if _alive(pid)] == []
    assert [folder for folder in groups if folder.exists()] == []


def groups_of(stem_pid: int) -> list[Path]:
    """The control groups that a stem made."""
    found: list[Any] = []
    for folder, names, _ in os.walk("/sys/fs/cgroup"):
        found += [Path(folder, name) for name in names if name.startswith(f"torchgrade-{stem_pid}-")]
    return found
