"""A student kit of the real course, which the workers of one run share: to seal what is known takes seconds."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from grader.problem import open_course
from tests.conftest import ROOT, grade
from tests.lent import WHOLE

RELEASED = open_course(ROOT).slugs if WHOLE else ("01-maxpool", "02-conv-bias")
"""The problems of the real course that the kit holds."""
FEWER = "01-maxpool"
"""Of this one, some of the known answers are sealed by hand; of the other all, as an instructor does."""
_EVERY = 4


def shared_kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kit, as the real command writes it into a folder; whoever needs it first makes it. To be read only."""
    own = tmp_path_factory.getbasetemp()
    root = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    kit = root / "kit"
    with (root / "kit.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kit.exists():
            course = ROOT if WHOLE else _smaller(tmp_path_factory.mktemp("kit") / "course")
            ran = grade("release", kit, cwd=course, cold=True)
            assert ran.code == 0, ran.err
    return kit


def _smaller(course: Path) -> Path:
    """The course with those problems alone, and fewer known answers of one."""
    for kind in ("problems", "solutions"):
        for slug in RELEASED:
            leave = shutil.ignore_patterns("__pycache__", "submission.*")
            shutil.copytree(ROOT / kind / slug, course / kind / slug, ignore=leave)
    (course / "course.yaml").write_text("title: Two of the exercises\n", encoding="utf-8")
    for kind in ("alternatives", "misconceptions"):
        known = sorted((course / "solutions" / FEWER / kind).glob("*.py"))
        for path in {*known} - {*known[::_EVERY]}:
            path.unlink()
    return course
