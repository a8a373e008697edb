"""What a check is about, from the mark on it to result.json and the reports."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.model import CheckResult, Grade, Outcome, Visibility
from grader.reports.json import read_json
from grader.reports.shown import by_idea, in_order
from tests.conftest import ROOT, grade

from . import samples

pytestmark = pytest.mark.slow

COURSE = ROOT / "tests" / "batch" / "course"
CHECKS = '''
import msgspec
import pytest

from grader.checking import assert_equal

pytestmark = pytest.mark.idea("Numbers")


@pytest.mark.public
def test_a_number(submission):
    """Three becomes six."""
    assert_equal(submission.double(3), 6)


@pytest.mark.hint("What is twice a number below zero?")
def test_a_negative_number(submission):
    """Below zero it goes further down."""
    assert_equal(submission.double(-2), -4)


@pytest.mark.idea(" Tensors ")
@pytest.mark.points(2)
@pytest.mark.hint("A tensor can be multiplied as a whole.")
def test_a_tensor(submission, reference, draw):
    """A tensor is doubled everywhere."""
    x = draw.normal(2, 3)
    assert_equal(submission.double(x), reference.double(x))
'''
PLAIN = CHECKS.replace('pytestmark = pytest.mark.idea("Numbers")', "").replace('@pytest.mark.idea(" Tensors ")\n', "")


@pytest.fixture
def graded(tmp_path: Path, write: Callable[..., Path]) -> Callable[[str], tuple[list[str], str]]:
    def grade_with(checks: str) -> tuple[list[str], str]:
        """The ideas in result.json and what the terminal says, for work that is wrong for tensors alone."""
        shutil.copytree(COURSE, tmp_path / "course")
        problem = tmp_path / "course" / "problems" / "01-double"
        (problem / "checks" / "test_double.py").write_text(checks, encoding="utf-8")
        work = write("def double(x):\n    return 2 * x if isinstance(x, int) else x\n")
        result = tmp_path / "result.json"
        ran = grade(problem, "--submission", work, "--all", "--json", result, cwd=problem.parent.parent)
        assert ran.code == 1, ran.err
        return [check.idea for check in read_json(result).checks], ran.out

    return grade_with


def test_a_mark_on_the_file_or_on_the_function(graded) -> None:
    ideas, said = graded(CHECKS)
    assert ideas == ["Numbers", "Numbers", "Tensors"]
    assert "\nTensors " in said
    assert "✓ Numbers  2 checks, 1 hidden" in said


def test_without_a_mark_the_idea_is_empty(graded) -> None:
    ideas, said = graded(PLAIN)
    assert ideas == ["", "", ""]
    assert "\nChecks " in said
    assert "Other checks" not in said


def check(idea: str, outcome: Outcome = Outcome.PASSED, **more: Any) -> CheckResult:
    return samples.check(f"{idea} {outcome}", outcome, idea=idea, **more)


GROUPED = {
    "in the order of the files": (["a", "b", "a"], "", [("a", 2), ("b", 1)]),
    "with a failure first": (["a", "b", "c"], "c", [("c", 1), ("a", 1), ("b", 1)]),
    "the rest last": (["", "a", ""], "", [("a", 1), ("Other checks", 2)]),
    "the rest last behind a failure": (["", "a", "b"], "b", [("b", 1), ("a", 1), ("Other checks", 1)]),
    "no name where nothing has one": (["", ""], "", [("", 2)]),
    "an idea of that name": (["Other checks", "", "a"], "", [("Other checks", 2), ("a", 1)]),
    "nothing": ([], "", []),
}


@pytest.mark.parametrize(("ideas", "failed", "expected"), GROUPED.values(), ids=GROUPED.keys())
def test_checks_of_one_idea_stand_together(ideas: list[str], failed: str, expected: list[tuple[str, int]]) -> None:
    checks = [check(idea, Outcome.FAILED if failed and idea == failed else Outcome.PASSED) for idea in ideas]
    assert [(idea.title, len(idea.checks)) for idea in by_idea(checks)] == expected


def test_a_failure_that_may_be_told_comes_before_a_hidden_one() -> None:
    checks = [
        check("a", Outcome.FAILED, visibility=Visibility.HIDDEN),
        check("b"),
        check("c", Outcome.ERROR),
        check("d", Outcome.FAILED, visibility=Visibility.HIDDEN),
    ]
    assert [idea.title for idea in by_idea(checks)] == ["c", "a", "d", "b"]


def test_an_idea_has_its_points_and_its_failures_first() -> None:
    work: Grade = samples.grade(
        check("a", points=2),
        check("a", Outcome.FAILED, points=3),
        check("a", visibility=Visibility.HIDDEN),
    )
    (idea,) = by_idea(work.checks)
    assert (idea.earned, idea.most, idea.hidden, idea.passed) == (3, 6, 1, False)
    assert [each.outcome for each in idea.checks] == [Outcome.FAILED, Outcome.PASSED, Outcome.PASSED]


def test_the_order_on_a_page_is_the_same_at_each_run() -> None:
    passed = samples.everything().checks
    failed = [msgspec.structs.replace(check, outcome=Outcome.FAILED) for check in passed]
    titles = [[check.title for idea in in_order(checks) for check in idea.checks] for checks in (passed, failed)]
    assert titles[0] == titles[1] == [check.title for check in passed]
