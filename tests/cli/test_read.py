"""`grade read`: the statement, and after full marks the solutions, where course.yaml allows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.journal import Journal
from grader.model import Grade, Status
from tests.conftest import grade

SLUG = "02-conv-bias"
ALLOWED = "solutions: full-marks\n"


def graded(course: Path, state: Path, score: float, *, public_only: bool = False) -> None:
    """Write into the student's journal that the problem was graded."""
    result = Grade(
        SLUG, None, "submission.py", "", score, 10.0, score * 10, "", "", public_only,
        status=Status.GRADED, checks=(), misconceptions=(), stdout="", walls=(), data=None, duration_s=1.0,
    )  # fmt: skip
    Journal(course, state / "torchgrade" / "journal").add(result)


CASES = {
    "not-allowed": ("", 10.0, False, "this course does not show its solutions"),
    "never": ("solutions: never\n", 10.0, False, "this course does not show its solutions"),
    "not-graded": (ALLOWED, None, False, "after full marks; it is not graded yet"),
    "below-full-marks": (ALLOWED, 9.5, False, "after full marks; 9.5 of 10 so far"),
    "public-checks-alone": (ALLOWED, 10.0, True, "after full marks; it is not graded yet"),
    "before-the-deadline": (ALLOWED + "deadlines: {02: 2999-01-01}\n", 10.0, False, "after its deadline"),
    "misspelt": ("solutions: always\n", 10.0, False, "course.yaml, line 1: solutions: invalid enum value 'always'"),
}


@pytest.mark.parametrize(("rules", "score", "public_only", "said"), CASES.values(), ids=CASES)
def test_solutions_stay_closed(
    course: Path, tmp_path: Path, rules: str, score: float | None, public_only: bool, said: str
) -> None:
    (course / "course.yaml").write_text(rules, encoding="utf-8")
    if score is not None:
        graded(course, tmp_path / "state", score, public_only=public_only)
    ran = grade("read", "02", "--solution", cwd=course, env={"XDG_STATE_HOME": str(tmp_path / "state")})
    assert ran.code != 0
    assert said in " ".join(ran.err.split())
    assert "def conv_with_bias" not in ran.out


def test_full_marks_open_the_reference_and_every_alternative(course: Path, tmp_path: Path) -> None:
    (course / "course.yaml").write_text(ALLOWED + "deadlines: {02: 2020-01-01}\n", encoding="utf-8")
    graded(course, tmp_path / "state", 10.0)
    ran = grade("read", "02", "--solution", cwd=course, env={"XDG_STATE_HOME": str(tmp_path / "state")})
    assert ran.code == 0
    right = [course / "solutions" / SLUG / "solution.py"]
    right += sorted((course / "solutions" / SLUG / "alternatives").glob("*.py"))
    assert ran.out.count("def conv_with_bias") == len(right)
    assert all(path.stem in ran.out for path in right[1:])


def test_a_kit_holds_none_and_says_so(course: Path, tmp_path: Path) -> None:
    import shutil

    (course / "course.yaml").write_text(ALLOWED, encoding="utf-8")
    shutil.rmtree(course / "solutions")
    graded(course, tmp_path / "state", 10.0)
    ran = grade("read", "02", "--solution", cwd=course, env={"XDG_STATE_HOME": str(tmp_path / "state")})
    assert ran.code == 2
    assert "this copy of the course holds no solution of 02-conv-bias" in ran.err


def test_the_statement_is_told_without_html(course: Path) -> None:
    ran = grade("read", "conv-bias", cwd=course)
    assert ran.code == 0
    assert "conv_with_bias" in ran.out
    assert "<svg" not in ran.out
