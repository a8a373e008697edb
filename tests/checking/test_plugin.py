"""How checks are run comes to the same: called directly, or by pytest where an author uses what only that can do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.bench import Bench
from grader.jobs import Terms
from grader.model import CheckResult, Outcome, SourceFile, Submission
from tests import lent
from tests.checking.small import small_problem

RIGHT = "def double(x):\n    return 2 * x\n"
# Each asks for 2 * 3: those above `class` are called directly, the others by pytest.
HEAD = '''
LOG = []

@pytest.mark.public
def test_plain(submission):
    """Plain."""
    assert_equal(submission.double(3), 6)

@pytest.mark.public
@pytest.mark.parametrize(("asked", "right"), [(3, 6)])
def test_parametrized(asked, right, submission):
    """With parameters."""
    assert_equal(submission.double(asked), right)

@pytest.mark.public
class TestClass:
    def test_method(self, submission):
        """A method."""
        assert_equal(submission.double(3), 6)

@pytest.fixture
def three():
    LOG.append("begins")
    yield 3
    LOG.append("ends")

@pytest.mark.public
def test_fixture(three, submission):
    """With a fixture of the author's."""
    assert LOG == ["begins"], LOG
    assert_equal(submission.double(three), 6)

@pytest.mark.public
def test_fixture_ended(submission):
    """After that fixture's end."""
    assert LOG == ["begins", "ends"], LOG
    assert_equal(submission.double(3), 6)

@pytest.mark.public
def test_request(request, submission):
    """Asks pytest for its name."""
    assert request.node.name == "test_request"
    assert_equal(submission.double(3), 6)

@pytest.fixture
def asks(submission):
    return submission.double(3)

@pytest.mark.public
def test_fixture_asks(asks):
    """A fixture that asks the submission."""
    assert_equal(asks, 6)

@pytest.mark.public
def test_draws(draw, reference, submission):
    """The same inputs each time."""
    x = draw.normal(2)
    assert_close(submission.double(x), reference.double(x))
'''
NAMES = [
    "test_plain", "test_parametrized[3-6]", "TestClass::test_method", "test_fixture", "test_fixture_ended",
    "test_request", "test_fixture_asks", "test_draws",
]  # fmt: skip
ANSWERS = {
    "right": (RIGHT, Outcome.PASSED),
    "wrong": ("def double(x):\n    return 3 * x\n", Outcome.FAILED),
    "raises": ("def double(x):\n    raise ValueError\n", Outcome.ERROR),
    "missing": ("def other(x):\n    return x\n", Outcome.FAILED),
    "ends the process": ("import os\ndef double(x):\n    os._exit(0)\n", Outcome.CRASHED),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, CheckResult]]]:
    """All answers, one after another before the same checks, twice."""
    problem = small_problem(tmp_path_factory.mktemp("course"), {}, RIGHT, head=HEAD, points=8)
    with Bench(stem=lent.stem()) as bench:
        found = {}
        for again in ("", " again"):
            for name, (source, _) in ANSWERS.items():
                submission = Submission("", SourceFile("submission.py", source.encode()))
                findings = bench.check(problem, submission, Terms(recognise=False))
                found[name + again] = {check.id.partition("::")[2]: check for check in findings.checks}
        yield found


@pytest.mark.parametrize("answer", ANSWERS)
def test_each_way_to_write_a_check_has_the_same_outcome(answer: str, graded: dict[str, dict[str, CheckResult]]) -> None:
    for name in (answer, f"{answer} again"):
        assert list(graded[name]) == NAMES
        assert {check.outcome for check in graded[name].values()} == {ANSWERS[answer][1]}


@pytest.mark.parametrize("answer", ["wrong", "raises", "missing"])
def test_each_way_says_the_same(answer: str, graded: dict[str, dict[str, CheckResult]]) -> None:
    told = {name: check.message for name, check in graded[answer].items() if name != "test_draws"}
    assert len(set(told.values())) == 1, told


def test_what_a_fixtures_end_raises_is_not_the_students(tmp_path: Path) -> None:
    head = HEAD.replace('LOG.append("ends")', 'raise OSError("the author\'s")')
    problem = small_problem(tmp_path, {}, RIGHT, head=head, points=8)
    with Bench(stem=lent.stem()) as bench:
        submission = Submission("", SourceFile("submission.py", RIGHT.encode()))
        with pytest.raises(Exception, match="the author's"):
            bench.check(problem, submission, Terms(recognise=False))
