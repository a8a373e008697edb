"""One problem's process, asked by the driver: what it collects, what it checks, and what it says where it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.bench import Bench
from grader.errors import CheckError, GraderError, ProblemFileError
from grader.jobs import Terms
from grader.model import Outcome, Problem, SourceFile, Status, Submission
from tests import lent
from tests.checking.small import small_problem

RIGHT = "def double(x):\n    return 2 * x\n\ndef half(x):\n    return x / 2\n"
WRONG = RIGHT.replace("2 * x", "x * x")
CHECKS = {
    "double": "assert_equal(submission.double(3), reference.double(3))",
    "half": "assert_equal(submission.half(3), reference.half(3))",
}
UNSEEN = '''
@pytest.mark.points(3)
@pytest.mark.hint("Try a negative number.")
def test_unseen(submission, reference):
    """A negative number."""
    print("asked")
    assert_equal(submission.double(-1), reference.double(-1))
'''
SQUARES = '"""It squares.\n\nDoubling adds a number to itself."""\n' + WRONG


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench(stem=lent.stem()) as started:
        yield started


@pytest.fixture(scope="module")
def problem(tmp_path_factory: pytest.TempPathFactory) -> Problem:
    """Two public checks, below a hidden one that stands first, and one misconception."""
    root = tmp_path_factory.mktemp("course")
    known = root / "solutions" / "01-small" / "misconceptions" / "squares.py"
    known.parent.mkdir(parents=True)
    known.write_text(SQUARES)
    return small_problem(root, CHECKS, RIGHT, head=UNSEEN, points=5)


Made = Callable[..., Problem]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    def make(checks: dict[str, str] | None = None, **more: Any) -> Problem:
        return small_problem(tmp_path, CHECKS if checks is None else checks, RIGHT, points=2, **more)

    return make


def of(source: str) -> Submission:
    return Submission("submission.py", SourceFile("submission.py", source.encode()))


def test_checks_are_described_public_ones_first(bench: Bench, problem: Problem) -> None:
    told = [(check.id, check.title, check.visibility, check.points, check.hint) for check in bench.checks(problem)]
    assert told == [
        ("test_small.py::test_double", "double.", "public", 1.0, ""),
        ("test_small.py::test_half", "half.", "public", 1.0, ""),
        ("test_small.py::test_unseen", "A negative number.", "hidden", 3.0, "Try a negative number."),
    ]


def test_a_right_answer_passes_and_is_compared_with_nothing(bench: Bench, problem: Problem) -> None:
    found = bench.check(problem, of(RIGHT), Terms())
    assert (found.status, [check.outcome for check in found.checks]) == (Status.GRADED, [Outcome.PASSED] * 3)
    assert found.misconceptions == ()
    assert "seccomp" in found.walls


def test_a_wrong_one_is_recognised_where_that_is_asked_for(bench: Bench, problem: Problem) -> None:
    found = bench.check(problem, of(WRONG), Terms())
    assert [check.outcome for check in found.checks] == [Outcome.FAILED, Outcome.PASSED, Outcome.FAILED]
    assert [(mistake.id, mistake.title) for mistake in found.misconceptions] == [("squares", "It squares")]
    assert bench.check(problem, of(WRONG), Terms(recognise=False)).misconceptions == ()


def test_of_public_checks_alone_nothing_hidden_is_run(bench: Bench, problem: Problem) -> None:
    found = bench.check(problem, of(WRONG), Terms(public_only=True, recognise=False))
    assert [check.id for check in found.checks] == ["test_small.py::test_double", "test_small.py::test_half"]


def test_where_no_check_is_public_none_is_run(bench: Bench, made: Made) -> None:
    found = bench.check(made(visible=False), of(RIGHT), Terms(public_only=True))
    assert (found.status, found.checks) == (Status.GRADED, ())


def test_hidden_checks_say_more_only_where_they_are_revealed(bench: Bench, problem: Problem) -> None:
    said = {reveal: bench.check(problem, of(WRONG), Terms(reveal=reveal, recognise=False)) for reveal in (False, True)}
    assert [found.checks[2].mismatch is not None for found in said.values()] == [False, True]
    mismatch = said[True].checks[2].mismatch
    assert mismatch is not None
    assert mismatch.called == "double(-1)"


def test_what_cannot_be_loaded_is_asked_nothing(bench: Bench, problem: Problem) -> None:
    found = bench.check(problem, of("def double(:\n"), Terms())
    assert (found.status, {check.outcome for check in found.checks}) == (Status.REJECTED, {Outcome.NOT_RUN})
    assert "line 1" in found.message


def test_a_recording_holds_what_the_reference_replied(bench: Bench, problem: Problem) -> None:
    recorded = bench.record(problem, of(RIGHT))
    assert [check.outcome for check in recorded.findings.checks] == [Outcome.PASSED] * 2
    assert len(recorded.recording) > 0
    assert len(bench.check(problem, of(RIGHT), Terms()).checks) == 3, "nothing is recorded any more"


def test_a_conftest_above_the_checks_is_nobodys(made: Made, bench: Bench, tmp_path: Path) -> None:
    """In `/tmp`, or wherever else a course lies, it may be anybody's."""
    small = made()
    for folder in (tmp_path, Path(small.folder)):
        (folder / "conftest.py").write_text("raise RuntimeError('it was run')\n")
    assert bench.check(small, of(RIGHT), Terms()).status is Status.GRADED


# -- what is the author's fault ------------------------------------------------------------------

FAULTS: dict[str, tuple[dict[str, str] | None, dict[str, str], type[GraderError], str]] = {
    "no checks": ({}, {}, ProblemFileError, "01-small/checks: there are none"),
    "no Python": (None, {"head": "def f(:"}, ProblemFileError, "SyntaxError"),
    "what is not there": (None, {"head": "import nowhere_at_all"}, ProblemFileError, "nowhere_at_all"),
    "no title": (None, {"head": "def test_bare(submission): pass"}, ProblemFileError, "a check needs a docstring"),
    "no such operator": (
        None, {"settings": "forbidden:\n  double:\n    operators: ['aten::ad']\n    say: not here\n"}, ProblemFileError,
        "torch has no operator aten::ad",
    ),
    "a check that breaks by itself": ({"broken": "undefined_name"}, {}, CheckError, "the check “broken” is broken"),
}  # fmt: skip


@pytest.mark.parametrize(("checks", "more", "kind", "says"), FAULTS.values(), ids=FAULTS)
def test_an_authors_fault_is_told_each_time_and_costs_nobody_else(
    checks: dict[str, str] | None, more: dict[str, str], kind: type[GraderError], says: str, made: Made, bench: Bench,
    problem: Problem,
) -> None:  # fmt: skip
    broken = made(checks, **more)
    if kind is ProblemFileError:
        with pytest.raises(kind, match=says):
            bench.checks(broken)
    if "operator" not in says:
        for _ in range(2):
            with pytest.raises(kind, match=says):
                bench.check(broken, of(RIGHT), Terms())
    assert bench.check(problem, of(RIGHT), Terms(public_only=True)).status is Status.GRADED
