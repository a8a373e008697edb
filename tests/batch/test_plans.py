"""Whose is what, through the real command: a folder in `plans/` for each layout, and for what went wrong in the field.

``class`` or ``class.zip`` holds the submissions. ``plan.csv`` is what `grade batch --plan` has to find, without the
reasons; where it is refused, ``refused.txt`` holds what the command has to say.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.batch.conftest import HERE
from tests.conftest import ROOT, Ran, grade

pytestmark = pytest.mark.slow
PLANS = sorted(path.name for path in (HERE / "plans").iterdir())
SHOWN = ("student", "name", "problem", "use", "file", "as", "late")


def source(case: str) -> Path:
    folder = HERE / "plans" / case
    return folder / "class" if (folder / "class").exists() else folder / "class.zip"


def lines(plan: Path) -> list[dict[str, str]]:
    with plan.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def plan(case: str | Path, target: Path, *more: str | Path) -> Ran:
    submissions = source(case) if isinstance(case, str) else case
    return grade("batch", submissions, "--plan", target, *more, cwd=ROOT)


@pytest.mark.parametrize("case", PLANS)
def test_whose_is_what(case: str, tmp_path: Path) -> None:
    refused = HERE / "plans" / case / "refused.txt"
    ran = plan(case, tmp_path / "plan.csv")
    found = lines(tmp_path / "plan.csv")
    assert all(line["why"] for line in found), "every line has its reason"
    expected = lines(HERE / "plans" / case / "plan.csv")
    # The course's order of problems may change; whose is what may not.
    shown = [{name: line[name] for name in SHOWN} for line in found]
    assert sorted(shown, key=lambda line: [*line.values()]) == sorted(expected, key=lambda line: [*line.values()])
    assert ran.code == 0, ran.err
    assert ("doubtful" in ran.err) == refused.exists()
    if refused.exists():
        ran = grade("batch", source(case), "--out", tmp_path / "out", cwd=ROOT)
        assert ran.code == 2
        for line in refused.read_text(encoding="utf-8").splitlines():
            assert line in ran.err
        assert not (tmp_path / "out" / "results.jsonl").exists()


def test_every_layout_is_shown() -> None:
    from grader.intake.layouts import LAYOUTS

    folder = Path(__file__).parents[2] / "grader" / "intake" / "layouts"
    modules = {path.stem.replace("_", "-") for path in folder.glob("[!_]*.py")}
    assert modules == {layout.NAME for layout in LAYOUTS}, "the table holds every module, under its own name"
    shown = " ".join(PLANS)
    names = {layout.NAME.replace("-", "_") for layout in LAYOUTS if not layout.ONLY_BY_NAME}
    assert {name for name in names if name not in shown} == set()


def test_a_layout_that_is_not_verified_is_taken_by_name_alone(tmp_path: Path) -> None:
    for name in ("Jane Doe - 02.py", "Al Smith - 02.py"):
        (tmp_path / "class").mkdir(exist_ok=True)
        (tmp_path / "class" / name).write_text("def build_conv(*args): ...\n", encoding="utf-8")
    ran = plan(tmp_path / "class", tmp_path / "plan.csv", "--layout", "google-classroom")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "Google Classroom, 2 students")
    assert {line["student"] for line in lines(tmp_path / "plan.csv")} == {"Jane Doe", "Al Smith"}


def test_a_plan_is_never_written_over_what_is_none(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text("my own notes\n", encoding="utf-8")
    assert plan("copies", tmp_path / "plan.csv").code == 2
    assert (tmp_path / "plan.csv").read_text(encoding="utf-8") == "my own notes\n"


def test_a_plan_is_never_written_over_another_one(tmp_path: Path) -> None:
    target = tmp_path / "plan.csv"
    assert [plan("copies", target).code, plan("copies", target).code] == [0, 0], "the same plan once more"
    edited = target.read_bytes().replace(b"jane", b"joan")
    target.write_bytes(edited)
    ran = plan("copies", target)
    assert (ran.code, target.read_bytes()) == (2, edited)
    assert "or was edited since; it is left as it is" in ran.err
    assert "--plan FILE" in ran.err


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("jane/02 - Kopie.py", "jane/02 - Kopi.py", "line 4: there is no file 'jane/02 - Kopi.py'"),
        ("jane,jane,02-conv-bias,answer", "jane,jane,02-conv-bais,answer", "there is no problem '02-conv-bais'"),
        ("jane,jane,02-conv-bias,answer", "jane,jane,02-conv-bias,anwser", "use is 'anwser'"),
        ("jane,jane,02-conv-bias,answer", "al,al,02-conv-bias,answer", "a second answer of al to 02-conv-bias"),
        ("student,name,problem", "person,name,problem", "there is no column 'student'"),
        ("jane/02 - Kopie.py,02 - Kopie.py", "jane/02 - Kopie.py,../02.py", "as is '../02.py'"),
    ],
    ids=["file", "problem", "use", "twice", "heading", "elsewhere"],
)
def test_what_does_not_exist_is_an_error_with_its_line(before: str, after: str, said: str, tmp_path: Path) -> None:
    assert plan("copies", tmp_path / "plan.csv").code == 0
    text = (tmp_path / "plan.csv").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "plan.csv").write_text(text.replace(before, after), encoding="utf-8")
    ran = grade("batch", source("copies"), "--use-plan", tmp_path / "plan.csv", "--out", tmp_path / "out", cwd=ROOT)
    assert ran.code == 2
    assert said in ran.err


def test_a_typo_in_a_layout_names_the_nearest(tmp_path: Path) -> None:
    ran = grade("batch", source("copies"), "--layout", "moodel", "--out", tmp_path / "out", cwd=ROOT)
    assert ran.code == 2
    assert "did you mean moodle?" in ran.err
