"""A statement outside functions that crashes the interpreter is left out: the file is loaded again without it, once."""

from __future__ import annotations

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


def test_a_second_crash_ends_it(grade_file: GradeFile) -> None:
    found = grade_file(SLUG, "a.py", f"import ctypes\n{CRASH}\n{CRASH}\n{SOLUTION}")
    assert (found.status, found.stdout) == (Status.CRASHED, "")
