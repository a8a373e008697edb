"""At home only that counts which is handed in, and the report says what is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT, grade

SOLUTION = (ROOT / "solutions" / "02-conv-bias" / "solution.py").read_text(encoding="utf-8")
ALONG = "{} beside the answer and count{} only if handed in with it: grade pack takes {} along."
NOT = "{} lies beside the answer and does not count, neither here nor in class: {}."

CASES: dict[str, tuple[str, dict[str, str], list[str]]] = {
    "nothing beside it": ("", {}, []),
    "nothing there": ("import nowhere\nopen('nowhere.csv')", {"other.csv": "1"}, []),
    "a helper": ("import mine", {"mine.py": "x = 1"}, [ALONG.format("mine.py lies", "s", "it")]),
    "two": (
        "import mine\nopen('rows.csv')",
        {"mine.py": "x = 1", "rows.csv": "1"},
        [ALONG.format("mine.py, rows.csv lie", "", "them")],
    ),
    "not named": ("import nowhere", {"mine.py": "x = 1"}, []),
    "too large": (
        "open('rows.csv')",
        {"rows.csv": "1" * 1_500_000},
        [NOT.format("rows.csv", "it has 1.5 MB; at most 1.0 MB are read")],
    ),
    "by its own place": (
        "import os\nopen(os.path.join(os.path.dirname(__file__), 'data', 'rows.csv'))",
        {"data/rows.csv": "1" * 1_500_000},
        [NOT.format("data/rows.csv", "it has 1.5 MB; at most 1.0 MB are read")],
    ),
    "the stub": ("import stub", {}, [NOT.format("stub.py", "it is the problem's, and no part of an answer")]),
    "a built name": (
        "for part in range(2): open(f'part{part}.csv')",
        {"part0.csv": "1"},
        [NOT.format("part0.csv", "its name does not stand in the answer, and so it is not taken along")],
    ),
    "a notebook as a module": (
        "import lab",
        {"lab.ipynb": "{}"},
        [NOT.format("lab.ipynb", "no notebook is taken along with another file")],
    ),
    "above": ("open('../up.csv')", {"../up.csv": "1"}, []),
}


@pytest.mark.slow
@pytest.mark.parametrize(("head", "beside", "says"), CASES.values(), ids=CASES)
def test_the_report_says_what_does_not_count(
    head: str, beside: dict[str, str], says: list[str], course: Path, tmp_path: Path
) -> None:
    folder = course / "problems" / "02-conv-bias"
    (folder / "submission.py").write_text(f"{head}\n{SOLUTION}", encoding="utf-8")
    for name, content in beside.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    ran = grade("02", "--json", "-", cwd=course, env={"XDG_STATE_HOME": str(tmp_path / "state")})
    result = json.loads(ran.out)
    assert result["percent"] == 100
    assert [note for note in result["notes"] if " beside the answer " in note] == says


def test_others_work_is_not_spoken_to(course: Path, tmp_path: Path) -> None:
    """Who grades a file of somebody else's learns nothing of it from what lies on this machine."""
    (tmp_path / "answer.py").write_text(f"import mine\nopen('rows.csv')\n{SOLUTION}", encoding="utf-8")
    (tmp_path / "mine.py").write_text("x = 1", encoding="utf-8")
    (tmp_path / "rows.csv").write_text("1" * 1_500_000, encoding="utf-8")
    ran = grade("02", "--submission", tmp_path / "answer.py", "--json", "-", cwd=course)
    assert not [note for note in json.loads(ran.out)["notes"] if " beside the answer " in note]
