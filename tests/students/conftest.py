"""One bench for all files of this folder, and a way to grade what a test writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from grader.bench import Bench
from grader.grade import Given, grade_one
from grader.intake.single import read_submission
from grader.jobs import Terms
from grader.model import Grade
from grader.problem import open_course
from tests import lent
from tests.conftest import ROOT

COURSE = open_course(ROOT)

GradeFile = Callable[..., Grade]


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    with Bench(stem=lent.stem()) as started:
        yield started


@pytest.fixture
def grade_file(bench: Bench, tmp_path: Path) -> GradeFile:
    """`grade_file(slug, name, content)`: the grade of a file written for this test.

    Where only public checks are run, no misconception is looked for: problem 05 would train each of them.
    """

    def graded(slug: str, name: str, content: str | bytes, *, public_only: bool = False, **limits: float) -> Grade:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        problem = COURSE.load(slug)
        problem = msgspec.structs.replace(problem, limits=msgspec.structs.replace(problem.limits, **limits))
        return grade_one(Given(problem, read_submission(path), bench), Terms(public_only, recognise=not public_only))

    return graded
