"""Finding a course, and the problem that somebody typed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.errors import ProblemFileError, UsageError
from grader.problem import find_course, load_problem, open_course
from tests.conftest import ROOT

COURSE = open_course(ROOT)

MEANT = [
    ("problems/02", "02-conv-bias"),
    ("./problems/02-conv-bias/", "02-conv-bias"),
    ("02", "02-conv-bias"),
    ("2", "02-conv-bias"),
    ("conv-bias", "02-conv-bias"),
    ("max", "01-maxpool"),
    ("conv-b", "02-conv-bias"),
]


@pytest.mark.parametrize(("typed", "slug"), MEANT)
def test_what_was_meant(typed: str, slug: str) -> None:
    assert COURSE.resolve(typed) == slug


def test_an_ambiguous_beginning_names_what_fits() -> None:
    with pytest.raises(UsageError, match="07-convolution-by-hand, 02-conv-bias"):
        COURSE.resolve("conv")


def test_a_course_is_found_from_below(tmp_path: Path) -> None:
    assert find_course(ROOT / "problems" / "02-conv-bias" / "checks").root == ROOT
    with pytest.raises(UsageError, match="no course here"):
        find_course(tmp_path)


def test_the_version_changes_with_what_can_change_a_grade(tmp_path: Path) -> None:
    for kind in ("problems", "solutions"):
        shutil.copytree(ROOT / kind / "02-conv-bias", tmp_path / kind / "02-conv-bias")
    folder, solutions = tmp_path / "problems" / "02-conv-bias", tmp_path / "solutions"
    before = load_problem(folder, solutions).version
    (folder / "submission.py").write_text("x = 1\n", encoding="utf-8")
    assert load_problem(folder, solutions).version == before
    check = next((folder / "checks").glob("*.py"))
    check.write_text(check.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert load_problem(folder, solutions).version != before


def test_a_forbidden_rule_for_a_function_that_the_stub_lacks(tmp_path: Path) -> None:
    folder = tmp_path / "01-x"
    folder.mkdir()
    rule = "forbidden:\n  max_pol2d:\n    operators: ['aten::*pool*']\n    say: s\n"
    (folder / "problem.yaml").write_text(f"title: T\nsummary: S\npoints: 1\n{rule}", encoding="utf-8")
    (folder / "stub.py").write_text("def max_pool2d(x):\n    raise NotImplementedError\n", encoding="utf-8")
    with pytest.raises(ProblemFileError, match="did you mean max_pool2d"):
        load_problem(folder, None)


def test_what_tools_leave_behind_changes_no_version(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "problems" / "02-conv-bias", tmp_path / "02-conv-bias")
    before = load_problem(tmp_path / "02-conv-bias", None).version
    for name in (".pytest_cache", "__pycache__", ".ipynb_checkpoints"):
        (tmp_path / "02-conv-bias" / "checks" / name).mkdir(exist_ok=True)
        (tmp_path / "02-conv-bias" / "checks" / name / "left").write_text("behind", encoding="utf-8")
    assert load_problem(tmp_path / "02-conv-bias", None).version == before
