"""A grade's key changes with all that the grade depends on, and with nothing else."""

from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from grader import exports
from grader.batch import outputs
from grader.batch.keys import KeySurroundings, content_key, grade_key, surroundings
from grader.intake.extras import digest
from grader.model import Problem, SourceFile, Submission
from grader.problem import open_course
from tests.batch.conftest import COURSE

AROUND = KeySurroundings("1", "2.9", "drawn")


def submission(source: bytes = b"x = 1", name: str = "02.py", *extra: SourceFile, student: str = "ann") -> Submission:
    main = SourceFile(name, source)
    return Submission(f"{student}/{name}", main, extra, student, digest(hashlib.sha256(main.content), extra))


def a_problem() -> Problem:
    return open_course(COURSE).load("01-double")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param(submission(), True, id="itself"),
        pytest.param(submission(student="bob"), True, id="student"),
        pytest.param(submission(b"x = 2"), False, id="content"),
        pytest.param(submission(name="2.py"), False, id="name-that-tracebacks-show"),
        pytest.param(submission(b"x = 1", "02.py", SourceFile("helper.py", b"")), False, id="helper"),
    ],
)
def test_content(other: Submission, same: bool) -> None:
    assert (content_key(submission()) == content_key(other)) is same


def test_grade() -> None:
    problem, content = a_problem(), content_key(submission())
    with_data = msgspec.structs.replace(problem, data="mnist")
    keys = [
        grade_key(content, problem, AROUND),
        grade_key(content_key(submission(b"x = 2")), problem, AROUND),
        grade_key(content, msgspec.structs.replace(problem, version="other"), AROUND),
        grade_key(content, msgspec.structs.replace(problem, slug="02-total"), AROUND),
        grade_key(content, problem, msgspec.structs.replace(AROUND, grader="2")),
        grade_key(content, problem, msgspec.structs.replace(AROUND, libraries="2.10")),
        grade_key(content, with_data, AROUND),
        grade_key(content, with_data, msgspec.structs.replace(AROUND, data="other")),
    ]
    assert len(set(keys)) == len(keys)
    # Images that a problem does not use do not touch it.
    assert grade_key(content, problem, msgspec.structs.replace(AROUND, data="other")) == keys[0]


def test_images_are_known_by_their_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_data = msgspec.structs.replace(a_problem(), data="mnist")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    monkeypatch.delenv("TORCHGRADE_MNIST", raising=False)
    assert surroundings([a_problem()]).data == ""
    assert surroundings([with_data]).data == "drawn"
    found = []
    for folder, content in (("one", b"1"), ("two", b"1"), ("three", b"2")):
        (tmp_path / folder).mkdir()
        for name in ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"):
            (tmp_path / folder / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))
        monkeypatch.setenv("TORCHGRADE_MNIST", str(tmp_path / folder))
        found.append(surroundings([with_data]).data)
    assert found[0] == found[1] != found[2]


def test_torch_is_known_without_being_imported() -> None:
    program = (
        "import sys; from grader.batch import keys; print(len(keys.surroundings([]).libraries), 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["32", "False"]


def test_file_names_are_those_that_exports_read() -> None:
    assert (outputs.RESULTS, outputs.STUDENTS) == (exports.RESULTS, exports.STUDENTS)
