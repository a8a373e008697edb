"""README.md: an instructor's five minutes, as they are pasted."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.cli.test_a_semester import said
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
MINUTES = README.partition("## An instructor's five minutes")[2].partition("\n## ")[0]
LINES = re.findall(r"^```sh\n(.*?)^```$", MINUTES, re.MULTILINE | re.DOTALL)[0].splitlines()
# What the tests stand in already; what never ends, which tests/desk opens; what tests/release tries.
LEFT_OUT = (". .venv", "grade desk", "grade release")


@pytest.mark.slow
def test_an_instructors_five_minutes(tmp_path: Path) -> None:
    root = tmp_path / "torchgrade"
    ignored = shutil.ignore_patterns("__pycache__", "submission.*")
    for kind in ("examples", "problems", "solutions"):
        shutil.copytree(ROOT / kind, root / kind, ignore=ignored)
    shutil.copy(ROOT / "course.yaml", root)
    out = {line: said(root, line) for line in LINES if not line.startswith(LEFT_OUT)}
    assert len(out) == 8
    batch = next(text for line, text in out.items() if "--roster" in line)
    assert re.search(r"4\d answers of 24 students", batch)
    adjusted = next(text for line, text in out.items() if line.startswith("grade adjust"))
    assert re.search(r"1004, 02-conv-bias: .* of 10 points \(\+1\)", adjusted)
    page = (root / "my-class" / "results" / "index.html").read_text(encoding="utf-8")
    assert re.search(r"<th scope=\"row\"><bdi>3</bdi></th><td><bdi>Tom</bdi>", page)
