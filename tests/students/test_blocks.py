"""A function counts that only a block defines which no condition chose."""

from __future__ import annotations

import pytest

from tests.conftest import ROOT
from tests.notebook.build import notebook
from tests.students.conftest import GradeFile

pytestmark = pytest.mark.slow

SOLUTION = (ROOT / "solutions" / "02-conv-bias" / "solution.py").read_text(encoding="utf-8")
SLUG = "02-conv-bias"
HEAD, _, REST = SOLUTION.partition("def build_conv")
FUNCTIONS = f"def build_conv{REST}"
INDENTED = "".join(f"    {line}\n" if line else "\n" for line in FUNCTIONS.split("\n"))
COUNT = "build_conv and conv_with_bias, which it defines, count all the same."

BLOCKS = {
    "a card is there": (f"if torch.cuda.is_available():\n    PAD = 0\n{INDENTED}", "(`if torch.cuda.is_available():`)"),
    "no card is there": (
        f"import sys\nif not torch.cuda.is_available():\n    sys.exit(1)\nelse:\n{INDENTED}",
        "(`if not torch.cuda.is_available():`)",
    ),
    "an import before them fails": (f"try:\n    import cupy\n{INDENTED}except ImportError:\n    pass\n", "(`try:`)"),
    "a loop over nothing": (f"for _ in []:\n{INDENTED}", "(`for _ in []:`)"),
    "deeper": (
        f"with torch.no_grad():\n  if False:\n{INDENTED}  print('end')\n", "(`if False:`)",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("block", "says"), BLOCKS.values(), ids=BLOCKS)
@pytest.mark.parametrize("form", ["py", "ipynb"])
def test_what_a_skipped_block_defines_counts(block: str, says: str, form: str, grade_file: GradeFile) -> None:
    content = f"{HEAD}\n{block}" if form == "py" else notebook(HEAD, block)
    found = grade_file(SLUG, f"submission.{form}", content)
    assert found.percent == 100, (found.message, found.notes)
    assert any(note.startswith("Python skips a block of ") and says in note and COUNT in note for note in found.notes)


def test_the_part_for_the_program_may_hold_them(grade_file: GradeFile) -> None:
    found = grade_file(SLUG, "submission.py", f"{HEAD}\nif __name__ == '__main__':\n{INDENTED}")
    assert found.percent == 100, (found.message, found.notes)


def test_a_block_that_is_not_chosen_replaces_nothing(grade_file: GradeFile) -> None:
    found = grade_file(SLUG, "submission.py", f"{SOLUTION}\nif False:\n    def build_conv(k, b):\n        return 0\n")
    assert (found.percent, found.notes) == (100, ())
