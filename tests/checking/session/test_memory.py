"""What came before is kept apart from what did not, and nobody gets the same object twice."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings

from grader.checking.session import memory
from grader.checking.session.memory import Memory
from grader.errors import WireError
from grader.sandbox import answers
from grader.sandbox.questions import asking
from tests.sandbox.strategies import values
from tests.sandbox.test_values import same


class Held:
    def __init__(self, number: int, name: str) -> None:
        self.number = number


def written(value: Any, kind: str = answers.VALUE, seen: answers.Seen | None = None) -> bytes:
    return answers.encode(kind, value, lambda: seen or [], park=lambda value: (7, "object"), limit=1 << 24)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values)
def test_an_answer_is_the_same_the_second_time(value: Any) -> None:
    known, data = Memory(), written(value)
    plain = answers.decode(data, Held)
    for _ in range(3):
        answer, kept = known.reply(data, Held)
        assert same(answer.value, plain.value)
        assert (answer.kind, answer.seen, answer.cost) == (plain.kind, plain.seen, plain.cost)
        assert kept is None or same(kept.value, plain.value)


@pytest.mark.parametrize(
    "value",
    [torch.ones(3), torch.ones(2, requires_grad=True), [torch.zeros(1), [1, 2]], {"x": [torch.ones(1)]}, (1, ["a"])],
    ids=["tensor", "leaf", "list", "dict", "tuple"],
)
def test_what_a_check_does_to_an_answer_reaches_no_other(value: Any) -> None:
    known, data = Memory(), written(value)
    spoil(known.reply(data, Held)[0].value)
    again, kept = known.reply(data, Held)
    assert same(again.value, value)
    assert kept is not None
    assert same(kept.value, value)


def spoil(value: Any) -> None:
    if isinstance(value, torch.Tensor):
        value.requires_grad_(False).fill_(5)
    elif isinstance(value, dict):
        for item in value.values():
            spoil(item)
        value["more"] = 1
    elif isinstance(value, (list, tuple)):
        for item in value:
            spoil(item)
        if isinstance(value, list):
            value.append("more")


@pytest.mark.parametrize("value", [object(), [object()], {"x": (1, object())}], ids=["object", "list", "dict"])
def test_what_a_room_holds_is_each_rooms_own(value: Any) -> None:
    known, data = Memory(), written(value)
    first, second = (known.reply(data, Held) for _ in range(2))
    assert first[1] is second[1] is None


def test_other_kinds_of_answers_are_decoded_each_time() -> None:
    known = Memory()
    for kind in (answers.RAISED, answers.STOP, answers.TOO_LARGE):
        for _ in range(2):
            answer, kept = known.reply(written({"a": 1}, kind), Held)
            assert (answer.kind, kept) == (kind, None)


def test_operators_that_ran_belong_to_the_answer() -> None:
    known = Memory()
    seen = [("aten::conv2d", "submission.py", 3)]
    for expected in ([], seen, [], seen):
        assert known.reply(written(1, seen=expected), Held)[0].seen == expected


def test_what_is_no_answer_is_refused_each_time() -> None:
    known = Memory()
    known.reply(written(1), Held)
    for _ in range(2):
        with pytest.raises(WireError):
            known.reply(written(1)[:-1], Held)


def test_it_forgets_rather_than_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_MOST_BYTES_OF_ALL", 10_000)
    known = Memory()
    kept = known.reply(written(1), Held)[1]
    assert known.reply(written(1), Held)[1] is kept
    for size in range(100):
        assert known.reply(written("x" * size), Held)[0].value == "x" * size
    assert known.reply(written(1), Held)[1] is not kept
    assert known._bytes < 20_000


def test_a_large_answer_is_not_kept() -> None:
    known, data = Memory(), written(torch.zeros(100_000))
    assert known.reply(data, Held)[1] is None
    assert known._bytes == 0


def test_a_question_is_described_once() -> None:
    known, described = Memory(), []

    def question(value: Any) -> Any:
        asked = asking("call", ("f", (value,), {}), number=lambda value: 3)
        return known.question(asked, lambda: described.append(value) or ("described", value))

    assert question(1) is question(1)
    assert question(1) != question(2)
    assert described == [1, 2]
    held = object()
    assert question(held) == question(held) == ("described", held)
    assert described == [1, 2, held, held], "what a room holds has another number in the next"
