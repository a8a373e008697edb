"""What a check places in the room travels with its next question; what a check sees is as if it had gone by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import torch

from grader.checking.api.handles import Function, ask_each, fetch
from grader.checking.api.proxy import LibraryProxy, kept
from grader.checking.session.claims import AnswerTooLarge, ForbiddenOperatorUsed, StudentRaised
from grader.checking.session.examination import Examination
from grader.errors import RoomError
from grader.model import Forbidden, Limits
from grader.sandbox.forked import Sandbox
from grader.sandbox.wire import Conversation
from tests.checking.session.asking import problem, submission

pytestmark = pytest.mark.slow

TOOLS = """
count = 0

def add(x, y):
    return x + y

def again():
    global count
    count += 1
    return count

@torch.no_grad()
def decorated(x):
    return x

class Pair:
    one, two = 1, 2

def renamed():
    return 0

renamed = 7
"""
SOURCE = "def f(x):\n    return x\n\n\ndef g(x):\n    x.add_(1)\n    return x\n"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one with each turn between checker and room."""
    turns: list[int] = []
    ask = Conversation.ask

    def counted(self: Conversation, payload: bytes, seconds: float) -> bytes:
        turns.append(len(payload))
        return ask(self, payload, seconds)

    monkeypatch.setattr(Conversation, "ask", counted)
    return turns


def examined(
    sandbox: Sandbox,
    folder: Path,
    source: str = SOURCE,
    *,
    limits: Limits | None = None,
    forbidden: Mapping[str, tuple[Forbidden, ...]] | None = None,
) -> Examination:
    examination = Examination(sandbox, problem(folder, limits=limits, forbidden=forbidden), submission(source))
    examination.lodging.open()
    examination.new_check()
    return examination


@pytest.fixture
def examination(sandbox: Sandbox, tmp_path: Path) -> Iterator[Examination]:
    opened = examined(sandbox, tmp_path)
    yield opened
    opened.end_room()


def test_only_questions_take_a_turn(examination: Examination, asked: list[int]) -> None:
    library = LibraryProxy(examination)
    asked.clear()
    tools, x = library.define(TOOLS), library.put(torch.ones(2))
    add = tools.add
    assert not asked
    assert add(x, x).tolist() == [2, 2]
    assert add(x, 1).tolist() == [2, 2]
    assert Function(examination, "f")(x).tolist() == [1, 1]
    assert len(asked) == 3


def test_what_might_be_a_value_is_asked_for(examination: Examination) -> None:
    tools = LibraryProxy(examination).define(TOOLS)
    assert tools.count == 0
    assert tools.again() == 1
    assert tools.count == 1
    assert tools.renamed == 7
    assert tools.decorated(3) == 3
    assert tools.Pair.two == 2


def test_a_value_is_placed_as_it_was_then(examination: Examination) -> None:
    x = torch.zeros(2)
    placed = LibraryProxy(examination).put(x)
    x += 1
    assert fetch(placed).tolist() == [0, 0]


def test_objects_of_the_room_and_placed_ones_are_never_taken_for_each_other(examination: Examination) -> None:
    library, g = LibraryProxy(examination), Function(examination, "g")
    placed = [library.put(torch.full((1,), float(n))) for n in range(4)]
    results = [kept(g)(one) for one in placed]
    more = [library.put(torch.full((1,), 10.0 + n)) for n in range(4)]
    assert [fetch(one).item() for one in [*placed, *more]] == [1, 2, 3, 4, 10, 11, 12, 13]
    assert [fetch(one).item() for one in results] == [1, 2, 3, 4]


def test_the_transcript_has_it_where_it_was_placed(examination: Examination) -> None:
    library, f = LibraryProxy(examination), Function(examination, "f")
    f(1)
    x = library.put(torch.ones(1))
    f(2)
    assert [(entry.question[0], entry.function, entry.kind) for entry in examination.entries] == [
        ("CallFunction", "f", "value"),
        ("TakeValue", "f", "value"),
        ("CallFunction", "f", "value"),
    ]
    assert examination.entries[1].value == ("handle", "torch.Tensor")
    del x


def test_the_library_speaks_of_the_function_that_it_is_asked_about(examination: Examination) -> None:
    library, f, g = LibraryProxy(examination), Function(examination, "f"), Function(examination, "g")
    assert library.callable(f)
    x = kept(f)(torch.ones(1))
    add = library.define(TOOLS).add
    assert library.callable(g)
    twice = kept(add)(x, 1)
    assert library.callable(g)
    fetch(twice)
    says = {entry.question[0]: entry.function for entry in examination.entries}
    told = [entry.function for entry in examination.entries if entry.question[0] == "CallFunction"]
    assert told == ["f", "f", "g", "f", "g"]
    assert says["TakeValue"] == "f"


def test_a_snippet_that_fails_is_told_by_the_next_question_and_is_no_call_of_the_students(
    examination: Examination,
) -> None:
    library, f = LibraryProxy(examination), Function(examination, "f")
    library.define("raise ValueError('a snippet')")
    library.put(torch.ones(1))
    with pytest.raises(StudentRaised, match="a snippet") as raised:
        f(1)
    assert raised.value.call is None
    assert f(2) == 2  # What waited behind it is gone, and so is the fault.


def test_a_slow_snippet_is_waited_for_and_the_question_is_asked_once(examination: Examination) -> None:
    library = LibraryProxy(examination)
    for _ in range(3):
        library.define("import time\ntime.sleep(0.15)")
    tools = library.define(TOOLS)
    assert tools.again() == 1
    assert tools.again() == 2


def test_a_batch_finds_what_was_placed_in_front_of_it(examination: Examination, asked: list[int]) -> None:
    from grader.checking.api.handles import call

    library, f = LibraryProxy(examination), Function(examination, "f")
    asked.clear()
    x = library.put(torch.ones(1))
    assert list(ask_each(f, [call(1), call(2)])) == [1, 2]
    assert fetch(x).item() == 1
    assert len(asked) == 2


def test_nothing_is_left_for_the_next_check(examination: Examination) -> None:
    LibraryProxy(examination).define("raise ValueError('of the check before')")
    examination.new_check()
    assert Function(examination, "f")(1) == 1


def test_a_room_that_dies_takes_it_along(examination: Examination) -> None:
    library, f = LibraryProxy(examination), Function(examination, "f")
    x = library.put(torch.ones(1))
    library.define("import os\nos._exit(3)")
    with pytest.raises(RoomError):
        f(x)
    assert f(1) == 1
    with pytest.raises(TypeError, match="a room that has ended"):
        f(x)


def test_operators_that_run_while_placing_are_counted(sandbox: Sandbox, tmp_path: Path) -> None:
    source = """
import torch

def f(x):
    torch.nn.Module.__setattr__ = lambda self, name, value: torch.relu(torch.ones(1))
    return 1
"""
    rules = {"f": (Forbidden(operators=("aten::relu",), say="f may not use relu"),)}
    examination = examined(sandbox, tmp_path, source, forbidden=rules)
    f = Function(examination, "f")
    assert f(1) == 1
    LibraryProxy(examination).define("nn.Module().x = 1")
    with pytest.raises(ForbiddenOperatorUsed):
        f(2)
    examination.end_room()


@pytest.mark.parametrize(
    "instead",
    [
        "replies.encode('value', 7, list, park=None, limit=64)",
        "b''",
        "b'nonsense'",
        "replies.encode('stop', None, list, park=None, limit=64)",
        "replies.encode('too_large', 'big', list, park=None, limit=64)",
        "replies.encode('value', None, list, park=None, limit=64) * 2",
    ],
)
def test_a_room_that_forges_replies_to_it_gains_nothing(sandbox: Sandbox, tmp_path: Path, instead: str) -> None:
    source = f"""
import sys
from grader.sandbox import replies
from grader.sandbox.room import Room

answer = Room._answer

def forged(self, asked):
    if getattr(asked, "place", 0):
        return {instead}
    return answer(self, asked)

Room._answer = forged

def f(x):
    return x
"""
    examination = examined(sandbox, tmp_path, source)
    x = LibraryProxy(examination).put(torch.ones(1))
    with pytest.raises((RoomError, StudentRaised, AnswerTooLarge)):
        Function(examination, "f")(x)
    examination.end_room()


def test_replies_without_an_end_are_bounded(sandbox: Sandbox, tmp_path: Path) -> None:
    """A room that says of each placed one by itself that it took all its time costs the submission that time."""
    source = """
import time
from grader.sandbox.room import Room

answer = Room._answer

def slow(self, asked):
    if asked.place:
        time.sleep(0.4)
    return answer(self, asked)

Room._answer = slow

def f(x):
    return x
"""
    limits = Limits(call_seconds=2, total_seconds=2)
    examination = examined(sandbox, tmp_path, source, limits=limits)
    library, f = LibraryProxy(examination), Function(examination, "f")
    for _ in range(50):
        library.put(torch.ones(1))
    with pytest.raises(RoomError):
        f(1)
    examination.end_room()
