"""A check that works for ever on what a student returned costs that check, or that submission; never the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.bench import Bench
from grader.errors import HarnessError
from grader.grade import Given, grade_one
from grader.model import CheckResult, Outcome, SourceFile, Status, Submission
from grader.sandbox.launch import Stem
from tests.checking.small import small_problem

pytestmark = pytest.mark.slow

# Each trusts an answer with something that only an honest one makes cheap.
CHECKS = {
    "counts": "assert sum(1 for _ in range(submission.size())) < 5",
    "waits": "while submission.size() > 5: pass",
    "catches": """
        while True:
            try:
                assert sum(1 for _ in range(submission.size())) < 5
                break
            except Exception:
                continue
    """,
    "allocates": "assert torch.zeros(submission.size()).sum() == 0, submission.size()",
    "is_quick": "assert submission.size() != 4",
}
LIMITS = "limits:\n  check_seconds: 0.5\n  total_seconds: 20\n"
HONEST, HOSTILE = "def size():\n    return 3\n", "def size():\n    return 10**12\n"


@pytest.fixture(scope="module")
def stem() -> Iterator[Stem]:
    with Stem() as stem:
        yield stem


@pytest.fixture
def grade(tmp_path: Path, stem: Stem) -> Iterator[Callable[..., dict[str, CheckResult]]]:
    """Grade a source with the given checks, on one worker: how each of them ended."""
    with Bench(stem=stem) as bench:

        def graded(
            source: str, checks: dict[str, str], *, visible: bool = True, settings: str = LIMITS
        ) -> dict[str, CheckResult]:
            problem = small_problem(tmp_path, checks, HONEST, settings=settings, visible=visible)
            result = grade_one(
                Given(problem, Submission("submission.py", SourceFile("submission.py", source.encode())), bench)
            )
            assert result.status is Status.GRADED
            return {check.id.rpartition("test_")[2]: check for check in result.checks}

        yield graded


def test_an_honest_answer_passes(grade: Callable[..., dict[str, CheckResult]]) -> None:
    assert {check.outcome for check in grade(HONEST, CHECKS).values()} == {Outcome.PASSED}


@pytest.mark.parametrize("visible", [True, False], ids=["public", "hidden"])
def test_a_check_that_works_for_ever_is_stopped(grade: Callable[..., dict[str, CheckResult]], visible: bool) -> None:
    ended = grade(HOSTILE, CHECKS, visible=visible)
    assert {name: check.outcome for name, check in ended.items() if check.outcome is not Outcome.TIMEOUT} == {
        "allocates": Outcome.FAILED,
        "is_quick": Outcome.PASSED,
    }
    assert ended["counts"].message.startswith("checking the answer took longer than 0.5 s")
    assert grade(HONEST, CHECKS)["counts"].outcome is Outcome.PASSED, "the worker goes on"


def test_checks_that_take_too_long_use_up_the_submissions_time(grade: Callable[..., dict[str, CheckResult]]) -> None:
    many = {f"counts_{number}": CHECKS["counts"] for number in range(8)}
    settings = "limits:\n  check_seconds: 0.4\n  total_seconds: 1.6\n"
    outcomes = [check.outcome for check in grade(HOSTILE, many, settings=settings).values()]
    stopped = outcomes.count(Outcome.TIMEOUT)
    assert 1 <= stopped <= 4
    assert outcomes == [Outcome.TIMEOUT] * stopped + [Outcome.NOT_RUN] * (8 - stopped)


def test_a_check_that_cannot_be_interrupted_is_our_fault_and_ends_no_worker(
    grade: Callable[..., dict[str, CheckResult]],
) -> None:
    """A library's own code sees no exception of Python's before it comes back."""
    large = "large = torch.ones(2 * (min(submission.size(), 6000),))"
    checks = {"multiplies": f"{large}\nassert (large @ large).sum() < 99"}
    with pytest.raises(HarnessError, match="a check did not come back"):
        grade(HOSTILE, checks)
    assert grade(HONEST, checks)["multiplies"].outcome is Outcome.PASSED
