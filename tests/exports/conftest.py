"""A class's results, as a batch leaves them behind."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import pytest

from grader.exports import RESULTS, STUDENTS, students_to_json
from grader.exports.gradebook import read_gradebook
from grader.exports.model import Gradebook
from grader.intake.model import Student
from grader.model import (
    CheckResult,
    Grade,
    Limits,
    Misconception,
    Mismatch,
    Outcome,
    Plane,
    Problem,
    Status,
    Visibility,
)

CONTROL = "".join(map(chr, range(32))) + "\x7f\x85\ufffe"

COURSE = tuple(
    Problem(slug, "", None, title, "", points, Limits(), {}, (), None, "v1")
    for slug, title, points in (("01-maxpool", "Max pooling", 10.0), ("02-conv-bias", "Convolution with a bias", 6.0))
)


def check(title: str, outcome: Outcome = Outcome.PASSED, message: str = "", hidden: bool = False) -> CheckResult:
    visibility = Visibility.HIDDEN if hidden else Visibility.PUBLIC
    points = 1.0 if outcome is Outcome.PASSED else 0.0
    plane = Plane((("1",),), ((1.0,),))
    mismatch = Mismatch("values", "f()", "1", "2", plane, plane) if outcome is Outcome.FAILED else None
    return CheckResult(
        f"t.py::{title}", title, visibility, outcome, points, 1.0, message, "a hint" if message else "", 0.004, mismatch
    )


def grade(student: str, problem: str, score: float, most: float, **fields: object) -> Grade:
    values: dict[str, object] = {
        "problem": problem,
        "student": student,
        "submission": f"{student}/{problem[:2]}.py",
        "sha256": "0" * 64,
        "status": Status.GRADED,
        "score": score,
        "max_score": most,
        "percent": 100 * score / most,
        "checks": (check("Shape"), check("Values", Outcome.FAILED, "max_pool2d(x) gave 7\nnot 8")),
        "misconceptions": (),
        "stdout": "",
        "walls": ("seccomp",),
        "data": None,
        "duration_s": 0.05,
        "grader_version": "1",
        "problem_version": "v1",
        **fields,
    }
    return msgspec.convert(values, Grade)


CLASS = (
    Student("101", "Ann Lee", sis_id="S1", login="alee", email="ann@example.edu"),
    Student("102", "Bob Ray", late=True, sis_id="S2", login="bray", email="bob@example.edu"),
    Student("103", '=HYPERLINK("http://x";"Eve")'),
    Student("104", "Zoë Ünal"),
)
GRADES = (
    grade("101", "01-maxpool", 10, 10),
    grade("101", "02-conv-bias", 2, 6),
    grade("102", "01-maxpool", 3.333333, 10),
    grade("102", "02-conv-bias", 0, 6, status=Status.REJECTED, checks=(), message="line 3: invalid syntax"),
    grade(
        "103",
        "01-maxpool",
        0.5,
        10,
        stdout=f"printed {CONTROL}",
        checks=(
            check("Loops", Outcome.TIMEOUT, "took more than 5 s"),
            check("Later", Outcome.NOT_RUN, "not reached"),
            check("Secret", Outcome.FAILED, f"]]> {CONTROL} </testcase>", hidden=True),
        ),
        misconceptions=(Misconception("flipped", "The kernel was flipped", "Cross-correlation does not flip."),),
        notes=("cell 3 was not run",),
    ),
)


def write_batch(directory: Path, grades: Sequence[Grade] = GRADES, students: Sequence[Student] = CLASS) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / RESULTS).write_bytes(b"".join(msgspec.json.encode(item) + b"\n" for item in grades))
    (directory / STUDENTS).write_bytes(students_to_json(students))
    return directory


def table(content: bytes) -> list[list[str]]:
    """The cells of a CSV file, read by Python's own reader."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def only(rows: list[list[str]], columns: Mapping[str, str] | Sequence[str]) -> list[list[str]]:
    """Some columns of a table, by heading."""
    return [[row[rows[0].index(column)] for column in columns] for row in rows]


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    return write_batch(tmp_path / "out")


@pytest.fixture
def gradebook(batch: Path) -> Gradebook:
    return read_gradebook(batch, COURSE)
