"""Two sets of results, and who gains or loses by which check."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.batch.diff import CheckSummary, by_check, compare
from grader.errors import UsageError
from grader.model import CheckResult, Grade, Outcome, Status
from grader.reports.json import encode_grade
from tests.reports import samples

PROBLEMS = {"02-conv-bias"}


def directory(root: Path, name: str, *grades: Grade) -> Path:
    (root / name).mkdir()
    (root / name / "results.jsonl").write_bytes(b"".join(encode_grade(grade, indent=None) for grade in grades))
    return root / name


def one(id: str, outcome: Outcome = Outcome.PASSED, points: float = 2.0) -> CheckResult:
    return samples.check(f"Title of {id}", outcome, points, id=id)


def of(student: str, *checks: CheckResult, status: Status = Status.GRADED) -> Grade:
    return samples.grade(*checks, student=student, submission=f"{student}/02.py", status=status)


def test_only_what_differs_is_told(tmp_path: Path) -> None:
    old = directory(
        tmp_path, "old",
        of("same", one("a"), one("b", Outcome.FAILED)),
        of("up", one("a"), one("b", Outcome.FAILED)),
        of("down", one("a"), one("b")),
        of("swapped", one("a"), one("b", Outcome.FAILED)),
        of("gone", one("a")),
        of("renamed", one("a"), one("old")),
    )  # fmt: skip
    new = directory(
        tmp_path, "new",
        of("same", one("a"), one("b", Outcome.FAILED)),
        of("up", one("a"), one("b")),
        of("down", one("a"), one("b", Outcome.TIMEOUT)),
        of("swapped", one("a", Outcome.FAILED), one("b")),
        of("fresh", one("a")),
        of("renamed", one("a"), one("new")),
    )  # fmt: skip
    changes = {change.student: change for change in compare(old, new, PROBLEMS)}
    assert sorted(changes) == ["down", "fresh", "gone", "renamed", "swapped", "up"]
    assert {name: change.points for name, change in changes.items()} == {
        "up": 2.0, "down": -2.0, "swapped": 0.0, "gone": -2.0, "fresh": 2.0, "renamed": 0.0,
    }  # fmt: skip
    (check,) = changes["down"].checks
    assert (check.id, check.title, check.before, check.after, check.points) == (
        "b", "Title of b", Outcome.PASSED, Outcome.TIMEOUT, -2.0,
    )  # fmt: skip
    assert [(c.id, c.before, c.after) for c in changes["renamed"].checks] == [
        ("old", Outcome.PASSED, None), ("new", None, Outcome.PASSED),
    ]  # fmt: skip
    assert changes["gone"].after is None
    assert changes["fresh"].before is None


def test_other_problems_do_not_count(tmp_path: Path) -> None:
    old, new = directory(tmp_path, "old", of("ann", one("a"))), directory(tmp_path, "new")
    assert compare(old, new, {"03-other"}) == []


def test_changes_are_summed_up_by_check(tmp_path: Path) -> None:
    old = directory(tmp_path, "old", *(of(name, one("a"), one("b")) for name in ("x", "y", "z")))
    new = directory(
        tmp_path, "new",
        of("x", one("a", Outcome.FAILED), one("b")),
        of("y", one("a", Outcome.FAILED), one("b", Outcome.FAILED)),
        of("z", one("a"), one("b")),
    )  # fmt: skip
    assert by_check(compare(old, new, PROBLEMS)) == [
        CheckSummary("02-conv-bias", "Title of a", 0, 2, 0),
        CheckSummary("02-conv-bias", "Title of b", 0, 1, 0),
    ]


def test_a_status_alone_is_a_difference(tmp_path: Path) -> None:
    old = directory(tmp_path, "old", of("ann", status=Status.REJECTED))
    new = directory(tmp_path, "new", of("ann", status=Status.CRASHED))
    assert [change.points for change in compare(old, new, PROBLEMS)] == [0.0]


@pytest.mark.parametrize("content", [None, b"not json\n"], ids=["none", "damaged"])
def test_results_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    new = directory(tmp_path, "new")
    old = tmp_path / "old"
    old.mkdir()
    if content is not None:
        (old / "results.jsonl").write_bytes(content)
    with pytest.raises(UsageError, match=r"results\.jsonl"):
        compare(old, new, PROBLEMS)
