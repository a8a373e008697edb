"""The digests of the grader's own sources cover what they say they cover."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader import sources
from tests.conftest import ROOT

# Everything that is imported where a grade, or a page, is made.
LOADED = """
import sys, {modules}
print(*sorted(name for name in sys.modules if name == "grader" or name.startswith("grader.")))
"""
GRADING = "grader.grade, grader.checking.runner, grader.checking.serve, grader.checking, grader.sandbox.room, \
grader.sandbox.zygote, grader.sandbox.stem"
PUBLISHING = "grader.reports.html, grader.reports.classpage"
# Packages' own first lines; words of command lines and of the intake change no grade.
NOTHING = {"grader", "grader.sources", "grader.cores"}


@pytest.mark.parametrize(
    ("modules", "parts"),
    [
        pytest.param(GRADING, sources.GRADING, id="grading"),
        pytest.param(PUBLISHING, (*sources.GRADING, *sources.PUBLISHING), id="publishing"),
    ],
)
def test_what_is_imported_is_counted(modules: str, parts: tuple[str, ...]) -> None:
    program = LOADED.format(modules=modules)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    counted = {part.removesuffix(".py") for part in parts}
    loaded = set(done.stdout.split()) - NOTHING
    assert len(loaded) > 10
    assert {name for name in loaded if name.split(".")[1] not in counted} == set()


def test_each_part_exists() -> None:
    for name in (*sources.GRADING, *sources.PUBLISHING):
        assert (ROOT / "grader" / name).exists(), name


@pytest.mark.parametrize("change", ["content", "name", "nested"])
def test_a_changed_file_changes_the_digest(tmp_path: Path, change: str) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.py").write_text("x = 1")
    (tmp_path / "inner" / "b.py").write_text("y = 1")
    before = sources._digest([tmp_path])
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"compiled")
    time.sleep(0.01)
    (tmp_path / "a.py").write_text("x = 1")
    assert sources._digest([tmp_path]) == before
    if change == "content":
        (tmp_path / "a.py").write_text("x = 2")
    elif change == "name":
        (tmp_path / "a.py").rename(tmp_path / "c.py")
    else:
        (tmp_path / "inner" / "b.py").write_text("y = 2")
    assert sources._digest([tmp_path]) != before
