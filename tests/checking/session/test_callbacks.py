"""Functions of a check's that a room calls: what an honest one gains by it, and what a hostile one does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from grader.checking.api.handles import Function, fetch
from grader.checking.api.proxy import LibraryProxy, each
from grader.checking.session import callbacks
from grader.checking.session.claims import StudentRaised
from grader.checking.session.examination import Examination
from grader.errors import RoomDied, RoomError, RoomTimeout, WireError
from grader.model import Limits
from grader.sandbox.forked import Sandbox
from tests.checking.session.asking import problem, submission

pytestmark = pytest.mark.slow

SOURCE = """
import threading, time

kept = []

class Trainer:
    def __init__(self, on_step):
        self.on_step = on_step
        self.steps = 0

    def fit(self, steps):
        for step in range(steps):
            self.steps += 1
            self.on_step(self, step)
        return self.steps

def apply(f, *args, **kwargs):
    return f(*args, **kwargs)

def total(f, n):
    return sum(f(i) for i in range(n))

def caught(f, *args):
    try:
        f(*args)
    except Exception as error:
        return type(error).__name__, str(error)

def keep(f):
    kept.append(f)

def call_kept():
    return kept[-1]()

def in_a_thread(f):
    said = []
    thread = threading.Thread(target=lambda: said.append(caught(f)))
    thread.start()
    thread.join()
    return said[0]

def for_ever(f):
    while True:
        f()

def asleep(f):
    f()
    time.sleep(60)

def room_of(f):
    return f.__closure__[-1].cell_contents

def forges(f, *said):
    from grader.sandbox import replies
    room = room_of(f)
    room._line.write(room._number, replies.encode(*said, list, park=None, limit=1000))
    room._line.read()

def answers_twice(f):
    f()
    room = room_of(f)
    room._line.write(room._number, b"")
"""


@pytest.fixture
def examination(sandbox: Sandbox, tmp_path: Path) -> Iterator[Examination]:
    limits = Limits(call_seconds=2, total_seconds=30)
    asked = Examination(sandbox, problem(tmp_path, limits=limits), submission(SOURCE))
    yield asked
    asked.end_room()


@pytest.fixture
def ask(examination: Examination) -> Callable[[str], Function]:
    return lambda name: Function(examination, name)


Ask = Callable[[str], Function]


def test_the_room_calls_a_function_of_the_check(ask: Ask) -> None:
    assert ask("total")(lambda i: i * i, 200) == sum(i * i for i in range(200))
    seen: list[Any] = []
    assert ask("apply")(lambda *args, **kwargs: seen.append((args, kwargs)), torch.ones(2), key="a") is None
    assert seen[0][0][0].tolist() == [1, 1]
    assert seen[0][1] == {"key": "a"}


def test_the_function_may_ask_the_room_meanwhile(ask: Ask, examination: Examination) -> None:
    steps = []
    library = LibraryProxy(examination)
    trainer = ask("Trainer")(lambda trainer, step: steps.append((step, trainer.steps, fetch(library.put(step)))))
    assert trainer.fit(3) == 3
    assert steps == [(0, 1, 0), (1, 2, 1), (2, 3, 2)]
    assert ask("apply")(lambda n: ask("total")(lambda i: i, n), 4) == 6


def test_what_the_function_raises_ends_the_check_and_no_later_one(ask: Ask, examination: Examination) -> None:
    def fails(step: int) -> None:
        raise AssertionError(f"not at {step}")

    with pytest.raises(AssertionError, match="not at 0"):
        ask("caught")(fails, 0)
    examination.new_check()
    assert ask("apply")(lambda: 3) == 3


class Stop(LookupError):
    """Of the check's own: the room knows a LookupError."""


def raising(error: Exception | type[Exception]) -> Callable[[], None]:
    def function() -> None:
        raise error

    return function


@pytest.mark.parametrize(
    ("raised", "arrives"),
    [
        (ValueError("no"), ("ValueError", "no")),
        (StopIteration, ("StopIteration", "")),
        (KeyError("loss"), ("KeyError", "'loss'")),
        (Stop("enough"), ("LookupError", "enough")),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), ("ValueError", "'utf-8' codec can't decode byte 0x78 in "
                                                          "position 0: bad")),
    ],
    ids=["value", "class", "key", "own-class", "unicode"],
)  # fmt: skip
def test_what_the_function_means_to_raise_can_be_caught(
    raised: Exception | type[Exception], arrives: tuple[str, str], ask: Ask, examination: Examination
) -> None:
    assert ask("caught")(raising(raised)) == arrives
    with pytest.raises(StudentRaised) as through:
        ask("apply")(raising(raised))
    assert through.value.type_name == arrives[0]
    assert ask("apply")(lambda: 3) == 3


@pytest.mark.parametrize("slip", [lambda: [][0], lambda: absent, lambda: torch.ones(2) + torch.ones(3)])  # type: ignore[name-defined]  # noqa: F821
def test_what_goes_wrong_in_the_function_is_not_told(slip: Callable[[], Any], ask: Ask) -> None:
    with pytest.raises((IndexError, NameError, RuntimeError)):
        ask("caught")(slip)


def test_a_call_with_other_arguments_is_the_callers_mistake(ask: Ask) -> None:
    kind, words = ask("caught")(lambda step, loss: None, 1)
    assert kind == "TypeError"
    assert "loss" in words


def test_a_function_of_an_earlier_check_is_not_called(ask: Ask, examination: Examination) -> None:
    seen: list[int] = []
    ask("keep")(lambda: seen.append(1))
    examination.new_check()
    with pytest.raises(StudentRaised, match="a check that is over"):
        ask("call_kept")()
    assert not seen


def test_another_thread_calls_nothing(ask: Ask) -> None:
    assert ask("in_a_thread")(lambda: None)[0] == "RuntimeError"


def test_several_calls_at_once_may_call_back(ask: Ask) -> None:
    assert list(each(ask("apply"), [(lambda: 1,), (lambda: 2,)])) == [1, 2]


def test_the_rooms_own_time_is_bounded_and_the_functions_is_not_the_rooms(ask: Ask, examination: Examination) -> None:
    with pytest.raises(RoomTimeout):
        ask("asleep")(lambda: None)
    examination.new_check()
    began = torch.get_num_threads()
    assert ask("apply")(lambda: sum(range(10**7)) and began) == began


def test_calls_without_an_end_are_bounded(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.checking.session.examination.MOST_CALLS", 300)
    seen: list[int] = []
    with pytest.raises(WireError, match="more than 300 times"):
        ask("for_ever")(lambda: seen.append(1))
    assert len(seen) == 300 < callbacks.MOST_CALLS


@pytest.mark.parametrize(
    "said",
    [
        ("calls", 3),
        ("calls", (1,)),
        ("calls", (1, [], {})),
        ("calls", ("1", (), {})),
        ("calls", (True, (), {})),
        ("calls", (1, (), {3: 4})),
    ],
    ids=str,
)
def test_a_forged_call_ends_the_room(ask: Ask, said: Any) -> None:
    with pytest.raises(WireError):
        ask("forges")(lambda: None, *said)


def test_a_forged_number_calls_nothing(ask: Ask) -> None:
    seen: list[int] = []
    with pytest.raises(RoomError):
        ask("forges")(lambda: seen.append(1), "calls", (77, (), {}))
    assert not seen


def test_a_second_reply_ends_the_room(ask: Ask) -> None:
    with pytest.raises((WireError, RoomDied)):
        ask("answers_twice")(lambda: None)
