"""A course of two small problems, and the real command at work in it."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran, grade

HERE = Path(__file__).parent
# Checks and submissions that the tests hand to the grader.
collect_ignore = ["course", "golden", "plans"]
COURSE = HERE / "course"

RIGHT = "def double(x):\n    return x + x\n"
SQUARE = "def double(x):\n    return x**2\n"
SUM = "def total(values):\n    return sum(values)\n"


CLASS: dict[str, str | bytes] = {
    "ann/01.py": RIGHT,
    "ann/02.py": SUM,
    "bob/double.py": SQUARE,
    "bob/total.py": "def total(values):\n    return sum(values[1:])\n",
    "cy/01.py": "def double(x):\nreturn 2\n",
    "dee/01.py": RIGHT,
    "dee/notes.pdf": b"%PDF",
    "eve/01.py": "",
}


@dataclass(frozen=True)
class Graded:
    """A course, what was handed in, and what came of it."""

    course: Path
    work: Path
    out: Path
    roster: Path
    ran: Ran


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of the small course, to be written into."""
    root = tmp_path / "small"
    shutil.copytree(COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def hand_in(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write submissions."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def batch(course: Path, source: Path, out: Path, *more: str | Path) -> Ran:
    """`grade batch`, as an instructor calls it in the course's folder."""
    return grade("batch", source, "--out", out, *more, cwd=course)


def table(path: Path) -> list[list[str]]:
    """A CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def results(out: Path) -> list[dict[str, Any]]:
    """results.jsonl."""
    return [json.loads(line) for line in (out / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def percents(out: Path) -> dict[tuple[str, str], float]:
    """(student, problem) -> percent."""
    return {(line["student"], line["problem"]): line["percent"] for line in results(out)}


def timeless(text: str) -> str:
    """JSON or a page without the times in it."""
    text = re.sub(r'"duration_s":[0-9.e-]+', "", text)
    return re.sub(r"\b[0-9.]+ (?:ms|s|min)\b", "", text)


def pages(out: Path) -> set[str]:
    """Paths of the students' pages."""
    return {str(path.relative_to(out)) for path in out.rglob("pages/*/*.html")}


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """A class graded once, for tests that only look at it or run the same command again."""
    root = tmp_path_factory.mktemp("ready")
    shutil.copytree(COURSE, root / "small", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "roster.csv").write_text("id,name\nann,Ann Lee\nzoe,Zoe Quinn\n", encoding="utf-8")
    work = hand_in(root / "handed in", CLASS)
    ran = batch(root / "small", work, root / "out", "--roster", root / "roster.csv", "--jobs", "2")
    return Graded(root / "small", work, root / "out", root / "roster.csv", ran)


@pytest.fixture
def mine(ready: Graded, tmp_path: Path) -> Graded:
    """A copy of all that, to be changed and graded on."""
    shutil.copytree(ready.work.parent, tmp_path / "mine")
    root = tmp_path / "mine"
    return Graded(root / "small", root / "handed in", root / "out", root / "roster.csv", ready.ran)


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    return hand_in(tmp_path / "handed in", CLASS)
