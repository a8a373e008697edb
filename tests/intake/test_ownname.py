"""Names that people made are read whole: a word such as *copy*, *lab* or *final* may be a surname."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from grader.intake.choosing import Undecided
from grader.intake.collect import collect

from .conftest import COURSE, code, problem, write_tree, zipped

BOTH = ("01", "02")


def students(tmp_path: Path, files: Sequence[str]) -> list[str]:
    """The students whom a class's files come to; each file answers the problem whose number it names, or 02."""
    numbers = {name: next((n for n in ("01", "02", "03", "05") if n in name), "02") for name in files}
    return _read(tmp_path, {name: code(number, name) for name, number in numbers.items()})


def _read(tmp_path: Path, tree: dict[str, str]) -> list[str]:
    return [student.id for student in collect(write_tree(tmp_path / "class", tree), COURSE).students]


WHOLE: dict[str, tuple[list[str], list[str]]] = {
    "folder-that-begins-with-copy": (
        ["copy_under_no_grad/02.py", "ann/02.py", "bob/02.py"],
        ["ann", "bob", "copy_under_no_grad"],
    ),
    "surnames-in-folders": (
        ["Ann Copy/01.py", "Bob Task/01.py", "Cy Lab/01.py"],
        ["Ann Copy", "Bob Task", "Cy Lab"],
    ),
    "surnames-in-files": (
        ["Ann Copy_01.py", "02_Bob Final.py", "Cy Task_02.py", "03_Lab Roe.py"],
        ["Ann Copy", "Bob Final", "Cy Task", "Lab Roe"],
    ),
    "a-word-before-the-number-that-one-has": (["anna_lab_02.py", "bob_02.py", "cy_03.py"], ["anna_lab", "bob", "cy"]),
    "a-word-before-the-number-that-all-have": (["ann_hw_02.py", "bob_hw_02.py", "ann_hw_03.py"], ["ann", "bob"]),
    "a-word-that-all-have": (
        ["ann_submission_02.py", "bob_submission_02.py", "cy_submission_03.py"],
        ["ann", "bob", "cy"],
    ),
    "a-word-on-the-other-side": (["ann_02_final.py", "final_02_bob.py", "ann_03_v2.py"], ["ann", "bob"]),
    "an-old-version-on-the-other-side": (["ann_02.py", "ann_02_old.py", "bob_03.py"], ["ann", "bob"]),
    "problems-in-all-folders": (["ann_maxpool/01.py", "bob_maxpool/01.py"], ["ann", "bob"]),
    "problems-in-one-word": (["annmaxpool01.py", "annconvbias02.py", "bobmaxpool01.py"], ["ann", "bob"]),
    "dashes": (["Ann--Roe/01.py", "Ann_Roe/01.py"], ["Ann--Roe", "Ann_Roe"]),
}


@pytest.mark.parametrize(("files", "expected"), WHOLE.values(), ids=WHOLE)
def test_a_name_is_read_whole(files: list[str], expected: list[str], tmp_path: Path) -> None:
    assert students(tmp_path, files) == expected


@pytest.mark.parametrize(
    "files",
    [
        ["ann/02.py", "ann copy/02.py", "bob/02.py"],
        ["ann_final.py", "ann.py", "bob.py"],
        ["ann (1).py", "ann.py", "bob.py"],
        ["anna_lab_02.py", "anna_02.py", "cy_03.py"],
        ["ann_maxpool/01.py", "ann/02.py", "bob/01.py", "cy/02.py"],
        ["02_Copy.py", "02_ann.py", "02_bob.py"],
        ["01-maxpool/Maxpool.py", "01-maxpool/ann.py", "02-conv-bias/ann.py", "02-conv-bias/bob.py"],
        ["A/ann_final/02.py", "A/bob/02.py", "B/ann/02.py", "B/cy/02.py"],
    ],
    ids=["copy", "final", "brackets", "lab", "problem", "only-such-a-word", "only-the-problem", "sections"],
)
def test_one_student_or_two_is_asked(files: list[str], tmp_path: Path) -> None:
    with pytest.raises(Undecided):
        students(tmp_path, files)


def test_a_student_called_like_a_problem(tmp_path: Path) -> None:
    course = (*COURSE, problem("06-adam", "Adam", "step"))
    tree = {f"{name}_{number}.py": code(number, name) for name in ("Adam Roe", "Bo Adam", "Cy") for number in BOTH}
    tree |= {f"{name}_06.py": f"# {name}\ndef step(): ..." for name in ("Adam Roe", "Cy")}
    intake = collect(write_tree(tmp_path / "files", tree), course)
    assert [student.id for student in intake.students] == ["Adam Roe", "Bo Adam", "Cy"]
    (tmp_path / "folders.zip").write_bytes(zipped({name.replace("_", "/"): text for name, text in tree.items()}))
    intake = collect(tmp_path / "folders.zip", course)
    assert [student.id for student in intake.students] == ["Adam Roe", "Bo Adam", "Cy"]
