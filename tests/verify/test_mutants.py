"""Mutants: which there are, and what the checks of a problem make of them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from grader.verify.mutants import mutants
from tests.conftest import grade

SOURCE = '''"""A module."""
import math

def f(x: int | None, n: int = 2, *, flag: bool = False) -> int | None:
    """Described."""
    if x is None or n < 1:
        raise ValueError("no")
    total = 0
    for i in range(n):
        total += x * i
    return max(total, -x, key=abs) if not flag else 0.5
'''


def changes() -> dict[str, str]:
    return {mutant.change: mutant.source for mutant in mutants(SOURCE)}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("3 for 2", "n: int=3"),
        ("1 for 2", "n: int=1"),
        ("True for False", "flag: bool=True"),
        ("is not for is", "if x is not None or n < 1"),
        ("<= for <", "n <= 1"),
        ("and for or", "if x is None and n < 1"),
        ("not x is None or n < 1", "if not (x is None or n < 1)"),
        ("without “raise ValueError('no')”", "        pass\n    total"),
        ("without “total = 0”", "    pass\n    for"),
        ("- for +", "total -= x * i"),
        ("+ for *", "total += x + i"),
        ("without the -", "max(total, --x, key=abs)"),
        ("without key=", "max(total, -x) if"),
        ("the first two arguments of max exchanged", "max(-x, total, key=abs)"),
        ("without the last argument of max", "max(total, key=abs)"),
        ("not not flag", "if not not flag"),
        ("1.0 for 0.5", "else 1.0"),
    ],
)
def test_each_kind(change: str, code: str) -> None:
    assert code in changes()[change]


def test_each_is_another_program_and_texts_and_annotations_are_left_alone() -> None:
    sources = [mutant.source for mutant in mutants(SOURCE)]
    assert len({ast.unparse(ast.parse(source)) for source in sources}) == len(sources)
    assert ast.unparse(ast.parse(SOURCE)) not in {source.rstrip() for source in sources}
    for source in sources:
        assert "x: int | None" in source
        assert "-> int | None" in source
        assert '"""Described."""' in source
        compile(source, "mutant", "exec")


def test_each_names_its_line() -> None:
    lines = SOURCE.splitlines()
    for mutant in mutants(SOURCE):
        assert lines[mutant.line - 1].strip() == mutant.code


# -- before the checks of a problem ----------------------------------------------------------------

CHECKS = '''import pytest
from grader.checking import assert_equal

@pytest.mark.public
def test_above(submission):
    """What is above the limit is cut."""
    assert_equal(submission.clamp(7, 5), 5)

@pytest.mark.hint("h")
def test_below(submission):
    """What is below it stays."""
    assert_equal(submission.clamp(3, 5), 3)
'''
SOLUTION = '''def clamp(x: int, limit: int = 9) -> int:
    """x, but limit at most."""
    if x > limit:
        return limit
    return x
'''
INPUTS = """from hypothesis import strategies as st

INPUTS = {"clamp": st.tuples(st.integers(-20, 20))}
"""


def course(root: Path, inputs: str = "") -> Path:
    problem, solution = root / "problems" / "01-clamp", root / "solutions" / "01-clamp"
    (problem / "checks").mkdir(parents=True)
    solution.mkdir(parents=True)
    (problem / "problem.yaml").write_text("title: Clamp\nsummary: Cut.\npoints: 2\n", encoding="utf-8")
    (problem / "stub.py").write_text(
        "def clamp(x: int, limit: int = 9) -> int:\n    raise NotImplementedError  # TODO\n"
    )
    (problem / "statement.md").write_text("# Clamp\n", encoding="utf-8")
    (problem / "checks" / "test_clamp.py").write_text(CHECKS, encoding="utf-8")
    (solution / "solution.py").write_text(SOLUTION, encoding="utf-8")
    if inputs:
        (solution / "inputs.py").write_text(inputs, encoding="utf-8")
    return root


@pytest.mark.slow
def test_a_survivor_is_named_with_the_input_that_tells_it(tmp_path: Path) -> None:
    """Nobody asks for the limit that is left out."""
    root = course(tmp_path / "course", INPUTS)
    ran = grade("verify", "--mutants", "--drafts", tmp_path / "drafts", cwd=root, env={"COLUMNS": "200"})
    assert ran.code == 1, ran.err
    assert "solutions/01-clamp/solution.py, line 1: def clamp(x: int, limit: int = 9) -> int:" in ran.out
    assert "10 for 9" in ran.out
    assert "clamp(10) gives 10, and the reference 9" in ran.out
    # Where x is the limit, both ways give the same.
    assert ">= for >" not in ran.out
    assert "1 equal on every input" in ran.out
    drafts = sorted((tmp_path / "drafts" / "01-clamp").glob("*.py"))
    assert len(drafts) == 2
    assert all("TODO" in (ast.get_docstring(ast.parse(draft.read_text())) or "") for draft in drafts)
    again = grade("verify", "--mutants", "--drafts", tmp_path / "drafts", cwd=root)
    assert "written" not in again.out


@pytest.mark.slow
def test_what_is_noted_as_equal_is_set_aside(tmp_path: Path) -> None:
    root = course(tmp_path / "course")
    noted = root / "solutions" / "01-clamp" / "equal-mutants.yaml"
    code = "def clamp(x: int, limit: int = 9) -> int:"
    notes = [f"- {{code: '{code}', change: {change} for 9, because: the limit is always given}}" for change in (8, 10)]
    notes += ["- {code: 'if x > limit:', change: '>= for >', because: both give the limit}"]
    noted.write_text("\n".join(notes), encoding="utf-8")
    ran = grade("verify", "--mutants", "01", cwd=root, env={"COLUMNS": "200"})
    assert ran.code == 0, ran.out
    assert "3 noted as equal, 0 survive" in ran.out
    noted.write_text("- {code: gone, change: 1 for 2, because: x}", encoding="utf-8")
    ran = grade("verify", "--mutants", "01", cwd=root, env={"COLUMNS": "200"})
    assert ran.code == 1
    assert "no inputs.py tells whether it is equal" in ran.out
    assert "there is no such mutant: 1 for 2, in gone" in ran.out
    for unusable in ("- {code: gone}", "- {code: gone, change: 1 for 2, because: }"):
        noted.write_text(unusable, encoding="utf-8")
        ran = grade("verify", "--mutants", "01", cwd=root)
        assert ran.code == 2
        assert "must be a list of code, change and because" in ran.err
