"""`grade` alone, and what every grading says about the course around it: change since last time, what is next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ran, grade

SOLUTION = ROOT / "solutions" / "02-conv-bias" / "solution.py"


@pytest.fixture
def at(course: Path, tmp_path: Path) -> Callable[..., Ran]:
    """The command in a course, with a journal of its own."""

    def run(*arguments: str | Path) -> Ran:
        return grade(*arguments, cwd=course, env={"XDG_STATE_HOME": str(tmp_path / "state")})

    return run


def test_outside_a_course_it_says_how_to_begin(tmp_path: Path) -> None:
    ran = grade(cwd=tmp_path)
    assert ran.code == 0
    assert "grade start 01" in ran.out
    assert "mkdir" not in ran.out


def test_a_new_course_says_where_to_begin(at: Callable[..., Ran]) -> None:
    ran = at()
    assert ran.code == 0
    assert "02-conv-bias" in ran.out
    assert "– of 10" in ran.out
    assert "Next: grade read 02, then grade start 02" in ran.out


@pytest.mark.slow
def test_a_students_way_through_a_problem(at: Callable[..., Ran], course: Path) -> None:
    work = course / "problems" / "02-conv-bias" / "submission.py"
    untouched = at("02")
    assert untouched.code == 1
    assert "Not written yet: conv_with_bias, build_conv" in untouched.out
    assert "hidden" not in untouched.out
    assert " ".join(untouched.out.split()).endswith("grade read 02 shows the task")
    work.write_text(
        SOLUTION.read_text(encoding="utf-8").replace("def build_conv", "def build_a_conv"), encoding="utf-8"
    )
    half = at("02")
    assert half.code == 1
    work.write_text(SOLUTION.read_text(encoding="utf-8"), encoding="utf-8")
    full = at("02")
    assert full.code == 0
    last = " ".join(full.out.split("\n\n")[-1].split())
    assert "10 of 10 points" in last
    assert "since last time" in last
    assert last.endswith("next: grade pack")
    home = at()
    assert "100 %" in home.out
    assert "Full marks everywhere" in home.out


@pytest.mark.slow
def test_a_notebook_in_the_works_is_not_hidden_by_a_newer_stub(at: Callable[..., Ran], course: Path) -> None:
    import nbformat

    cells = [nbformat.v4.new_code_cell(SOLUTION.read_text(encoding="utf-8"))]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), course / "problems/02-conv-bias/submission.ipynb")
    assert at("start", "02").code == 0
    ran = at("02")
    assert ran.code == 0
    assert "submission.py still holds only the stub" in ran.err


@pytest.mark.slow
def test_each_hint_is_another_one_until_there_are_no_more(at: Callable[..., Ran]) -> None:
    flipped = ROOT / "solutions/02-conv-bias/misconceptions/flipped_kernel.py"
    said = [at("hint", "02", "--submission", flipped).out for _ in range(2)]
    assert "Hint 1 of" in said[0]
    assert said[0] != said[1]


@pytest.mark.slow
def test_a_reader_who_has_seen_enough_changes_no_verdict(course: Path) -> None:
    import subprocess
    import sys

    command = f"{sys.executable} -m grader 02 --submission {SOLUTION} --all | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=course, capture_output=True, text=True, timeout=180, check=False)
    assert (done.returncode, done.stderr) == (0, "")
