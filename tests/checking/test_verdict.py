"""From what a check raised to what a student reads: each kind in words, and nothing of a hidden check."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from grader.checking.api.compare import MismatchError
from grader.checking.calls import Call
from grader.checking.checks import Check
from grader.checking.effort import TookTooLong
from grader.checking.session.budget import NotCalledAgain, TimeUsedUp
from grader.checking.session.claims import AnswerTooLarge, ForbiddenOperatorUsed, Loaded, StudentRaised
from grader.checking.session.lodging import CouldNotLoad
from grader.checking.verdict import could_not_load, judge, not_run, notes
from grader.errors import RoomDied, RoomTimeout, WireError
from grader.model import CheckResult, Forbidden, Limits, Mismatch, Outcome, Status, Visibility
from grader.sandbox.replies import Sighting

LIMITS = Limits(import_seconds=3, call_seconds=2, total_seconds=20, check_seconds=4, memory_mb=512, reply_mb=8)
CALL = Call("pool", (3,), {"stride": 2})
SECRET = "SECRET-41"


def check(visibility: Visibility = Visibility.PUBLIC) -> Check:
    return Check(
        id="test_pool.py::test_it", title="It pools.", visibility=visibility, points=2.0, hint="Look again.",
        idea="Pooling", recognised=True, place="checks/test_pool.py, line 3", item=None, direct=None,  # type: ignore[arg-type]
    )  # fmt: skip


def judged(raised: BaseException | None, **more: Any) -> CheckResult:
    asked = {"killed": False, "reveal": False, "seconds": 0.123456, **more}
    visibility = asked.pop("visibility", Visibility.PUBLIC)
    return judge(check(visibility), raised, asked.pop("seconds"), LIMITS, **asked)


def raised(**described: Any) -> StudentRaised:
    error = StudentRaised({"type": "ValueError", "message": f"no {SECRET}", **described})
    error.call = CALL
    return error


def because(error: StudentRaised) -> StudentRaised:
    error.because = "line 7 failed"
    return error


def called(error: Any) -> Any:
    error.call = CALL
    return error


def used(file: str, line: int, at_most: int = 0, times: int = 1) -> ForbiddenOperatorUsed:
    seen = Sighting("aten::max_pool2d", file, line, 0, times)
    return ForbiddenOperatorUsed("pool", seen, Forbidden(("aten::*",), "write it yourself", at_most))


MISMATCH = Mismatch("values", f"pool({SECRET})", SECRET, "1")
DIFFERS = f"pool({SECRET}) returned {SECRET}; expected 1"
RAISED: dict[str, tuple[BaseException, Outcome, str, str]] = {
    # What was raised, the outcome, the words of a public check, the words of a hidden one.
    "an assertion": (AssertionError(f"it is {SECRET}"), Outcome.FAILED, f"it is {SECRET}", ""),
    "one that pytest took apart": (
        AssertionError(f"too large {SECRET}\nassert 3 == 4\n +  where"), Outcome.FAILED, f"too large {SECRET}", "",
    ),
    "one without words": (AssertionError(), Outcome.FAILED, "the answer is not as it should be", ""),
    "pytest.fail": (pytest.fail.Exception(SECRET), Outcome.FAILED, SECRET, ""),
    "a mismatch": (MismatchError(MISMATCH), Outcome.FAILED, DIFFERS, ""),
    "an answer of no use": (
        TypeError(f"'{SECRET}' has no len"), Outcome.FAILED,
        f"the answer could not be used: TypeError: '{SECRET}' has no len", "",
    ),
    "a key that has no repr": (
        KeyError(10**5000), Outcome.FAILED,
        "the answer could not be used: KeyError: <an integer of about 5000 digits>", "",
    ),
    "an exception of the student's": (
        raised(), Outcome.ERROR, f"pool(3, stride=2) raised ValueError: no {SECRET}", "your code raised an exception",
    ),
    "not written yet": (
        raised(type="NotImplementedError"), Outcome.ERROR, "not written yet (NotImplementedError)",
        "your code raised an exception",
    ),
    "an exit": (
        raised(type="SystemExit"), Outcome.ERROR, "the function ended the program (SystemExit) instead of returning",
        "your code raised an exception",
    ),
    "a name for want of a line": (
        because(raised(type="NameError", message="name 'helper' is not defined")), Outcome.ERROR,
        "pool(3, stride=2) raised NameError: name 'helper' is not defined; line 7 failed",
        "your code raised an exception",
    ),
    "a function that is missing": (
        because(raised(message="pool", missing=True)), Outcome.FAILED,
        "the submission defines no `pool`; line 7 failed", "the submission lacks a function that this check calls",
    ),
    "a library that is missing": (
        raised(message="`pool` uses jax", absent=True), Outcome.ERROR, "`pool` uses jax",
        "your code raised an exception",
    ),
    "no memory": (
        raised(memory=True), Outcome.ERROR, "out of memory: more than the 512 MB that a submission may use",
        "your code raised an exception",
    ),
    "an operator": (
        used("submission.py", 9), Outcome.FAILED,
        "submission.py, line 9: pool runs aten::max_pool2d; write it yourself", "",
    ),
    "an operator of nowhere": (
        used("", 0), Outcome.FAILED,
        "pool runs aten::max_pool2d; write it yourself", "",
    ),
    "too many operators": (
        used("submission.py", 9, at_most=20, times=431), Outcome.FAILED,
        "submission.py, line 9: pool runs 431 of torch's operators in one call, where at most 20 may; "
        "most often aten::max_pool2d; write it yourself", "",
    ),
    "too large an answer": (
        called(AnswerTooLarge("a tensor of 10 MB")), Outcome.ERROR,
        "pool(3, stride=2) returned a tensor of 10 MB; no answer may be larger than 8 MB",
        "your code raised an exception",
    ),
    "no answer": (
        called(RoomTimeout("late")), Outcome.TIMEOUT,
        "pool(3, stride=2) gave no answer within 2 s; is there a loop that never ends?", "no answer within 2 s",
    ),
    "no answer to something else": (
        RoomTimeout("late"), Outcome.TIMEOUT, "no answer within 2 s; is there a loop that never ends?",
        "no answer within 2 s",
    ),
    "a process that ended": (
        called(RoomDied("gone")), Outcome.CRASHED,
        "the process ended during the call pool(3, stride=2) (an exit, or a crash of the interpreter).",
        "the process ended during the call",
    ),
    "a forged answer": (
        WireError(f"an answer of {SECRET}"), Outcome.CRASHED,
        f"the process answered in a way that is not allowed: an answer of {SECRET}",
        "the process ended during the call",
    ),
    "a room that cannot be opened again": (
        CouldNotLoad(raised()), Outcome.CRASHED,
        "the room had to be opened again, and the submission could not be loaded anew",
        "the process ended during the call",
    ),
    "a function that cost two rooms": (
        NotCalledAgain("pool", RoomTimeout("late")), Outcome.TIMEOUT,
        "pool was not called again: twice before, no answer within 2 s; is there a loop that never ends?",
        "no answer within 2 s",
    ),
    "no time left": (
        TimeUsedUp(), Outcome.NOT_RUN, "not run: the submission had used its 20 s",
        "not run: the submission had used its 20 s",
    ),
    "checking that took too long": (
        TookTooLong(), Outcome.TIMEOUT,
        "checking the answer took longer than 4 s; is it far larger than it should be?",
        "checking the answer took longer than 4 s; is it far larger than it should be?",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("error", "outcome", "told", "hidden"), RAISED.values(), ids=RAISED)
def test_each_kind_has_an_outcome_and_its_words(error: Any, outcome: Outcome, told: str, hidden: str) -> None:
    result = judged(error)
    values = not isinstance(error, ForbiddenOperatorUsed) and not getattr(error, "missing_name", False)
    assert (result.outcome, result.points, result.max_points) == (outcome, 0.0, 2.0)
    assert result.hint == ("Look again." if values else ""), "a hint is about values"
    assert result.message == told
    secret = judged(error, visibility=Visibility.HIDDEN)
    assert (secret.outcome, secret.message) == (outcome, hidden)


@pytest.mark.parametrize("error", [entry[0] for entry in RAISED.values()], ids=RAISED)
def test_a_hidden_check_tells_nothing_of_what_it_asked(error: Any) -> None:
    result = judged(error, visibility=Visibility.HIDDEN, seconds=1.23456)
    assert (result.mismatch, result.traceback, result.duration_s) == (None, "", 1.2)
    assert SECRET not in str(msgspec.to_builtins(result))
    assert "pool(3" not in result.message


def test_a_hidden_check_hints_at_the_rule_that_was_broken() -> None:
    """And not at values, nor at a count, which would depend on the input."""
    result = judged(used("submission.py", 9, at_most=20, times=431), visibility=Visibility.HIDDEN)
    assert (result.message, result.hint) == ("", "pool: write it yourself")


def test_what_is_revealed_is_told_as_of_a_public_check() -> None:
    error = MismatchError(MISMATCH)
    result = judged(error, visibility=Visibility.HIDDEN, reveal=True)
    assert (result.message, result.mismatch, result.visibility) == (DIFFERS, MISMATCH, Visibility.HIDDEN)


def test_a_public_check_shows_the_students_own_frames() -> None:
    error = raised(frames=[("submission.py", 3, "pool", "raise ValueError")])
    assert '  File "submission.py", line 3, in pool' in judged(error).traceback


def test_a_check_that_is_passed_earns_its_points_without_a_hint() -> None:
    result = judged(None)
    assert (result.outcome, result.points, result.hint, result.message) == (Outcome.PASSED, 2.0, "", "")
    assert result.duration_s == 0.1235


def test_a_check_that_was_never_asked_earns_nothing() -> None:
    result = not_run(check(Visibility.HIDDEN))
    assert (result.outcome, result.points, result.max_points, result.message) == (Outcome.NOT_RUN, 0.0, 2.0, "")


def test_a_process_killed_for_memory_is_told_so() -> None:
    assert judged(RoomDied("gone"), killed=True).message.endswith(" It used more memory than it may.")


def test_a_message_is_never_long() -> None:
    assert len(judged(AssertionError("x" * 100_000)).message) == 2000


SYNTAX = {
    "file": "submission.py", "line": 2, "column": 9, "text": "    x = = 1", "message": "invalid syntax",
    "hint": "write one sign",
}  # fmt: skip
LOADING: dict[str, tuple[CouldNotLoad, Status, str]] = {
    "never ends": (
        CouldNotLoad(RoomTimeout("late")), Status.TIMEOUT,
        "loading it took longer than 3 s; is there a loop, a training run or an input() outside a function?",
    ),
    "ends itself late": (
        CouldNotLoad(raised(unusable=True, late=True)), Status.TIMEOUT,
        "loading it took longer than 3 s; is there a loop, a training run or an input() outside a function?",
    ),
    "killed": (CouldNotLoad(RoomDied("gone"), 137), Status.OUT_OF_MEMORY, "loading it used more than 512 MB of memory"),
    "no memory": (
        CouldNotLoad(raised(memory=True)), Status.OUT_OF_MEMORY, "loading it used more than 512 MB of memory",
    ),
    "exits": (
        CouldNotLoad(RoomDied("gone"), 3), Status.CRASHED,
        "the process ended while it was loaded (exit code 3); remove exit calls outside functions",
    ),
    "crashes": (
        CouldNotLoad(RoomDied("gone"), 139), Status.CRASHED,
        "something outside functions crashes Python itself (exit code 139); "
        "take out what stands there piece by piece until it loads",
    ),
    "ends the program": (
        CouldNotLoad(raised(type="SystemExit", frames=[("submission.py", 5, "<module>", "exit()")])), Status.REJECTED,
        "it ends the program while it is loaded (line 5); remove exit() outside functions",
    ),
    "nothing to grade": (CouldNotLoad(raised(unusable=True, message="it is empty")), Status.REJECTED, "it is empty"),
    "no Python": (
        CouldNotLoad(raised(type="SyntaxError", syntax=SYNTAX)), Status.REJECTED,
        "submission.py, line 2: SyntaxError: invalid syntax\n    x = = 1\n        ^\nWrite one sign.",
    ),
    "raises": (
        CouldNotLoad(raised(message="no", frames=[("submission.py", 1, "<module>", "f()")])), Status.REJECTED,
        "it raises ValueError while it is loaded\nTraceback (most recent call last):\n"
        '  File "submission.py", line 1, in <module>\n    f()\nValueError: no',
    ),
    "raises nowhere": (CouldNotLoad(raised(message="no")), Status.REJECTED, "it cannot be loaded: ValueError: no"),
    "forges": (
        CouldNotLoad(WireError("a second answer")), Status.CRASHED,
        "the process answered in a way that is not allowed: a second answer",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("error", "status", "message"), LOADING.values(), ids=LOADING)
def test_why_a_submission_could_not_be_loaded(error: CouldNotLoad, status: Status, message: str) -> None:
    assert could_not_load(error, LIMITS) == (status, message)


def test_what_failed_outside_functions_is_told_with_what_it_cost_dearest_first() -> None:
    loaded = Loaded(failures={"line 2": "line 2 failed", "line 7": "line 7 failed"}, notes=("Said by the room.",))
    assert notes(loaded, {"line 7": ["One.", "Two", "Three.", "Four."]}) == (
        "Line 7 failed. That costs 4 checks: “One”, “Two”, “Three” and 1 more.",
        "Line 2 failed. No check failed for want of it.",
        "Said by the room.",
    )


def test_of_a_kernels_history_only_what_cost_something_is_told() -> None:
    loaded = Loaded(failures={"In [2]": "In [2] failed", "In [3]": "In [3] failed"})
    assert notes(loaded, {"In [3]": ["One."]}) == ("In [3] failed. That costs 1 check: “One”.",)


def test_of_many_failures_the_first_are_told() -> None:
    loaded = Loaded(failures={f"cell {n}": f"cell {n} failed" for n in range(1, 11)})
    told = notes(loaded, {})
    assert len(told) == 10
    assert told[-2] == "2 more lines outside functions failed."
    assert told[-1].startswith("Cells are numbered as Jupyter numbers them")
