"""What a room answers, question by question. Without walls and in this process: none of it is a student's code."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox import replies
from grader.sandbox.operations import (
    Advance,
    CallFunction,
    Define,
    Forget,
    GetAttribute,
    GetItem,
    GetLength,
    GetLibrary,
    IsEqual,
    IsUnequal,
    MakeIterator,
    Operation,
    SetAttribute,
    TakeValue,
)  # fmt: skip
from grader.sandbox.questions import Question, Snippet, asking, together
from grader.sandbox.room import CappedOutput, Room
from tests.sandbox.conftest import Held, number_of

TOOLS = """
class Box:
    size = 3
    def __getitem__(self, key): return key * 2
    def __len__(self): return 4
    def __eq__(self, other): return other == "box"
    __hash__ = None

class Shy(Exception):
    def __str__(self): raise RuntimeError("not read")

KINDS = {"value": ValueError, "shy": Shy, "memory": MemoryError, "runtime": RuntimeError}
def boom(kind, *words): raise KINDS[kind](*words)
def numbers(): yield from (1, 2)
def large(): return bytes(2_000_000)
"""


class NoLine:
    """Nobody is at the other end."""

    def read(self) -> tuple[int, bytes]:
        raise EOFError

    def write(self, number: int, payload: bytes) -> None: ...

    def print(self, data: memoryview) -> int:
        return len(data)


class Asked:
    """A room, and questions to it."""

    def __init__(self, folder: Path) -> None:
        self.room = Room(NoLine(), 1 << 20, str(folder))
        self.tools = self(Define(Snippet.of(TOOLS)), keep=True).value

    def __call__(self, operation: Operation, *, keep: bool = False) -> replies.Reply:
        return replies.decode(self.room.answer(question(operation, keep=keep).data), Held)

    def tool(self, name: str) -> Held:
        held = self(GetAttribute(self.tools, name), keep=True).value
        assert isinstance(held, Held)
        return held

    def together(self, *questions: Question) -> list[replies.Reply]:
        pieces = replies.split(self.room.answer(together(questions).data), len(questions))
        return [replies.decode(piece, Held) for piece in pieces]


def question(operation: Operation, *, keep: bool = False) -> Question:
    return asking(operation, number=number_of, keep=keep, function="f")


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


@pytest.fixture
def box(asked: Asked) -> Held:
    held = asked(CallFunction(asked.tool("Box"), (), {}), keep=True).value
    assert isinstance(held, Held)
    return held


# What is asked of the box, and the answer's value.
OF_A_BOX: dict[str, tuple[Callable[[Held], Operation], Any]] = {
    "an attribute": (lambda box: GetAttribute(box, "size"), 3),
    "an item": (lambda box: GetItem(box, 5), 10),
    "its length": (GetLength, 4),
    "equal": (lambda box: IsEqual(box, "box"), True),
    "unequal": (lambda box: IsUnequal(box, "box"), False),
}


@pytest.mark.parametrize(("operation", "value"), OF_A_BOX.values(), ids=OF_A_BOX)
def test_an_object_of_the_room_is_asked_there(
    operation: Callable[[Held], Operation], value: Any, asked: Asked, box: Held
) -> None:
    assert box.type_name.endswith("Box")
    assert asked(operation(box))[:2] == (replies.VALUE, value)


def test_what_is_set_stays(asked: Asked, box: Held) -> None:
    asked(SetAttribute(box, "size", 7))
    assert asked(GetAttribute(box, "size")).value == 7


def test_an_iterator_ends_with_a_word_of_its_own(asked: Asked) -> None:
    numbers = asked(MakeIterator(asked(CallFunction(asked.tool("numbers"), (), {}), keep=True).value), keep=True).value
    told = [asked(Advance(numbers))[:2] for _ in range(3)]
    assert told == [(replies.VALUE, ("more", 1)), (replies.VALUE, ("more", 2)), (replies.STOP, None)]


def test_a_value_that_is_kept_comes_when_it_is_asked_for(asked: Asked) -> None:
    kept = asked(TakeValue([1, 2]), keep=True)
    assert (kept.kind, kept.value.type_name) == (replies.KEPT, "list")
    assert asked(TakeValue(kept.value)).value == [1, 2]
    asked(Forget([kept.value.number]))
    assert asked(TakeValue(kept.value)).value is None


def test_the_library_is_pythons_and_torchs(asked: Asked) -> None:
    assert asked(CallFunction(asked(GetLibrary("len"), keep=True).value, ([1, 2],), {})).value == 2
    math = asked(GetLibrary("math"), keep=True).value
    assert asked(GetAttribute(math, "tau")).value == pytest.approx(6.2831853)
    assert asked(GetLibrary("no_such_module")).value["type"] == "ModuleNotFoundError"


RAISED: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "in words": (("value", "no"), {"type": "ValueError", "message": "no", "memory": False, "missing": False}),
    "unreadable": (("shy",), {"message": "(an exception whose message could not be read)"}),
    "no memory": (("memory",), {"type": "MemoryError", "memory": True}),
    "no memory of torch's": (("runtime", "[enforce fail] can't allocate memory: 9 bytes"), {"memory": True}),
    "long": (("value", "x" * 10_000), {"message": "x" * 4000}),
}


@pytest.mark.parametrize(("arguments", "told"), RAISED.values(), ids=RAISED)
def test_an_exception_is_told(arguments: tuple[str, ...], told: dict[str, Any], asked: Asked) -> None:
    kind, value, *_ = asked(CallFunction(asked.tool("boom"), arguments, {}))
    assert kind == replies.RAISED
    assert {key: value[key] for key in told} == told
    assert value["frames"] == [], "no line of the student's led there"


def test_a_name_that_the_submission_lacks_is_told_as_that(asked: Asked) -> None:
    kind, value, *_ = asked(CallFunction("pool", (), {}))
    assert (kind, value["missing"]) == (replies.RAISED, True)
    assert "pool" in value["message"]


def test_too_large_an_answer_is_told_and_not_sent(asked: Asked) -> None:
    large = asked.tool("large")
    assert asked(CallFunction(large, (), {}))[:2] == (replies.TOO_LARGE, "a value of more than 1,048,576 bytes")
    assert asked(CallFunction(large, (), {}), keep=True).kind == replies.KEPT


def test_questions_that_were_put_together_are_answered_up_to_the_first_without_a_value(asked: Asked) -> None:
    boom = asked.tool("boom")
    told = asked.together(
        question(GetLength([1, 2, 3])),
        question(TakeValue(5)),
        question(CallFunction(boom, ("value", "no"), {})),
        question(TakeValue(6)),
    )
    assert [answer.kind for answer in told] == [replies.VALUE, replies.VALUE, replies.RAISED]
    assert [answer.value for answer in told[:2]] == [3, 5]


class Paper:
    """A line that takes a few bytes at a time."""

    def __init__(self) -> None:
        self.written = b""

    def print(self, data: memoryview) -> int:
        piece = bytes(data[:3])
        self.written += piece
        return len(piece)


def test_printing_goes_on_beyond_the_limit_and_nothing_of_it_leaves_the_room() -> None:
    paper = Paper()
    out = io.TextIOWrapper(io.BufferedWriter(CappedOutput(paper, 10), 4), encoding="utf-8")  # type: ignore[arg-type]
    for _ in range(100):
        out.write("0123456789")
    out.flush()
    assert paper.written == b"0123456789"
