"""From what a check raised to what a student reads. The only place where an outcome is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pytest

from grader.checking import show
from grader.checking.api.compare import MismatchError
from grader.checking.checks import Check
from grader.checking.effort import TookTooLong
from grader.checking.session.budget import NotCalledAgain, TimeUsedUp
from grader.checking.session.claims import AnswerTooLarge, ForbiddenOperatorUsed, Loaded, StudentRaised
from grader.checking.session.lodging import CouldNotLoad
from grader.errors import RoomDied, RoomError, RoomTimeout, WireError
from grader.model import CheckResult, Limits, Mismatch, Outcome, Status, Visibility

_MAX_MESSAGE = 2000
_MAX_NAME = 100
_MAX_FAILURES = 8
_MAX_TITLES = 3
_UNEXPLAINED = "the answer is not as it should be"
# A hidden check's duration has no more digits than it takes to see what is slow: a function can take its time according
# to what it was asked.
_HIDDEN_PLACES, _PUBLIC_PLACES = 1, 4


def told_seconds(seconds: float, *, visible: bool) -> float:
    """A duration with as many digits as anybody may read."""
    return round(seconds, _PUBLIC_PLACES if visible else _HIDDEN_PLACES)


def not_run(check: Check) -> CheckResult:
    """A check that was never asked."""
    return _result(check, Outcome.NOT_RUN, "", 0.0)


def judge(
    check: Check,
    raised: BaseException | None,
    seconds: float,
    limits: Limits,
    *,
    killed: bool,
    reveal: bool,
    forgotten: str = "",
) -> CheckResult:
    """The result of one check. A hidden one says nothing of what it asked, unless `reveal`.

    `forgotten` is the function whose `return` seems to be missing: there is nothing else to say.
    """
    if raised is None:
        return _result(check, Outcome.PASSED, "", seconds)
    outcome, message = _told(raised, limits, killed=killed)
    hidden = check.visibility is Visibility.HIDDEN and not reveal
    if hidden:
        result = _result(check, outcome, _hidden_message(raised, outcome, limits), seconds)
        if isinstance(raised, ForbiddenOperatorUsed):
            # Students read no message of a hidden check, and its own hint is about values.
            return msgspec.structs.replace(result, message="", hint=f"{raised.function}: {raised.say}")
        return result
    if forgotten:
        return _result(check, outcome, f"`{forgotten[:_MAX_NAME]}` returned None; is a `return` missing?", seconds)
    mismatch = raised.mismatch if isinstance(raised, MismatchError) else None
    traceback = raised.traceback() if isinstance(raised, StudentRaised) else ""
    result = _result(check, outcome, message[:_MAX_MESSAGE], seconds, mismatch=mismatch, traceback=traceback)
    if isinstance(raised, ForbiddenOperatorUsed) or (isinstance(raised, StudentRaised) and raised.missing_name):
        return msgspec.structs.replace(result, hint="")  # It is about values, and there are none.
    return result


def with_parts(result: CheckResult, earned: float) -> CheckResult:
    """The result, with the points of those of the check's parts that came off well."""
    if result.outcome is Outcome.PASSED or not earned:
        return result
    return msgspec.structs.replace(result, points=round(min(earned, result.max_points), 6))


def _result(
    check: Check,
    outcome: Outcome,
    message: str,
    seconds: float,
    *,
    mismatch: Mismatch | None = None,
    traceback: str = "",
) -> CheckResult:
    return CheckResult(
        id=check.id,
        title=check.title,
        visibility=check.visibility,
        outcome=outcome,
        points=check.points if outcome is Outcome.PASSED else 0.0,
        max_points=check.points,
        message=message,
        hint="" if outcome is Outcome.PASSED else check.hint,
        duration_s=told_seconds(seconds, visible=check.visibility is Visibility.PUBLIC),
        mismatch=mismatch,
        traceback=traceback,
        idea=check.idea,
    )


def _told(raised: BaseException, limits: Limits, *, killed: bool) -> tuple[Outcome, str]:
    """The outcome and the whole story, for those who may read it."""
    match raised:
        case NotCalledAgain():
            outcome, why = _told(raised.error, limits, killed=False)
            return outcome, f"{raised.function} was not called again: twice before, {why}"
        case CouldNotLoad():
            return Outcome.CRASHED, "the room had to be opened again, and the submission could not be loaded anew"
        case TimeUsedUp():
            return Outcome.NOT_RUN, f"not run: the submission had used its {limits.total_seconds:g} s"
        case TookTooLong():
            return Outcome.TIMEOUT, _took_too_long(limits)
        case RoomTimeout():
            return Outcome.TIMEOUT, _no_answer(raised, limits)
        case RoomDied():
            why = " It used more memory than it may." if killed else ""
            words = f"the process ended during the call {_call(raised)}(an exit, or a crash of the interpreter).{why}"
            return Outcome.CRASHED, words
        case WireError():
            return Outcome.CRASHED, f"the process answered in a way that is not allowed: {raised.message}"
        case StudentRaised() if raised.missing_name:
            return Outcome.FAILED, f"the submission defines no `{raised.message}`{_because(raised)}"
        case StudentRaised() if raised.absent_library:
            return Outcome.ERROR, raised.message
        case StudentRaised() if raised.out_of_memory:
            return Outcome.ERROR, f"out of memory: more than the {limits.memory_mb} MB that a submission may use"
        case StudentRaised() if raised.type_name == "NotImplementedError":
            return Outcome.ERROR, "not written yet (NotImplementedError)"
        case StudentRaised() if raised.type_name in ("SystemExit", "KeyboardInterrupt"):
            return Outcome.ERROR, f"the function ended the program ({raised.type_name}) instead of returning"
        case StudentRaised() if raised.type_name == "NameError":
            return Outcome.ERROR, f"{_call(raised)}raised {raised}{_because(raised)}"
        case StudentRaised():
            return Outcome.ERROR, f"{_call(raised)}raised {raised}"
        case ForbiddenOperatorUsed():
            place = f"{raised.file}, line {raised.line}: " if raised.line else ""
            return Outcome.FAILED, f"{place}{raised.function} runs {_what_runs(raised)}; {raised.say}"
        case AnswerTooLarge():
            return Outcome.ERROR, f"{_call(raised)}returned {raised}; no answer may be larger than {limits.reply_mb} MB"
        case pytest.fail.Exception():
            return Outcome.FAILED, _sentence_of_a_failure(raised.msg)
        case AssertionError():
            return Outcome.FAILED, _sentence_of(raised)
        case _:
            return Outcome.FAILED, f"the answer could not be used: {type(raised).__name__}: {_words_of(raised)}"


def _what_runs(raised: ForbiddenOperatorUsed) -> str:
    if not raised.at_most:
        return raised.operator
    return (
        f"{raised.times} of torch's operators in one call, where at most {raised.at_most} may; "
        f"most often {raised.operator}"
    )


def _took_too_long(limits: Limits) -> str:
    return f"checking the answer took longer than {limits.check_seconds:g} s; is it far larger than it should be?"


def _no_answer(raised: RoomTimeout, limits: Limits) -> str:
    gave = f"{_call(raised)}gave " if raised.call is not None else ""
    return f"{gave}no answer within {limits.call_seconds:g} s; is there a loop that never ends?"


def _call(raised: StudentRaised | AnswerTooLarge | RoomError) -> str:
    return f"{raised.call.text} " if raised.call is not None else ""


def _because(raised: StudentRaised) -> str:
    return f"; {raised.because}" if raised.because else ""


def _sentence_of_a_failure(said: str | None) -> str:
    """The author's sentence; pytest.raises has one of its own, about classes that no student knows."""
    if said and said.startswith("DID NOT RAISE"):
        return "nothing was raised where an exception was expected"
    return said or _UNEXPLAINED


def _sentence_of(raised: AssertionError) -> str:
    """The author's own sentence, without pytest's account of the expression where there is one."""
    words = _words_of(raised)
    sentence, _, introspection = words.partition("\nassert ")
    return (sentence if introspection else words) or _UNEXPLAINED


def _words_of(raised: BaseException) -> str:
    """What an exception says. One that holds a student's value, as KeyError does, would ask it for its `repr`, which
    may take long, or raise: an int of more than 4300 digits has none.
    """
    if all(isinstance(part, (str, float, type(None))) or _is_small(part) for part in raised.args):
        return str(raised)
    return ", ".join(part if isinstance(part, str) else show.describe(part) for part in raised.args)


def _is_small(part: object) -> bool:
    return isinstance(part, int) and abs(part) < 2**63


def _hidden_message(raised: BaseException, outcome: Outcome, limits: Limits) -> str:
    """Sentences that are the same whatever the check had asked and whatever the student's code did with it."""
    if isinstance(raised, StudentRaised) and raised.missing_name:
        return "the submission lacks a function that this check calls"
    if isinstance(raised, TookTooLong):
        return _took_too_long(limits)
    fixed = {
        Outcome.ERROR: "your code raised an exception",
        Outcome.TIMEOUT: f"no answer within {limits.call_seconds:g} s",
        Outcome.CRASHED: "the process ended during the call",
        Outcome.NOT_RUN: f"not run: the submission had used its {limits.total_seconds:g} s",
    }
    return fixed.get(outcome, "")


def could_not_load(error: CouldNotLoad, limits: Limits) -> tuple[Status, str]:
    """Why a submission could not be graded at all: status and message."""
    cause: Any = error.cause
    if isinstance(cause, RoomTimeout):
        return Status.TIMEOUT, _loading_took_too_long(limits)
    if isinstance(cause, RoomDied):
        if error.exit_code == 128 + 9:
            return Status.OUT_OF_MEMORY, f"loading it used more than {limits.memory_mb} MB of memory"
        if error.exit_code > 128:
            return Status.CRASHED, (
                f"something outside functions crashes Python itself (exit code {error.exit_code}); "
                "take out what stands there piece by piece until it loads"
            )
        return Status.CRASHED, (
            f"the process ended while it was loaded (exit code {error.exit_code}); remove exit calls outside functions"
        )
    if isinstance(cause, StudentRaised):
        return _raised_while_loading(cause, limits)
    return Status.CRASHED, f"the process answered in a way that is not allowed: {cause}"


def _loading_took_too_long(limits: Limits) -> str:
    return (
        f"loading it took longer than {limits.import_seconds:g} s; "
        "is there a loop, a training run or an input() outside a function?"
    )


def _raised_while_loading(cause: StudentRaised, limits: Limits) -> tuple[Status, str]:
    if cause.out_of_memory:
        return Status.OUT_OF_MEMORY, f"loading it used more than {limits.memory_mb} MB of memory"
    if cause.unusable and cause.late:
        return Status.TIMEOUT, _loading_took_too_long(limits)
    if cause.unusable:
        return Status.REJECTED, cause.message
    if cause.syntax is not None:
        return Status.REJECTED, _syntax_message(cause)
    if cause.type_name == "SystemExit":
        where = f"line {cause.frames[-1].line}" if cause.frames else "the top level"
        return Status.REJECTED, f"it ends the program while it is loaded ({where}); remove exit() outside functions"
    trace = cause.traceback()
    return Status.REJECTED, f"it raises {cause.type_name} while it is loaded\n{trace}" if trace else (
        f"it cannot be loaded: {cause}"
    )


def _syntax_message(cause: StudentRaised) -> str:
    assert cause.syntax is not None
    text = cause.syntax.text
    message = f"{cause.syntax.file}, line {cause.syntax.line}: {cause.type_name}: {cause.syntax.message}"
    if text.strip():
        column = cause.syntax.column
        indent = len(text) - len(text.lstrip())
        caret = " " * max(min(int(column) - 1 - indent, 120), 0) + "^" if column else ""
        message += f"\n    {text.strip()}" + (f"\n    {caret}" if caret else "")
    hint = cause.syntax.hint
    return f"{message}\n{hint[:1].upper()}{hint[1:]}." if hint else message


def notes(loaded: Loaded, costs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Sentences about the submission as a whole: what failed outside functions, and which checks that cost."""
    told = []
    for place, sentence in loaded.failures.items():
        titles = costs.get(place, ())
        if place.startswith("In [") and not titles:
            continue  # A kernel's history is full of attempts that failed.
        cost = "No check failed for want of it." if not titles else f"That costs {_titles(titles)}."
        told.append((not titles, f"{sentence[:1].upper()}{sentence[1:]}. {cost}"))
    told.sort(key=lambda pair: pair[0])
    more = len(told) - _MAX_FAILURES
    sentences = [sentence for _, sentence in told[:_MAX_FAILURES]]
    if more > 0:
        sentences.append(f"{more} more {'line' if more == 1 else 'lines'} outside functions failed.")
    if any(place.startswith("cell ") for place in loaded.failures):
        sentences.append("Cells are numbered as Jupyter numbers them after Restart & Run All.")
    return (*sentences, *loaded.notes)


def _titles(titles: Sequence[str]) -> str:
    shown = [f"“{title.rstrip('.')}”" for title in titles[:_MAX_TITLES]]
    if len(titles) > _MAX_TITLES:
        shown.append(f"{len(titles) - _MAX_TITLES} more")
    listed = " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
    return f"{len(titles)} {'check' if len(titles) == 1 else 'checks'}: {listed}"
