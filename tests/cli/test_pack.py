"""`grade pack`: what is handed in is what the student wrote, and nothing of anybody's is overwritten."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ran, grade

WRITTEN = "def conv_with_bias(image, kernel, bias):\n    return image\n"


@pytest.fixture
def two(course: Path) -> Path:
    """A course of two problems."""
    for kind in ("problems", "solutions"):
        shutil.copytree(ROOT / kind / "06-images-as-tensors", course / kind / "06-images-as-tensors")
    return course


def work(course: Path, slug: str) -> Path:
    return course / "problems" / slug / "submission.py"


def pack(course: Path, *arguments: str) -> Ran:
    return grade("pack", *arguments, cwd=course, env={"XDG_STATE_HOME": str(course / "state")})


def test_nothing_written_is_nothing_to_hand_in(two: Path) -> None:
    assert pack(two).code == 2
    grade("start", "02", cwd=two)
    ran = pack(two, "02")
    assert ran.code == 2
    assert "nothing has been written yet" in ran.err


def test_one_problem_is_one_file_and_several_are_a_zip(two: Path) -> None:
    work(two, "02-conv-bias").write_text(WRITTEN, encoding="utf-8")
    assert pack(two).code == 0
    assert (two / "02-conv-bias.py").read_text(encoding="utf-8") == WRITTEN
    work(two, "06-images-as-tensors").write_text("import helper\n", encoding="utf-8")
    (two / "problems/06-images-as-tensors/helper.py").write_text("x = 1\n", encoding="utf-8")
    assert pack(two).code == 0
    with zipfile.ZipFile(two / "hand-in.zip") as archive:
        assert sorted(archive.namelist()) == [
            "02-conv-bias/submission.py", "06-images-as-tensors/helper.py", "06-images-as-tensors/submission.py",
        ]  # fmt: skip


def test_an_earlier_pack_gives_way_and_nothing_else_does(two: Path) -> None:
    work(two, "02-conv-bias").write_text(WRITTEN, encoding="utf-8")
    assert pack(two).code == 0
    work(two, "02-conv-bias").write_text(WRITTEN + "# more\n", encoding="utf-8")
    assert pack(two).code == 0
    packed = two / "02-conv-bias.py"
    assert packed.read_text(encoding="utf-8").endswith("# more\n")
    packed.write_text("mine = 1\n", encoding="utf-8")
    ran = pack(two)
    assert ran.code == 2
    assert "left as it is" in ran.err
    assert packed.read_text(encoding="utf-8") == "mine = 1\n"
