"""Files beside an answer are run as the answer is: what fails in them costs only what needs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.students.conftest import GradeFile

pytestmark = pytest.mark.slow

SOLUTION = (ROOT / "solutions" / "02-conv-bias" / "solution.py").read_text(encoding="utf-8")
SLUG = "02-conv-bias"

HELPERS = {
    "plain": (SOLUTION, ""),
    "a missing library": (f"import torchvision\n{SOLUTION}", "torchvision is neither handed in nor installed where this is graded"),
    "a line that fails": (f"{SOLUTION}\nopen('nowhere')\n", "Helper.py failed in line"),
    "a line above": (f"1 / 0\n{SOLUTION}", "Helper.py failed in line 1 (`1 / 0`): ZeroDivisionError"),
    "an exit": (f"{SOLUTION}\nexit()\n", "Helper.py ends the program in line"),
    "an endless loop": (f"{SOLUTION}\nwhile True: pass\n", "Helper.py was stopped after"),
    "a demo": (f"{SOLUTION}\nif __name__ == '__main__':\n    1 / 0\n", ""),
}  # fmt: skip


@pytest.mark.parametrize(("helper", "says"), HELPERS.values(), ids=HELPERS)
def test_a_helper_file_gets_its_marks(helper: str, says: str, grade_file: GradeFile, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text(helper, encoding="utf-8")
    found = grade_file(SLUG, "submission.py", "from helper import build_conv, conv_with_bias\n", import_seconds=4.0)
    assert found.percent == 100, found.notes
    assert says in "\n".join(found.notes)
    assert bool(found.notes) == bool(says)


def test_a_file_of_a_package_imports_what_lies_beside_it(grade_file: GradeFile, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text(f"from .deeper import *\n{SOLUTION}", encoding="utf-8")
    (tmp_path / "deeper.py").write_text("MORE = 1\n", encoding="utf-8")
    source = "from . import helper\nfrom .helper import *\nfrom .nowhere import plot\nassert helper.MORE + MORE == 2\n"
    found = grade_file(SLUG, "submission.py", source)
    assert (found.percent, len(found.notes)) == (100, 2)
    assert found.notes[0].startswith("nowhere is neither handed in nor installed where this is graded (line 3)")


def test_a_helper_that_is_no_python_is_told_by_its_name(grade_file: GradeFile, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("x = = 3\n", encoding="utf-8")
    found = grade_file(SLUG, "submission.py", f"import helper\n{SOLUTION}")
    assert found.percent == 100
    assert "Line 1 failed (`import helper`): SyntaxError: invalid syntax (helper.py, line 1)" in found.notes[0]


def test_a_helper_may_be_imported_by_a_function(grade_file: GradeFile, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text(f"{SOLUTION}\nBIAS = 1\n", encoding="utf-8")
    body = "def {0}(*args, **more):\n    import helper\n    assert helper.BIAS\n    return helper.{0}(*args, **more)\n"
    found = grade_file(SLUG, "submission.py", body.format("build_conv") + body.format("conv_with_bias"))
    assert found.score > 9, [check.message for check in found.checks]


def test_a_helper_may_be_executed(grade_file: GradeFile, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text(f"import torchvision\n{SOLUTION}", encoding="utf-8")
    assert grade_file(SLUG, "submission.py", "exec(open('helper.py').read())\n").percent == 100
