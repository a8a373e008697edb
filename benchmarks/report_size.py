"""Size of the HTML of one submission in which everything fails, and of a class of 1,000."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.rows import GRADE, ROOT, Row
from grader.model import Grade
from grader.problem import open_course

_STUDENTS = 1000
_PAGE_KB, _CLASS_KB = 150, 2048


def measure() -> list[Row]:
    """Two rows, in kilobytes: the largest page of the known wrong answers, and the class page made of them."""
    from grader.reports.classpage import class_page
    from grader.reports.model import ClassEntry, Learner
    from grader.reports.statistics import ClassCounting

    course = open_course(ROOT)
    problems = [course.load(slug) for slug in course.slugs]
    light = [problem for problem in problems if problem.data is None]
    with tempfile.TemporaryDirectory() as folder:
        graded = {problem.slug: list(_grades(problem.slug, Path(folder))) for problem in light}
        largest = max(path.stat().st_size for path in Path(folder).glob("*.html")) / 1024
    learners = [Learner(f"student{i:04}", f"Student Number {i:04}") for i in range(_STUDENTS)]
    entries = [
        ClassEntry(
            msgspec.structs.replace(grades[i % len(grades)], student=f"student{i:04}"), f"pages/{i:04}/{slug}.html"
        )
        for i in range(_STUDENTS)
        for slug, grades in graded.items()
    ]
    page = class_page(ClassCounting().report("A class", light, learners, entries, [], []))
    return [
        Row("report of one submission", largest, _PAGE_KB, "KB", False, "the largest of the known wrong answers"),
        Row("class report", len(page.encode()) / 1024, _CLASS_KB, "KB", False, f"{_STUDENTS} students"),
    ]


def _grades(slug: str, folder: Path) -> Iterator[Grade]:
    for path in sorted((ROOT / "solutions" / slug / "misconceptions").glob("*.py"))[:3]:
        html, result = folder / f"{slug}-{path.stem}.html", folder / f"{slug}-{path.stem}.json"
        command = (*GRADE, slug, "--submission", path, "--html", html, "--json", result)
        subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        yield msgspec.convert(json.loads(result.read_bytes()), Grade, strict=False)
