"""Files as they were handed in elsewhere, one of each kind: a right answer gets its marks, a fault a clear word."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.model import Status
from tests.conftest import grade
from tests.students.conftest import GradeFile

FILES = Path(__file__).parent / "files"


@dataclass(frozen=True)
class File:
    """One file, and what has to be said of it."""

    name: str
    says: tuple[str, ...] = ()
    rejected: bool = False
    problem: str = "02-conv-bias"
    seconds: float = 10.0


KINDS = [
    File("axes_annotation_py.py"),
    File("chdir_drive_py.py", ("Line 2 failed (`os.chdir('/content/drive", "No check failed for want of it")),
    File("colab_py.py", ("line 7 (!pip install torchsummary)",)),
    File("compile_py.py", ("runs uncompiled",)),
    File("cp1252_comment.py", ("line 1, column 3", "latin capital letter u with diaeresis", "save it as UTF-8")),
    File("jupyterlite.ipynb", ("piplite is neither handed in nor installed",)),
    File(
        "merge_py.py", ("merge_py.py, line 18", "git merge conflict", "choose one of the two versions"), rejected=True
    ),
    File("name_main_nb.ipynb"),
    File("py312_fstring.py", ("line 21", "written for Python 3.12 or later; the grader runs Python 3."), rejected=True)
    if sys.version_info < (3, 12)
    else File("py312_fstring.py"),
    File("pyplot_unpack_nb.ipynb"),
    File("subclass_missing.py"),
    File("unrelated_bottom_error.py", ("Line 21 failed", "FileNotFoundError", "No check failed for want of it")),
    File("writefile_nb.ipynb"),
]
OF_05 = [
    File("top_training_py.py", ("Line 62 was stopped after", "a training run"), problem="05-mnist-cnn", seconds=4.0),
    File("torchvision_py.py", ("torchvision is neither", "numpy and torch may be imported"), problem="05-mnist-cnn"),
    File("torchvision_used_nb.ipynb", ("torchvision is neither",), problem="05-mnist-cnn"),
]


def assert_told(file: File, grade_file: GradeFile, *, public_only: bool = False) -> None:
    content = (FILES / file.name).read_bytes()
    found = grade_file(file.problem, file.name, content, import_seconds=file.seconds, public_only=public_only)
    told = "\n".join([found.message, *found.notes])
    assert found.status is (Status.REJECTED if file.rejected else Status.GRADED), told
    assert found.percent == (0 if file.rejected else 100), told
    for phrase in file.says:
        assert phrase in told
    if not file.says:
        assert told.strip() == ""


@pytest.mark.parametrize("file", KINDS, ids=lambda file: file.name)
def test_a_file_of_each_kind(file: File, grade_file: GradeFile) -> None:
    assert_told(file, grade_file)


@pytest.mark.slow
@pytest.mark.parametrize("file", OF_05, ids=lambda file: file.name)
def test_a_file_that_trains(file: File, grade_file: GradeFile) -> None:
    """Put before the public checks, which do not train for long: what is told is told of its loading."""
    assert_told(file, grade_file, public_only=True)


def test_every_file_is_tried() -> None:
    assert {file.name for file in (*KINDS, *OF_05)} == {path.name for path in FILES.iterdir()}


def test_what_failed_outside_functions_is_said_before_the_failure_to_mend(tmp_path: Path) -> None:
    source = (FILES / "unrelated_bottom_error.py").read_text(encoding="utf-8")
    wrong = tmp_path / "submission.py"
    wrong.write_text(source.replace("bias.detach()", "-bias.detach()"), encoding="utf-8")
    ran = grade("02", "--submission", wrong)
    assert ran.code == 1
    assert "No check failed for want of it." in ran.out[: ran.out.index("called ")]
