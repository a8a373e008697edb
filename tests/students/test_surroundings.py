"""What stands around an answer neither costs nor earns a point, in scripts and notebooks, be it right or wrong."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.model import Grade
from tests.conftest import ROOT
from tests.lent import EVERYTHING
from tests.notebook.build import notebook
from tests.students.conftest import COURSE, GradeFile
from tests.students.surroundings import AROUND, Around

pytestmark = pytest.mark.slow

# Long enough for a busy machine, and short enough to wait for what never ends.
SECONDS = 4.0


@dataclass(frozen=True)
class Answer:
    """A known answer of a problem, right or wrong."""

    slug: str
    path: Path

    @property
    def id(self) -> str:
        return f"{self.slug[:2]}-{self.path.stem}"

    @property
    def source(self) -> str:
        """With the imports that the surroundings use, which every answer may have."""
        return f'"""An answer."""\nimport torch\nfrom torch import nn\n{self.path.read_text(encoding="utf-8")}'


def answers(*kinds: str, step: int) -> list[Answer]:
    """Known answers of all problems but 05, which takes half a minute for each; every `step`th, which is graded alone
    as well, or all of them.
    """
    quick = [slug for slug in COURSE.slugs if not slug.startswith("05")]
    found = [
        Answer(slug, path)
        for kind in kinds
        for slug in quick
        for path in sorted((ROOT / "solutions" / slug).glob(kind))
        if "__future__" not in path.read_text(encoding="utf-8")
        # A bias that is left random is recognised by its numbers, and what draws numbers above changes them.
        and not path.stem.startswith("random_")
    ]
    return found if EVERYTHING else found[::step]


RIGHT = answers("solution.py", "alternatives/*.py", step=4)
WRONG = answers("misconceptions/*.py", step=12)
FIRST = Answer("02-conv-bias", ROOT / "solutions/02-conv-bias/solution.py")


def outcome_of(grade: Grade) -> tuple[Any, ...]:
    """What must be the same with and without surroundings."""
    checks = [(check.id, check.outcome, check.points) for check in grade.checks]
    return grade.status, grade.score, checks, [found.id for found in grade.misconceptions]


_plain: dict[Answer, Grade] = {}


def plain(answer: Answer, grade_file: GradeFile) -> Grade:
    """The grade of the answer alone."""
    if answer not in _plain:
        _plain[answer] = grade_file(answer.slug, "submission.py", answer.source)
    return _plain[answer]


def assert_same(around: Around, answer: Answer, grade_file: GradeFile, form: str) -> None:
    if form == "py":
        content: str | bytes = around.script(answer.source)
    else:
        content = notebook(*around.cells(answer.source))
    limits = {"import_seconds": SECONDS} if around.waits else {}
    grade = grade_file(answer.slug, f"submission.{form}", content, **limits)
    told = "\n".join([grade.message, *grade.notes])
    assert outcome_of(grade) == outcome_of(plain(answer, grade_file)), told
    assert around.says in told
    if around.quiet:
        assert [note for note in grade.notes if "is defined more than once" not in note] == []


# Each around a right answer and a wrong one, in one form after the other; what is waited for, around one of the two.
# Where there is time for it, around both and in both forms.
FORMS = ("py", "ipynb")
IN_TURN = [FORMS] if EVERYTHING else [FORMS[:1], FORMS[1:]]
WAITING = [name for name, around in AROUND.items() if around.waits]
LEFT_OUT = [[], []] if EVERYTHING else [WAITING[::2], WAITING[1::2]]
PAIRS = [
    pytest.param(name, answer, form, id=f"{name}-{answer.id}-{form}")
    for kind, forms, left_out in ((RIGHT, IN_TURN, LEFT_OUT[0]), (WRONG, IN_TURN[::-1], LEFT_OUT[1]))
    for name, answer, some in zip(AROUND, itertools.cycle(kind), itertools.cycle(forms), strict=False)
    for form in some
    if name not in left_out
]
# Those whose turn it is to stand in a notebook around their right answer; where there is time for it, all.
AS_SCRIPTS = [
    name
    for name, forms in zip(AROUND, itertools.cycle(IN_TURN), strict=False)
    if not AROUND[name].waits and "ipynb" in forms
]


# By hand each stands in a script around a wrong answer, at least.
@pytest.mark.whole
@pytest.mark.parametrize("name", AS_SCRIPTS)
def test_a_right_script_keeps_its_marks(name: str, grade_file: GradeFile) -> None:
    assert_same(AROUND[name], FIRST, grade_file, "py")
    assert plain(FIRST, grade_file).percent == 100


@pytest.mark.slow
@pytest.mark.parametrize(("name", "answer", "form"), PAIRS)
def test_surroundings_change_no_grade(name: str, answer: Answer, form: str, grade_file: GradeFile) -> None:
    assert_same(AROUND[name], answer, grade_file, form)


def test_there_are_enough_of_them() -> None:
    assert len(PAIRS) + len(AS_SCRIPTS) >= 150
    assert {param.values[1].slug for param in PAIRS} == {slug for slug in COURSE.slugs if not slug.startswith("05")}  # type: ignore[union-attr]
