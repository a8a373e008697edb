"""A submission's rooms, one after another: what is loaded, what is printed, what is told where that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.checking.session.budget import Budget
from grader.checking.session.claims import StudentRaised
from grader.checking.session.lodging import CouldNotLoad, Lodging
from grader.errors import RoomDied
from grader.model import Limits
from grader.sandbox import replies
from grader.sandbox.forked import Sandbox
from grader.sandbox.operations import CallFunction, Operation, TakeValue
from grader.sandbox.questions import asking
from tests.checking.session.asking import Asking, problem, submission

Lodge = Callable[..., Lodging]
SOURCE = "print('loaded')\ndef f(x):\n    print('asked')\n    return 2 * x\n"


@pytest.fixture
def lodge(sandbox: Sandbox, tmp_path: Path) -> Iterator[Lodge]:
    """`lodge(source)`: rooms for it; the open one is ended after the test."""
    made: list[Lodging] = []

    def lodging(source: str, limits: Limits | None = None) -> Lodging:
        of = problem(tmp_path, limits=limits)
        made.append(Lodging(sandbox, of, submission(source), Budget(of.limits), ()))
        return made[-1]

    yield lodging
    for one in made:
        one.end()


def asked(lodging: Lodging, operation: Operation, *, keep: bool = False) -> replies.Reply:
    asker = Asking()
    said = lodging.room().ask(asking(operation, number=asker.number, keep=keep, function="f"), 20.0)
    return replies.decode(said, asker.unpark)


def test_a_room_is_opened_once_and_holds_the_submission(lodge: Lodge) -> None:
    lodging = lodge(SOURCE)
    assert lodging.room() is lodging.room()
    assert asked(lodging, CallFunction("f", (4,), {})).value == 8
    assert (lodging.generation, "f" in lodging.loaded.names) == (1, True)
    assert "seccomp" in lodging.walls


def test_after_its_end_another_one_is_opened_and_what_both_print_is_kept(lodge: Lodge) -> None:
    lodging = lodge(SOURCE)
    for _ in range(2):
        asked(lodging, CallFunction("f", (4,), {}))
        lodging.end()
    assert lodging.generation == 2
    assert lodging.output.text() == "loaded\nasked\n" * 2
    lodging.end()
    assert lodging.output.text() == "loaded\nasked\n" * 2, "a room that is not open has no end"


def test_what_a_room_says_after_hidden_checks_have_begun_is_not_kept(lodge: Lodge) -> None:
    lodging = lodge("import os\nn = 1 / len(os.environ.get('AGAIN', ''))\n" + SOURCE)
    lodging.open()
    before = lodging.loaded
    assert list(before.failures) == ["line 2"]
    lodging.hide_output()
    asked(lodging, CallFunction("f", (4,), {}))
    lodging.end()
    lodging.open()
    assert lodging.loaded is before
    lodging.end()
    assert lodging.output.text() == "loaded\n"


def test_a_process_that_ends_while_it_is_loaded_is_told_with_its_exit_code(lodge: Lodge) -> None:
    lodging = lodge("import os\nos._exit(3)\n")
    with pytest.raises(CouldNotLoad) as told:
        lodging.open()
    assert isinstance(told.value.cause, RoomDied)
    assert told.value.exit_code == 3
    assert not lodging.killed_for_memory


def test_what_is_no_python_is_told_as_the_students_exception(lodge: Lodge) -> None:
    lodging = lodge("def f(:\n")
    with pytest.raises(CouldNotLoad) as told:
        lodging.open()
    assert isinstance(told.value.cause, StudentRaised)
    assert told.value.cause.syntax is not None
    assert told.value.cause.syntax.line == 1


def test_loading_is_paid_from_the_submissions_time(lodge: Lodge) -> None:
    lodging = lodge(SOURCE, Limits(total_seconds=1e-9))
    lodging.open()
    assert lodging._budget.call_seconds() < 0


@pytest.mark.parametrize(("count", "forgotten"), [(63, False), (64, True)], ids=["few", "many"])
def test_dropped_objects_are_forgotten_once_they_are_many(count: int, forgotten: bool, lodge: Lodge) -> None:
    lodging = lodge(SOURCE)
    handle = asked(lodging, TakeValue([1, 2]), keep=True).value
    lodging.drop(handle.number, lodging.generation - 1)
    for _ in range(count):
        lodging.drop(handle.number, lodging.generation)
    lodging.forget_dropped(lodging.room())
    assert asked(lodging, TakeValue(handle)).value == (None if forgotten else [1, 2])
