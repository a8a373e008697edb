"""What a hostile room may say of itself: every part of a claim replaced by something else, and all of it printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from grader.checking import show
from grader.checking.session.claims import AnswerTooLarge, ForbiddenOperatorUsed, StudentRaised, loaded
from grader.checking.session.lodging import CouldNotLoad
from grader.checking.verdict import could_not_load, notes
from grader.model import Forbidden, Limits
from grader.sandbox.replies import Sighting

# More digits than Python prints.
HUGE = 10**5000
ODD: dict[str, Any] = {
    "nothing": None,
    "a huge number": HUGE,
    "a negative number": -1,
    "nan": float("nan"),
    "bytes": b"\xff",
    "a long text": "x" * 10_000_000,
    "terminal sequences": "\x1b[2J\x9b31m\x07\r\u202e",
    "a tensor": torch.zeros(3),
    "a list": [HUGE] * 1000,
    "a list of lists": [[("f", 1, "g", "h")] * 3] * 3,
    "a dict": {HUGE: HUGE, "file": HUGE, "line": "x"},
    "a dict of texts": {"x" * 1_000_000: "\x1b]0;" * 1_000_000},
    "many frames": [("f" * 10_000, HUGE, "g" * 10_000, "\x1b[31m")] * 10_000,
    "frames of odd numbers": [("f", -1, "g", "h"), ("f", True, "g", "h"), ("f", 2**70, "g", "h")],
}
HONEST = {"type": "ValueError", "message": "no", "frames": [("submission.py", 3, "f", "raise ValueError")]}


def assert_printable(text: str) -> None:
    assert len(text) < 20_000
    assert not any(sign in text for sign in "\x1b\x9b\x07\r\u202e")


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("part", ["type", "kinds", "message", "frames", "memory", "missing", "unusable", "syntax", 7])
def test_an_exception_can_be_told_whatever_it_is_made_of(part: Any, odd: Any) -> None:
    raised = StudentRaised({**HONEST, part: odd})
    for text in (str(raised), raised.message, raised.type_name, raised.traceback(), *raised.kinds):
        assert_printable(text)
    status, message = could_not_load(CouldNotLoad(raised), Limits())
    assert status.value in ("rejected", "out_of_memory")
    assert_printable(message)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("part", ["file", "line", "column", "text", "message"])
def test_a_syntax_error_can_be_told_whatever_it_is_made_of(part: str, odd: Any) -> None:
    syntax = {
        "file": "submission.py",
        "line": 1,
        "column": 5,
        "text": "x = = 1",
        "message": "invalid syntax",
        part: odd,
    }
    raised = StudentRaised({"type": "SyntaxError", "syntax": syntax})
    assert_printable(could_not_load(CouldNotLoad(raised), Limits())[1])


def test_an_honest_exception_is_told_as_it_is() -> None:
    raised = StudentRaised(HONEST)
    assert str(raised) == "ValueError: no"
    assert raised.traceback().splitlines()[1:] == [
        '  File "submission.py", line 3, in f',
        "    raise ValueError",
        "ValueError: no",
    ]


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("part", ["names", "notes", "failures", "lost"])
def test_the_account_of_a_load_can_be_told_whatever_it_is_made_of(part: str, odd: Any) -> None:
    for note in notes(loaded({part: odd}), {}):
        assert_printable(note)
    assert_printable("".join(notes(loaded(odd), {})))


@pytest.mark.parametrize(
    "seen",
    [
        Sighting("aten::pool", "f.py", 3, 0, 1),
        Sighting("x" * 10**6, "\x1b[2J" * 10**6, HUGE, 0, HUGE),
        Sighting("", "", -5, 0, -5),
    ],
    ids=["honest", "huge", "empty"],
)
def test_a_forbidden_operator_can_be_told(seen: Sighting) -> None:
    used = ForbiddenOperatorUsed("max_pool2d", seen, Forbidden(("aten::pool",), "write it yourself"))
    for text in (str(used), used.operator, used.file, str(used.line), str(used.times)):
        assert_printable(text)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_an_answer_that_is_too_large_can_be_told(odd: Any) -> None:
    assert_printable(str(AnswerTooLarge(odd)))


class Unprintable(torch.nn.Module):
    def __repr__(self) -> str:
        raise AssertionError("a value was asked to print itself")


NESTED: Any = 1
for _ in range(30):
    NESTED = (NESTED, NESTED)

# Made by the test: each worker collects the table.
VALUES: dict[str, Callable[[], Any]] = {
    "a text": lambda: "x" * 10_000_000,
    "bytes": lambda: b"\xff" * 10_000_000,
    "a number": lambda: HUGE,
    "a set of numbers": lambda: {HUGE, 1},
    "a list of numbers": lambda: [HUGE] * 1_000_000,
    "a dict": lambda: {str(n): HUGE for n in range(100_000)},
    "a set of texts": lambda: {f"{n}" * 100 for n in range(100_000)},
    "tuples of texts": lambda: ((("w" * 300,) * 1000,) * 1000,) * 1000,
    "2**30 tuples": lambda: NESTED,
    "many tensors": lambda: [torch.zeros(3, 3)] * 100_000,
    "a frozenset of tensors": lambda: frozenset(torch.zeros(1000) for _ in range(10_000)),
    "a large tensor": lambda: torch.zeros(1 << 24),
    "a module": Unprintable,
    "an empty shape": lambda: torch.zeros(1 << 40, 0),
}


@pytest.mark.parametrize("make", VALUES.values(), ids=VALUES.keys())
def test_a_value_is_described_briefly_whatever_it_is(make: Callable[[], Any]) -> None:
    assert 0 < len(show.describe(make())) <= 400


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((1,), "(1,)"), ([], "[]"), ((), "()"), (set(), "set()"), (frozenset(), "frozenset()"), ({}, "{}"),
        ({"a": 1.5}, "{'a': 1.5}"), ({3}, "{3}"), ([[1, 2], "x"], "[[1, 2], 'x']"), (list(range(30)), None),
        (torch.tensor([1, 2]), "tensor([1, 2])"), (None, "None"), (True, "True"), (b"ab", "b'ab'"),
    ],
    ids=repr,
)  # fmt: skip
def test_small_values_are_shown_whole(value: Any, text: str | None) -> None:
    shown = show.describe(value)
    assert shown == text if text is not None else shown.endswith("18, 19, …]")
