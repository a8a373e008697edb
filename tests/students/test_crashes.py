"""A statement outside functions that crashes the interpreter is left out: the file is loaded again without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.model import Status
from tests.conftest import ROOT
from tests.notebook.build import notebook
from tests.students.conftest import GradeFile

pytestmark = pytest.mark.slow

SOLUTION = (ROOT / "solutions" / "02-conv-bias" / "solution.py").read_text(encoding="utf-8")
SLUG = "02-conv-bias"
CRASH = "ctypes.string_at(0)"
LEFT_OUT = "it was left out, and what stands below was run. No check failed for want of it."

CRASHES: dict[str, tuple[str, str | bytes, str]] = {
    "below": ("a.py", f"{SOLUTION}\nimport ctypes\n{CRASH}\n", f"crashes Python (`{CRASH}`); {LEFT_OUT}"),
    "above": ("a.py", f"import ctypes\nprint('once')\n{CRASH}\n{SOLUTION}", f"Line 3 crashes Python (`{CRASH}`); {LEFT_OUT}"),
    "in a condition": ("a.py", f"import ctypes\nif True:\n    {CRASH}\n{SOLUTION}", "Line 3 crashes Python"),
    "in a notebook": (
        "a.ipynb",
        notebook("import ctypes\nx = 1", f"def boom():\n    {CRASH}\nboom()\ny = 2", SOLUTION),
        f"Cell 2 crashes Python in line 3 (`boom()`); {LEFT_OUT}",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "says"), CRASHES.values(), ids=CRASHES)
def test_what_follows_a_crash_gets_its_marks(name: str, content: str | bytes, says: str, grade_file: GradeFile) -> None:
    found = grade_file(SLUG, name, content)
    assert found.percent == 100, (found.message, found.notes)
    assert says in found.notes[0]
    assert found.stdout in ("", "once\n")


def test_each_of_several_crashes_is_left_out(grade_file: GradeFile) -> None:
    found = grade_file(SLUG, "a.py", f"import ctypes\n{CRASH}\nif {CRASH}: x = 1\n{SOLUTION}\n{CRASH}\n")
    assert found.percent == 100, (found.message, found.notes)
    assert sum(LEFT_OUT in note for note in found.notes) == 3


def test_too_many_crashes_end_it(grade_file: GradeFile) -> None:
    found = grade_file(SLUG, "a.py", f"import ctypes\n{f'{CRASH}{chr(10)}' * 12}{SOLUTION}")
    assert (found.status, found.stdout) == (Status.CRASHED, "")
    assert "crashes Python itself" in found.message


def test_a_function_counts_without_a_decorator_that_crashes(grade_file: GradeFile) -> None:
    source = SOLUTION.replace("def build_conv", "@boom\ndef build_conv")
    found = grade_file(SLUG, "a.py", f"import ctypes\ndef boom(f): {CRASH}\n{source}")
    assert found.percent == 100, (found.message, found.notes)
    assert "crashes Python (`@boom`); build_conv counts without its decorator `@boom`" in found.notes[0]


def test_a_file_beside_it_is_left_its_other_lines(grade_file: GradeFile, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text(f"import ctypes\n{CRASH}\n{SOLUTION}", encoding="utf-8")
    found = grade_file(SLUG, "a.py", "from helper import build_conv, conv_with_bias\n")
    assert found.percent == 100, (found.message, found.notes)
    assert f"Helper.py crashes Python in line 2 (`{CRASH}`); {LEFT_OUT}" in found.notes[0]
