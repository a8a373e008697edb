"""A class with broken and hostile submissions in it: every honest one has the grade that it has alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.bench import Bench
from grader.grade import Given, grade_one
from grader.intake.single import read_submission
from grader.problem import open_course
from grader.reports.json import encode_grade
from tests import lent
from tests.batch.classroom import HELPER, HONEST, write_class
from tests.batch.conftest import COURSE, batch, hand_in, results
from tests.conftest import ROOT
from tests.lent import EVERYTHING, WHOLE

MAY_BE_RIGHT = {"!flood", "!forks", "!forged-frame"}
"""What misbehaves on the way to a right answer."""
# What differs between a student's grade and the same work's alone: whose it is, the remark at its end, the time.
_OWN = {"student", "submission", "sha256", "duration_s"}


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench(stem=lent.stem()) as started:
        yield started


def by_itself(course: Path, slug: str, path: Path, bench: Bench) -> dict[str, Any]:
    """What `grade SLUG --submission PATH --json -` writes."""
    problem = open_course(course).load(slug)
    graded = grade_one(Given(problem, read_submission(path, names=problem.names), bench))
    return comparable(json.loads(encode_grade(graded)))


@pytest.fixture(scope="module")
def alone(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The grade of each honest submission by itself."""
    root = tmp_path_factory.mktemp("alone")
    found = {}
    for kind, source in HONEST.items():
        files = {"01.py": source} | ({"helper.py": HELPER} if kind == "helper" else {})
        folder = hand_in(root / kind, files)
        found[kind] = by_itself(COURSE, "01-double", folder / "01.py", bench)
    return found


def comparable(result: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in result.items() if key not in _OWN}
    kept["checks"] = [{key: value for key, value in check.items() if key != "duration_s"} for check in result["checks"]]
    return kept


@pytest.mark.slow
def test_a_large_class(small: Path, tmp_path: Path, alone: dict[str, dict[str, Any]]) -> None:
    kinds = write_class(tmp_path / "class", 1000 if EVERYTHING else 200 if WHOLE else 80)
    out = tmp_path / "out"
    ran = batch(small, tmp_path / "class", out)
    assert ran.code == 0, ran.err
    graded = {line["student"]: line for line in results(out) if line["problem"] == "01-double"}
    assert set(graded) == set(kinds)
    for student, kind in kinds.items():
        if not kind.startswith("!"):
            assert comparable(graded[student]) == alone[kind], (student, kind)
        elif kind not in MAY_BE_RIGHT:
            assert graded[student]["percent"] <= 25, (student, kind)
    assert {line["percent"] for line in results(out) if line["problem"] == "02-total"} <= {100.0}
    assert "fault" not in ran.out
    assert (tmp_path / "out" / "index.html").stat().st_size < 2_000_000


@pytest.mark.slow
def test_the_courses_own_problems_are_graded_as_alone(bench: Bench, tmp_path: Path) -> None:
    """One right and two wrong answers to each quick problem, all in one batch: the state of one touches no other."""
    slugs = ["01-maxpool", "02-conv-bias", "03-functional-vs-module", "04-parameter-counts", "07-convolution-by-hand"]
    slugs = slugs if WHOLE else slugs[::2]
    files: dict[str, str | bytes] = {}
    for slug in slugs:
        chosen = [*sorted((ROOT / "solutions" / slug).glob("*tives/*.py"))[:1]]
        chosen += sorted((ROOT / "solutions" / slug / "misconceptions").glob("*.py"))[:2]
        files |= {f"kim{number}/{slug}.py": path.read_bytes() for number, path in enumerate(chosen)}
    work = hand_in(tmp_path / "work", files)
    out = tmp_path / "out"
    ran = batch(ROOT, work, out, *(part for slug in slugs for part in ("--problem", slug)))
    assert ran.code == 0, ran.err
    graded = {(line["student"], line["problem"]): line for line in results(out)}
    assert len(graded) == len(files)
    for name in files:
        student, slug = name.removesuffix(".py").split("/")
        assert comparable(graded[student, slug]) == by_itself(ROOT, slug, work / name, bench), name
