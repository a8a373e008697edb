"""What a room may use up: each limit is met from inside, as an exception where the kernel has one to give.

Nothing here needs a namespace: the same tests run as an ordinary user where those are forbidden (test_floor).
"""

from __future__ import annotations

import pytest

from grader.model import Limits
from tests.sandbox.conftest import Inside, OpenRoom

LIMITED = """
import resource
def main(new):
    names = ("AS", "DATA", "CPU", "FSIZE", "NPROC", "NOFILE", "CORE", "MEMLOCK", "MSGQUEUE")
    found = {name: resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in names}
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (new, new))
    except (OSError, ValueError) as error:
        return found, type(error).__name__
    return found, ""
"""


def test_limits_are_set_hard_and_stay(room: Inside) -> None:
    found, raised = room.run(LIMITED, 64)
    assert raised, "a limit was changed, if only downwards"
    assert all(soft == hard for soft, hard in found.values())
    assert found["CORE"] == (0, 0)
    assert found["NOFILE"] == (128, 128)
    assert found["FSIZE"][0] <= Limits().scratch_mb << 20
    assert found["CPU"][0] == 71
    assert 0 < found["NPROC"][0] < 64


def grown(attempts: str) -> str:
    return f"""
import mmap, os, threading, time, torch
def main():
    try:
        {attempts}
    except (OSError, MemoryError, RuntimeError, ValueError) as error:
        return type(error).__name__
    return ""
"""


@pytest.mark.parametrize(
    ("attempt", "raises"),
    [
        ("torch.ones(400 << 20, dtype=torch.uint8)", "RuntimeError"),
        ("b'x' * (400 << 20)", "MemoryError"),
        ("mmap.mmap(-1, 1200 << 20)", "OSError"),
        ("open('big', 'wb').write(b'x' * (80 << 20))", "OSError"),
        ("keep = [open(os.devnull) for _ in range(200)]", "OSError"),
        ("keep = [os.pipe() for _ in range(100)]", "OSError"),
        ("[threading.Thread(target=time.sleep, args=(1,)).start() for _ in range(60)]", "RuntimeError"),
        ("os.fork()", "PermissionError"),
    ],
    ids=["tensor", "bytes", "shared memory", "file", "descriptors", "pipes", "threads", "fork"],
)
def test_a_limit_is_met_as_an_exception(attempt: str, raises: str, open_room: OpenRoom) -> None:
    with open_room(Limits(memory_mb=256, scratch_mb=64)) as inside:
        assert inside.run(grown(attempt)) == raises
        assert inside.run("def main(): return 'still there'") == "still there"


def test_a_small_tensor_does_not_meet_it(open_room: OpenRoom) -> None:
    with open_room(Limits(memory_mb=256)) as inside:
        assert inside.run(grown("torch.ones(150 << 20, dtype=torch.uint8)")) == ""
