"""`grade new`: what it writes can be graded and verified at once, and it never writes over anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT, grade


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


KINDS = sorted(path.name for path in (ROOT / "templates" / "kinds").iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_new_problem_keeps_every_promise_but_for_numbers(kind: str, tmp_path: Path) -> None:
    (tmp_path / "problems").mkdir()
    ran = grade("new", "channel-means", *([] if kind == "function" else ["--kind", kind]), cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert "grade verify 01-channel-means" in ran.out
    assert grade("01", "--submission", "solutions/01-channel-means/solution.py", cwd=tmp_path).code == 0
    verified = grade("verify", "01", "--runs", "1", cwd=tmp_path)
    broken = [line.strip() for line in verified.out.splitlines() if line.startswith("    ")]
    assert broken == [
        "fewer than 4 alternatives show that other right answers pass",
        "fewer than 8 misconceptions are known",
    ]
    assert (tmp_path / "solutions" / "01-channel-means" / "known.answers").is_file()
    assert "\n  solutions/01-channel-means/known.answers: written; keep it with the solutions\n" in verified.out


def test_numbers_follow_the_last_one(course: Path) -> None:
    assert "problems/03-box-blur and" in grade("new", "box-blur", cwd=course).out
    assert "problems/04-other" in grade("new", "other", cwd=course / "problems").out
    assert "problems/12-edge" in grade("new", "problems/12-edge/", cwd=course).out
    assert "title: Box blur\n" in (course / "problems/03-box-blur/problem.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("slug", "phrases"),
    [
        pytest.param("Gaussian Blur", ["no name for a problem", "grade new gaussian-blur"], id="not-a-slug"),
        pytest.param("../../outside", ["solutions/03-outside"], id="climbing-is-only-a-name"),
        pytest.param("02-other", ["02 is taken by 02-conv-bias", "leave it out"], id="number-taken"),
        pytest.param("", ["no name for a problem"], id="nothing"),
    ],
)
def test_names(slug: str, phrases: list[str], course: Path) -> None:
    before = contents(course)
    ran = grade("new", slug, cwd=course)
    for phrase in phrases:
        assert phrase in ran.out + ran.err
    assert ran.code in (0, 2)
    assert before.items() <= contents(course).items()
    assert ran.code == 0 or contents(course) == before
    assert not (course.parent / "outside").exists()


def test_what_is_there_is_left_as_it_is(course: Path) -> None:
    mine = course / "solutions" / "03-mine" / "solution.py"
    mine.parent.mkdir()
    mine.write_text("mine = 1\n", encoding="utf-8")
    before = contents(course)
    ran = grade("new", "mine", cwd=course)
    assert ran.code == 2
    assert "is left as it is" in ran.err
    assert contents(course) == before


def test_outside_of_a_course_it_begins_one(tmp_path: Path) -> None:
    ran = grade("new", "first", cwd=tmp_path)
    assert ran.code == 0
    assert f"A course begins here: {tmp_path}" in ran.err
    assert {path.name for path in tmp_path.iterdir()} == {"problems", "solutions"}
    again = grade("new", "second", cwd=tmp_path / "problems" / "01-first")
    assert (again.code, again.err) == (0, "")
    assert (tmp_path / "problems" / "02-second").is_dir()


def test_a_course_file_with_an_error_begins_no_other_course(course: Path) -> None:
    (course / "course.yaml").write_text("titel: Deep learning\n", encoding="utf-8")
    ran = grade("new", "first", cwd=course / "problems" / "02-conv-bias")
    assert ran.code == 2
    assert "did you mean title?" in ran.err
    assert not (course / "problems" / "02-conv-bias" / "problems").exists()
