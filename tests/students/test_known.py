"""A known answer gets the same grade as a script and as a notebook, to the word."""

from __future__ import annotations

import re

import pytest

from grader.model import Grade
from tests.conftest import ROOT
from tests.lent import EVERYTHING
from tests.notebook.build import cells_of, notebook
from tests.students.conftest import COURSE, GradeFile

# Of a problem that trains, a grade takes many seconds of a processor: of each kind, so many of its answers.
# There, the first wrong one would be compared with all misconceptions; that they are recognised, `grade verify` shows.
SPREAD = {"solution.py": 1, "alternatives/*.py": 0, "misconceptions/*.py": 1}
TRAINING = set() if EVERYTHING else {slug for slug in COURSE.slugs if COURSE.load(slug).data}
KNOWN = [
    pytest.param(slug, path, id=f"{slug[:2]}-{path.parent.name}-{path.stem}")
    for slug in COURSE.slugs
    for kind, count in SPREAD.items()
    for path in sorted((ROOT / "solutions" / slug).glob(kind))[: count if slug in TRAINING else None]
]
# Where a line is, is told by the file or by the cell.
_PLACE = re.compile(r"submission\.py, line \d+|cell \d+, line \d+|0x[0-9a-f]+")


def told(grade: Grade) -> tuple[object, ...]:
    """All that a student reads, but for where a line is."""
    checks = [(check.id, check.outcome, check.points, _PLACE.sub("…", check.message)) for check in grade.checks]
    return grade.status, grade.score, checks, grade.misconceptions, grade.notes


@pytest.mark.slow
@pytest.mark.parametrize(("slug", "path"), KNOWN)
def test_a_known_answer_is_graded_alike_in_both_forms(slug: str, path, grade_file: GradeFile) -> None:  # type: ignore[no-untyped-def]
    source = path.read_text(encoding="utf-8")
    recognise = slug not in TRAINING
    script = grade_file(slug, "submission.py", source, recognise=recognise)
    cells = [cell for cell in cells_of(source) if cell.strip()]
    assert told(grade_file(slug, "submission.ipynb", notebook(*cells), recognise=recognise)) == told(script)
    assert (script.percent == 100) == (path.parent.name != "misconceptions")
