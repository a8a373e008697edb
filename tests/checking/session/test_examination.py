"""Questions to a submission's room, and how replies are judged: a value, or an exception that is an outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.checking.session.budget import NotCalledAgain, TimeUsedUp
from grader.checking.session.claims import AnswerTooLarge, ForbiddenOperatorUsed, StudentRaised
from grader.checking.session.examination import Examination
from grader.checking.session.exchange import Exchange
from grader.checking.session.transcript import LIBRARY
from grader.errors import RoomDied, RoomTimeout, WireError
from grader.model import Forbidden, Limits
from grader.sandbox.forked import Sandbox
from grader.sandbox.operations import CallFunction, GetLength, TakeValue
from grader.sandbox.replies import Reply, Sighting
from tests.checking.session.asking import Asking, Handle, problem, submission

SOURCE = """
import os, torch

def f(x):
    if x == 1: raise ValueError("no")
    if x == 2: return bytes(3_000_000)
    if x == 3: return torch.relu(torch.ones(2)).tolist()
    if x == 4: os._exit(7)
    if x == 5:
        while True: pass
    return [x, x]

def g(x):
    return x + 1
"""
LIMITS = Limits(call_seconds=5, total_seconds=60, reply_mb=1)
FORBIDDEN = {"f": (Forbidden(("aten::relu*",), "write it yourself"),)}
Examine = Callable[..., Examination]


@pytest.fixture
def examine(sandbox: Sandbox, tmp_path: Path) -> Iterator[Examine]:
    """`examine(source)`: its examination; the open room is ended after the test."""
    made: list[Examination] = []

    def examination(source: str = SOURCE, limits: Limits = LIMITS) -> Examination:
        made.append(Examination(sandbox, problem(tmp_path, limits=limits, forbidden=FORBIDDEN), submission(source)))
        return made[-1]

    yield examination
    for one in made:
        one.end_room()


def call(examination: Examination, *arguments: Any, function: str = "f") -> Any:
    _, value = examination.ask(Asking(function), CallFunction(function, arguments, {}))
    return value


def noted(examination: Examination) -> list[tuple[str, str]]:
    return [(entry.function, entry.kind) for entry in examination.entries]


def test_a_reply_is_a_value_and_is_noted(examine: Examine) -> None:
    examination = examine()
    examination.new_check()
    assert call(examination, 9) == [9, 9]
    assert [(entry.question, entry.value) for entry in examination.entries] == [
        (("CallFunction", False, ("f", (9,), {})), [9, 9])
    ]
    examination.new_check()
    assert examination.entries == []


REFUSED: dict[str, tuple[int, type[Exception], str, str]] = {
    "an exception": (1, StudentRaised, "ValueError: no", "raised"),
    "too much": (2, AnswerTooLarge, "more than 1,048,576 bytes", "lost"),
    "a forbidden operator": (3, ForbiddenOperatorUsed, "f ran aten::relu", "lost"),
}


@pytest.mark.parametrize(("argument", "kind", "says", "entry"), REFUSED.values(), ids=REFUSED)
def test_a_reply_without_a_value_is_an_exception_and_the_room_goes_on(
    argument: int, kind: type[Exception], says: str, entry: str, examine: Examine
) -> None:
    examination = examine()
    examination.new_check()
    with pytest.raises(kind, match=says):
        call(examination, argument)
    assert noted(examination) == [("f", entry)]
    assert call(examination, 9) == [9, 9]
    assert examination.lodging.generation == 1


def test_a_missing_function_is_told_with_the_line_that_it_is_lost_with(examine: Examine) -> None:
    examination = examine(SOURCE.replace("def f(x)", "f = undefined_name\ndef other(x)"))
    with pytest.raises(StudentRaised) as told:
        call(examination, 1)
    assert told.value.missing_name
    assert told.value.failed_place == "line 4"
    assert "undefined_name" in told.value.because


def test_a_function_that_cost_two_rooms_is_not_called_again_and_others_are(examine: Examine) -> None:
    examination = examine(limits=Limits(call_seconds=0.5, total_seconds=60))
    examination.new_check()
    with pytest.raises(RoomDied):
        call(examination, 4)
    with pytest.raises(RoomTimeout):
        call(examination, 5)
    with pytest.raises(NotCalledAgain):
        call(examination, 9)
    assert call(examination, 1, function="g") == 2
    assert noted(examination) == [("f", "lost"), ("f", "lost"), ("g", "value")]
    assert examination.lodging.generation == 3


def test_without_time_nothing_is_asked(examine: Examine) -> None:
    examination = examine()
    examination.budget.spend(LIMITS.total_seconds)
    with pytest.raises(TimeUsedUp):
        call(examination, 9)
    assert examination.lodging.generation == 0, "no room was opened for that"


def test_what_is_put_into_the_room_stays_there(examine: Examine) -> None:
    examination = examine()
    library = Asking(LIBRARY)
    _, handle = examination.ask(library, TakeValue([1, 2]), keep=True)
    assert isinstance(handle, Handle)
    assert examination.ask(library, TakeValue(handle)) == ("value", [1, 2])
    assert examination.ask(library, GetLength(handle)) == ("value", 2)


FORGED: dict[str, Reply] = {
    "an exception of no form": Reply("raised", "no dict", [], 1),
    "more than all replies may be": Reply("value", 1, [], 9 << 20),
}


@pytest.mark.parametrize("reply", FORGED.values(), ids=FORGED)
def test_a_reply_of_no_form_is_refused(reply: Reply, examine: Examine) -> None:
    with pytest.raises(WireError):
        examine().judge(Exchange(("call", False, ()), reply), "f", Asking())


def test_who_is_forbidden_nothing_may_run_anything(examine: Examine) -> None:
    reply = Reply("value", 1, [Sighting("aten::relu", "submission.py", 3, 0, 1)], 1)
    assert examine().judge(Exchange(("call", False, ()), reply), "g", Asking("g")) == ("value", 1)
