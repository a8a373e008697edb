"""Both tiers of the sandbox come to the same grade, to the word, on the answers that are known."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from grader.bench import Bench
from grader.grade import Given, grade_one
from grader.intake.single import read_submission
from grader.model import Grade
from grader.problem import Course, find_course
from grader.tiers import FORKED, SPAWNED, TIERS, SandboxMode, tier_for
from tests import lent
from tests.conftest import ROOT
from tests.lent import EVERYTHING, WHOLE

# Of each problem, how many of its answers of a kind are tried; TORCHGRADE_TESTS=all tries every one.
# A first wrong answer has the spawned tier start an interpreter for each misconception of its problem: two problems do,
# one by hand, in a course that has only the misconceptions that are tried. Of the others the solution is tried.
SPREAD = {"solution.py": 1, "alternatives/*.py": 1, "misconceptions/*.py": 2}
OTHERS_TOO = ("02-conv-bias", "06-images-as-tensors") if WHOLE else ("02-conv-bias",)
SOLUTIONS = sorted(path.name for path in (ROOT / "solutions").iterdir()) if WHOLE else ("06-images-as-tensors",)
KNOWN = [
    path
    for folder in sorted((ROOT / "solutions").iterdir())
    for pattern, count in SPREAD.items()
    if EVERYTHING or folder.name in OTHERS_TOO or (folder.name in SOLUTIONS and pattern == "solution.py")
    for path in sorted(folder.glob(pattern))[: None if EVERYTHING else count]
]


def test_the_table() -> None:
    assert (FORKED, SPAWNED) == TIERS
    assert tier_for(SandboxMode.PROCESS) is SPAWNED
    assert tier_for(SandboxMode.AUTO) is tier_for(SandboxMode.STRICT) is FORKED


@pytest.fixture(scope="module")
def benches() -> Iterator[tuple[Bench, Bench]]:
    with Bench(stem=lent.stem()) as forked, Bench(SandboxMode.PROCESS) as spawned:
        yield forked, spawned


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "problems", root / "problems", ignore=shutil.ignore_patterns("__pycache__", "submission.*"))
    for path in (ROOT / "solutions").rglob("*.py"):
        if path.parent.name != "misconceptions" or path in KNOWN:
            copy = root / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    return find_course(root)


@pytest.mark.slow
@pytest.mark.parametrize("path", KNOWN, ids=[str(path.relative_to(ROOT / "solutions")) for path in KNOWN])
def test_both_tiers_agree(path: Path, course: Course, benches: tuple[Bench, Bench]) -> None:
    slug = path.relative_to(ROOT / "solutions").parts[0]
    problem = course.load(slug)
    submission = read_submission(path, names=problem.names)
    forked, spawned = (grade_one(Given(problem, submission, bench)) for bench in benches)
    assert _without_times(spawned) == _without_times(forked)


def _without_times(grade: Grade) -> Grade:
    checks = tuple(msgspec.structs.replace(check, duration_s=0.0) for check in grade.checks)
    return msgspec.structs.replace(grade, duration_s=0.0, walls=(), checks=checks)
