"""A known answer gets the same grade as a script and as a notebook, to the word."""

from __future__ import annotations

import re

import pytest

from grader.model import Grade
from tests.conftest import ROOT
from tests.lent import EVERYTHING, WHOLE
from tests.notebook.build import cells_of, notebook
from tests.students.conftest import COURSE, GradeFile

# `grade verify` grades every known answer. In both forms: every fifth misconception, by hand every tenth and every second
# alternative; and of a problem that trains a few answers, put before its public checks, which do not train for long.
EVERY = {
    "solution.py": 1,
    "alternatives/*.py": 1 if WHOLE else 2,
    "misconceptions/*.py": 1 if EVERYTHING else 5 if WHOLE else 10,
}
TRAINING = set() if EVERYTHING else {slug for slug in COURSE.slugs if COURSE.load(slug).data}
KNOWN = [
    pytest.param(slug, path, id=f"{slug[:2]}-{path.parent.name}-{path.stem}")
    for slug in COURSE.slugs
    for kind, step in EVERY.items()
    for path in sorted((ROOT / "solutions" / slug).glob(kind))[:: 10 * step if slug in TRAINING else step]
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
    public_only = slug in TRAINING
    script = grade_file(slug, "submission.py", source, public_only=public_only)
    cells = [cell for cell in cells_of(source) if cell.strip()]
    assert told(grade_file(slug, "submission.ipynb", notebook(*cells), public_only=public_only)) == told(script)
    assert public_only or (script.percent == 100) == (path.parent.name != "misconceptions")
