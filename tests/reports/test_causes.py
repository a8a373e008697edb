"""Which failure is told first, and which ones are the same mistake."""

from __future__ import annotations

import pytest

from grader.model import CheckResult, Mismatch, Outcome, Visibility
from grader.reports.causes import cause, first_failure, unwritten_functions, with_cause_of

from . import samples

TRACE = 'Traceback (most recent call last):\n  File "a.py", line {line}, in f\n    x\n{error}'


def raised(title: str, line: int = 3, error: str = "RuntimeError: size 2", message: str = "f(1) raised") -> CheckResult:
    return samples.check(title, Outcome.ERROR, message=message, traceback=TRACE.format(line=line, error=error))


def unwritten(title: str) -> CheckResult:
    return raised(title, error="NotImplementedError", message="not written yet (NotImplementedError)")


def other(title: str, kind: str, called: str = "f(x)") -> CheckResult:
    mismatch = Mismatch(kind, called, "1", "2")  # type: ignore[arg-type]
    return samples.check(title, Outcome.FAILED, message="differs", mismatch=mismatch)


HIDDEN = samples.check("hidden", Outcome.FAILED, visibility=Visibility.HIDDEN, hint="look")
SAME = [
    pytest.param(raised("a"), raised("b", error="RuntimeError: size 9"), True, id="same-line"),
    pytest.param(raised("a"), raised("b", line=4), False, id="another-line"),
    pytest.param(other("a", "dtype"), other("b", "dtype", "f(y)"), True, id="dtype-of-one-function"),
    pytest.param(other("a", "dtype"), other("b", "dtype", "g(y)"), False, id="dtype-of-another-function"),
    pytest.param(
        other("a", "type", "Tokenizer().encode('(')"),
        other("b", "type", "Tokenizer([1]).encode('a' * (2)), item 1,"),
        True,
        id="type-of-one-method",
    ),
    pytest.param(
        other("a", "type", "Tokenizer().encode('a')"), other("b", "type", "Tokenizer().merges"), False, id="two-methods"
    ),
    pytest.param(other("a", "values"), other("b", "values"), False, id="values"),
    pytest.param(
        samples.check("a", Outcome.FAILED, message="the submission defines no `f`"),
        samples.check("b", Outcome.FAILED, message="the submission defines no `f`"),
        True,
        id="missing-name",
    ),
    pytest.param(HIDDEN, HIDDEN, False, id="hidden"),
]


@pytest.mark.parametrize(("one", "two", "same"), SAME)
def test_one_cause(one: CheckResult, two: CheckResult, same: bool) -> None:
    assert (cause(one) is not None and cause(one) == cause(two)) is same
    assert (two in with_cause_of(one, [one, two])) is (same and one is not two)


def test_the_first_is_what_can_be_shown_then_what_is_not_written_then_what_is_hidden() -> None:
    checks = [samples.check("fine"), HIDDEN, unwritten("u"), other("v", "values")]
    order = []
    while (first := first_failure(checks)) is not None:
        order.append(first.title)
        checks.remove(first)
    assert order == ["v", "u", "hidden"]


def test_functions_that_are_not_written_are_named_once() -> None:
    assert unwritten_functions([unwritten("a"), unwritten("b"), raised("c")]) == ["f"]


def test_a_notebooks_frames_are_read_as_a_files() -> None:
    trace = "Traceback (most recent call last):\n  cell 3, line 13, in conv\n    raise NotImplementedError\n"
    stub = samples.check("a", Outcome.ERROR, message="not written yet (NotImplementedError)", traceback=trace)
    assert unwritten_functions([stub]) == ["conv"]
