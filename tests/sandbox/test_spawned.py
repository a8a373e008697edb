"""Rooms that are interpreters of their own: what ends them, what they print, and what is left of them."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.errors import OutOfMemory, RoomDied, RoomTimeout, WireError
from grader.model import Limits
from grader.sandbox import spawned
from grader.sandbox.interpreters import SpawnedRooms
from grader.sandbox.pipes import PipeConversation
from grader.sandbox.spawning import Child
from grader.sandbox.wire import HEADER, Output
from tests.sandbox.conftest import Inside
from tests.sandbox.test_zygote import descendants

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rooms() -> Iterator[SpawnedRooms]:
    others = set(descendants(os.getpid()))
    rooms = SpawnedRooms(Child(spawned.be_room))
    yield rooms
    rooms.close()
    deadline = time.monotonic() + 10
    while (left := [pid for pid, state in descendants(os.getpid()).items() if state != "Z" and pid not in others]) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.1)
    assert left == []


@pytest.mark.parametrize(
    ("source", "exit_code"),
    [
        ("import os; os._exit(0)", 0),
        ("import os; os._exit(7)", 7),
        ("import ctypes; ctypes.string_at(0)", 128 + signal.SIGSEGV),
        ("import os; os.kill(os.getpid(), 9)", 128 + signal.SIGKILL),
    ],
    ids=["ends", "fails", "crashes", "is killed"],
)
def test_how_a_room_ends(source: str, exit_code: int, rooms: SpawnedRooms) -> None:
    # A room that is killed just when the machine runs out of memory elsewhere, as in another test, is taken for one
    # that the system has ended.
    for _ in range(3):
        with contextlib.suppress(OutOfMemory):
            session = rooms.open(Limits())
            scratch = Path(Inside(session).run("import os\ndef main(): return os.getcwd()"))
            with pytest.raises(RoomDied):
                Inside(session).run(f"def main():\n    {source}")
            assert session.end(natural=True).exit == exit_code
            assert not scratch.exists()
            return
    pytest.fail("each time the system was said to have ended it")


def test_what_hangs_ends_at_its_deadline_with_what_it_started(rooms: SpawnedRooms) -> None:
    session = rooms.open(Limits())
    pid = Inside(session).run(
        "import subprocess, sys\n"
        "def main(): return subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid"
    )
    with pytest.raises(RoomTimeout):
        Inside(session).run("def main():\n    while True: pass", seconds=0.5)
    assert session.end().exit == 128 + signal.SIGKILL
    deadline = time.monotonic() + 10
    while descendants(1).get(pid, "Z") != "Z" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert descendants(1).get(pid, "Z") == "Z"


def test_what_was_printed_before_an_answer_is_there_with_it(rooms: SpawnedRooms) -> None:
    session = rooms.open(Limits(output_kb=1))
    for number in range(5):
        Inside(session).run(f"def main(): print('line {number}')")
        assert session.output.text().splitlines()[-1] == f"line {number}"
    session.output.keep = False
    Inside(session).run("def main(): print('hidden')")
    session.output.keep = True
    Inside(session).run("def main(): print('x' * 5000)")
    assert "hidden" not in session.output.text()
    assert len(session.output.text()) == 1024
    assert session.output.dropped
    session.end()


def test_memory_is_bounded_where_the_system_can(rooms: SpawnedRooms) -> None:
    session = rooms.open(Limits(memory_mb=256))
    source = "def main():\n    try:\n        bytearray(1 << 30)\n    except MemoryError:\n        return 'refused'"
    assert Inside(session).run(source) == "refused"
    session.end()


# -- the wire, with a room that says whatever it likes ------------------------------------------


class Pipes:
    """A conversation, and what a room would have of it."""

    def __init__(self) -> None:
        self.asked, questions = os.pipe()
        answers, self.answers = os.pipe()
        self.output = Output(1 << 10)
        self.conversation = PipeConversation(questions, answers, self.output, reply_limit=1 << 10)

    def say(self, number: int, payload: bytes, length: int | None = None) -> None:
        os.write(self.answers, HEADER.pack(len(payload) if length is None else length, number) + payload)


@pytest.fixture
def pipes() -> Iterator[Pipes]:
    pipes = Pipes()
    yield pipes
    os.close(pipes.answers)
    os.close(pipes.asked)
    pipes.conversation.close()


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ([(2, b"x", None)], WireError),
        ([(1, b"x", 1 << 20)], WireError),
        ([(0, b"", 1 << 20)], WireError),
        ([(1, b"", 10)], RoomTimeout),
        ([(0, b"printed", None)], RoomTimeout),
    ],
    ids=["foreign number", "too long", "prints too much at once", "cut short", "prints and does not answer"],
)
def test_what_breaks_the_protocol_ends_the_conversation(
    said: list[tuple[int, bytes, int | None]], error: type[Exception], pipes: Pipes
) -> None:
    for number, payload, length in said:
        pipes.say(number, payload, length)
        time.sleep(0)
    with pytest.raises((error, WireError)):
        pipes.conversation.ask(b"?", 0.3)


def test_an_answer_before_the_question_is_refused(pipes: Pipes) -> None:
    pipes.say(1, b"early")
    deadline = time.monotonic() + 10
    while pipes.conversation._pieces.empty() and time.monotonic() < deadline:
        time.sleep(0.01)
    with pytest.raises(WireError, match="nobody had asked"):
        pipes.conversation.ask(b"?", 1.0)


def test_a_room_that_reads_nothing_does_not_block_the_checker(pipes: Pipes) -> None:
    with pytest.raises(RoomTimeout):
        pipes.conversation.ask(b"x" * (1 << 22), 0.3)
