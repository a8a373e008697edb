"""What the tests of releases share: one kit of the real course, and a small course to spoil."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, grade
from tests.kits import shared_kit


@pytest.fixture(scope="session")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student kit of the real course. To be read, not written into."""
    return shared_kit(tmp_path_factory)


@pytest.fixture
def own_kit(kit: Path, tmp_path: Path) -> Path:
    """A copy of the kit, to be worked in."""
    return shutil.copytree(kit, tmp_path / "mine")


CHECKS = '''
"""How the checks of this file go about it."""
import math, sys  # math is for the hidden check alone

import pytest
import torch

from grader.checking import assert_close, assert_equal

SMALL = torch.ones(3, 3)
SECRET = torch.full((7, 7), 271828.0)

# Between the checks: the hidden one takes 314159.

@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.hint("Look at the corner.")
@pytest.mark.idea("Corners")
def test_seen(submission, reference, draw):
    """The small image is convolved."""
    image = draw.normal(4, 4)
    expected = reference.conv_with_bias(image, SMALL, torch.ones(1))
    assert_close(submission.conv_with_bias(image, SMALL, torch.ones(1)), expected)


@pytest.mark.points(9)
@pytest.mark.hint("Think of larger kernels.")
def test_unseen(submission, reference):
    """The large image is convolved."""
    assert math.pi > 3
    expected = reference.conv_with_bias(SECRET, SMALL, torch.ones(1))
    assert_close(submission.conv_with_bias(SECRET, SMALL, torch.ones(1)), expected)
'''


def small_course(root: Path, more: str = "") -> Path:
    """Problem 02 alone, with one public and one hidden check; `more` is written below them."""
    for kind in ("problems", "solutions"):
        shutil.copytree(
            ROOT / kind / "02-conv-bias",
            root / kind / "02-conv-bias",
            ignore=shutil.ignore_patterns("__pycache__", "submission.*", "misconceptions", "alternatives"),
        )
    (root / "problems" / "02-conv-bias" / "checks" / "test_conv_bias.py").write_text(CHECKS + more, encoding="utf-8")
    return root


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., Path]:
    """Make a small course for this test."""

    def make(more: str = "") -> Path:
        return small_course(tmp_path / "course", more)

    return make


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course's kit, written into an empty folder. To be read, not written into."""
    root = tmp_path_factory.mktemp("small")
    (root / "kit").mkdir()
    ran = grade("release", root / "kit", "--problem", "conv", cwd=small_course(root / "course"))
    assert ran.code == 0, ran.err
    return root / "kit"


@pytest.fixture
def small_kit(released: Path, tmp_path: Path) -> Path:
    """A copy of the small course's kit, to be spoiled."""
    return shutil.copytree(released, tmp_path / "kit")


def everything(folder: Path) -> dict[str, str]:
    """Every file below a folder as text, those inside its zips too."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found[str(path.relative_to(folder))] = content.decode("utf-8", "replace")
            if zipfile.is_zipfile(io.BytesIO(content)):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    for name in archive.namelist():
                        found[f"{path.name}/{name}"] = archive.read(name).decode("utf-8", "replace")
    return found
