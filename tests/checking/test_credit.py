"""Checks of several parts, of several titles, and with helpers of their own file."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.bench import Bench
from grader.errors import GraderError
from grader.grade import Given, grade_one
from grader.model import CheckResult, Outcome, SourceFile, Submission
from tests import lent
from tests.checking.small import small_problem

pytestmark = pytest.mark.slow

RIGHT = "def double(x):\n    return 2 * x\n"
HEAD = '''
from shapes import asked

@pytest.mark.public
@pytest.mark.points(4)
def test_parts(submission, credit):
    """Parts."""
    with credit(1):
        assert_equal(submission.double(1), 2)
    with credit(0.5):
        assert_equal(submission.double(2.5), 5.0)
    with credit(2.5):
        assert_equal(submission.double("ab"), "abab")

@pytest.mark.public
@pytest.mark.points(2)
def test_common_part(submission, credit):
    """A part, and what all need."""
    with credit(2):
        assert_equal(submission.double(1), 2)
    assert_equal(submission.double([3]), [3, 3])

@pytest.mark.public
@pytest.mark.hint("Try {size}.")
@pytest.mark.parametrize(
    ("size", "shown"),
    [(3, "three"), pytest.param(4, "four", marks=pytest.mark.points(2)), pytest.param(5, None, id="large")],
)
def test_sizes(submission, size, shown):
    """Twice {size} ({shown}, {shown!r}, {id}, {other})."""
    assert_equal(submission.double(asked(size)), 2 * size)
'''


@pytest.fixture
def graded(tmp_path: Path) -> object:
    def graded(source: str, head: str = HEAD, points: int = 10) -> dict[str, CheckResult]:
        problem = small_problem(tmp_path, {}, RIGHT, head=head, points=points)
        (Path(problem.folder) / "checks" / "shapes.py").write_text("def asked(size):\n    return size\n")
        answer = Submission("submission.py", SourceFile("submission.py", source.encode()))
        with Bench(stem=lent.stem()) as bench:
            grade = grade_one(Given(problem, answer, bench))
        assert grade.message == ""
        return {check.id.partition("::")[2]: check for check in grade.checks}

    return graded


def test_parts_earn_their_points(graded) -> None:  # type: ignore[no-untyped-def]
    checks = graded("def double(x):\n    return x + x if isinstance(x, int) else None\n")
    assert (checks["test_parts"].outcome, checks["test_parts"].points) == (Outcome.FAILED, 1.0)
    assert "double(2.5) returned" in checks["test_parts"].message
    assert (checks["test_common_part"].outcome, checks["test_common_part"].points) == (Outcome.FAILED, 2.0)
    raising = graded("import os\ndef double(x):\n    return 2 * x if x != 2.5 else os._exit(0)\n")
    assert (raising["test_parts"].outcome, raising["test_parts"].points) == (Outcome.CRASHED, 3.5)
    assert graded(RIGHT)["test_parts"].points == 4.0


def test_each_set_of_parameters_has_its_title(graded) -> None:  # type: ignore[no-untyped-def]
    checks = graded("def double(x):\n    return x\n")
    told = [(check.title, check.hint, check.max_points) for name, check in checks.items() if "sizes" in name]
    assert told == [
        ("Twice 3 (three, 'three', 3-three, {other}).", "Try 3.", 1.0),
        ("Twice 4 (four, 'four', 4-four, {other}).", "Try 4.", 2.0),
        ("Twice 5 (None, None, large, {other}).", "Try 5.", 1.0),
    ]


def test_parts_that_do_not_add_up_are_the_authors_mistake(graded) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(GraderError, match=r"the parts of .*test_parts are worth 4 points, and the check is worth 5"):
        graded(RIGHT, HEAD.replace("points(4)", "points(5)"), 11)
