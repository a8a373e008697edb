"""`grade verify` finds each kind of broken promise, in a copy of a problem that is broken on purpose."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, grade
from tests.lent import WHOLE

pytestmark = pytest.mark.slow

SLUG = "02-conv-bias"
# Of what is known, the broken ones have one mistake; the kept one enough for every check to fail with one of them.
BROKEN_KNOWN = ("flipped_kernel.py",)
KEPT_KNOWN = ("flipped_kernel.py", "no_bias.py", "shared_memory.py", "subclass.py")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def keep(names: tuple[str, ...], solution: Path) -> None:
    """Remove the other known answers: each is graded."""
    for path in solution.glob("*s/*.py"):
        if path.name not in names:
            path.unlink()


def points_do_not_add_up(problem: Path, solution: Path) -> None:
    edit(problem / "problem.yaml", "points: 10", "points: 11")


def check_without_a_title(problem: Path, solution: Path) -> None:
    (problem / "checks" / "test_more.py").write_text(
        "def test_untitled(submission):\n    assert submission.build_conv\n"
    )


def unknown_operator(problem: Path, solution: Path) -> None:
    rule = "\nforbidden:\n  build_conv:\n    operators: ['aten::max_pol2d']\n    say: not here\n"
    (problem / "problem.yaml").write_text((problem / "problem.yaml").read_text(encoding="utf-8") + rule)


def solution_lacks_a_function(problem: Path, solution: Path) -> None:
    edit(solution / "solution.py", "def build_conv(", "def make_conv(")


def check_that_cannot_fail(problem: Path, solution: Path) -> None:
    edit(problem / "problem.yaml", "points: 10", "points: 11")
    (problem / "checks" / "test_more.py").write_text(
        "import pytest\n\n@pytest.mark.hint('h')\ndef test_nothing(submission):\n    '''It is always true.'''\n"
    )


def broken_example(problem: Path, solution: Path) -> None:
    statement = problem / "statement.md"
    statement.write_text(statement.read_text(encoding="utf-8") + "\n```python\n>>> 1 + 1\n3\n```\n", encoding="utf-8")


def misconception_that_is_right(problem: Path, solution: Path) -> None:
    right = (solution / "solution.py").read_text(encoding="utf-8")
    (solution / "misconceptions" / "no_mistake.py").write_text('"""Nothing is wrong\n\nSee it."""\n' + right)


def alternative_that_is_wrong(problem: Path, solution: Path) -> None:
    wrong = (solution / "misconceptions" / "flipped_kernel.py").read_text(encoding="utf-8")
    (solution / "alternatives" / "flipped.py").write_text(wrong, encoding="utf-8")


def two_misconceptions_alike(problem: Path, solution: Path) -> None:
    same = (solution / "misconceptions" / "flipped_kernel.py").read_text(encoding="utf-8")
    (solution / "misconceptions" / "turned_kernel.py").write_text(same, encoding="utf-8")


def statement_is_missing(problem: Path, solution: Path) -> None:
    (problem / "statement.md").unlink()


def solution_is_missing(problem: Path, solution: Path) -> None:
    (solution / "solution.py").unlink()


def generous_stub(problem: Path, solution: Path) -> None:
    right = (solution / "solution.py").read_text(encoding="utf-8")
    (problem / "stub.py").write_text(right + "\n# TODO\n", encoding="utf-8")


BROKEN = [
    (points_do_not_add_up, "add up to 10"),
    (check_without_a_title, "needs a docstring"),
    (unknown_operator, "torch has no operator aten::max_pol2d; did you mean aten::max_pool2d?"),
    (solution_lacks_a_function, "defines no build_conv"),
    (check_that_cannot_fail, "no known wrong answer fails it"),
    (broken_example, "Expected: 3 Got: 2"),
    (misconception_that_is_right, "misconception no_mistake: loses no points"),
    (alternative_that_is_wrong, "alternative flipped.py: run 1 of 1 loses"),
    (two_misconceptions_alike, "flipped_kernel: is recognised as nothing; no check tells it from turned_kernel"),
    (generous_stub, "stub.py: earns 100 %"),
    (statement_is_missing, "{slug}/statement.md: there is no such file"),
    (solution_is_missing, "solutions/{slug}/solution.py: there is no such file"),
]
SLUGS: dict[Callable[[Path, Path], None], str] = {
    break_it: f"{number:02}-{break_it.__name__.replace('_', '-')}" for number, (break_it, _) in enumerate(BROKEN, 1)
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """slug -> what `grade verify` says of it, in a course of copies that are each broken in one way."""
    course = tmp_path_factory.mktemp("broken")
    for break_it, slug in SLUGS.items():
        for kind in ("problems", "solutions"):
            # Of inputs.py nothing is broken here, and to search it for witnesses takes longer than the rest.
            leave = shutil.ignore_patterns("__pycache__", "submission.*", "inputs.py")
            shutil.copytree(ROOT / kind / SLUG, course / kind / slug, ignore=leave)
        keep(BROKEN_KNOWN, course / "solutions" / slug)  # That there are few is told as well.
        break_it(course / "problems" / slug, course / "solutions" / slug)
    # One worker: a second one would collect each problem's checks as well.
    ran = grade("verify", "--runs", "1", "--jobs", "1", cwd=course, env={"COLUMNS": "400"}, seconds=600)
    assert ran.code == 1, ran.out + ran.err
    said: dict[str, str] = {}
    slug = ""
    for line in ran.out.splitlines():
        if line.startswith(("✗ ", "✓ ")):
            slug = line[2:].strip()
        said[slug] = f"{said.get(slug, '')} {' '.join(line.split())}"
    return said


@pytest.mark.parametrize(("break_it", "says"), BROKEN, ids=lambda value: getattr(value, "__name__", ""))
def test_a_broken_promise_is_told(break_it: Callable[[Path, Path], None], says: str, told: dict[str, str]) -> None:
    slug = SLUGS[break_it]
    assert told[slug].startswith(f" ✗ {slug}")
    assert says.format(slug=slug) in told[slug]


def test_a_kept_promise_is_exit_0(course: Path) -> None:
    if not WHOLE:
        keep(KEPT_KNOWN, course / "solutions" / SLUG)
        (course / "course.yaml").write_text("thresholds: {alternatives: 1, misconceptions: 3}\n", encoding="utf-8")
    ran = grade("verify", "02", "--runs", "1", cwd=course, cold=True)
    assert ran.code == 0, ran.out
    assert SLUG in ran.out
