"""Notebooks of nbgrader: cells say in their metadata what they are; comments mark solutions and hidden tests.

https://nbgrader.readthedocs.io/en/stable/user_guide/creating_and_grading_assignments.html
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from grader.errors import UsageError
from grader.porting.answer_code import add_code, to_do, unwritten
from grader.porting.carry import AS_REFERENCE
from grader.porting.model import Assignment, ByHand, SourceTest
from grader.porting.notebook_cells import (
    SourceCell,
    add_markdown,
    cells_of,
    last_heading,
    only_notebook,
    without_magics,
)

_SOLUTION = re.compile(r"^(?P<indent>[ \t]*)#+ *BEGIN SOLUTION.*?#+ *END SOLUTION[^\n]*$", re.MULTILINE | re.DOTALL)
_MARKER = re.compile(r"^[ \t]*#+ *(BEGIN|END) SOLUTION[^\n]*\n?", re.MULTILINE)
_HIDDEN = re.compile(
    r"^[ \t]*#+ *BEGIN HIDDEN TESTS[^\n]*\n(?P<tests>.*?)^[ \t]*#+ *END HIDDEN TESTS[^\n]*$", re.M | re.S
)
_AUTOTEST = re.compile(r"^[ \t]*#[# ]*(?:HASHED +)?AUTOTEST(?P<asked>[^\n]*)$", re.MULTILINE)
# What nbgrader's extension calls a cell that nobody names.
_NO_NAME = re.compile(r"cell-[0-9a-f]{8,}")
_UNWRITTEN = re.compile(r"^[ \t]*# YOUR CODE HERE[ \t]*\n", re.MULTILINE)


def read(path: Path) -> Assignment:
    """A notebook as its author has it, in ``source/``. Raises UsageError."""
    notebook = only_notebook(path)
    assignment = Assignment(notebook)
    cells = list(cells_of(notebook))
    if not any("nbgrader" in cell.metadata for cell in cells):
        raise UsageError(
            f"{notebook} has no cell of nbgrader's", hint="for a notebook with `# BEGIN QUESTION`: grade import otter"
        )
    for cell in cells:
        _add(assignment, cell, cell.metadata.get("nbgrader", {}))
    return assignment


def _add(assignment: Assignment, cell: SourceCell, said: dict[str, object]) -> None:
    points = float(str(said.get("points") or 0))
    by_hand = said.get("task") or (said.get("grade") and said.get("solution"))
    if by_hand:
        if points:
            id = str(said.get("grade_id", ""))
            name = last_heading([*assignment.statement, cell.source if said.get("task") else ""])
            assignment.by_hand.append(ByHand(name if name and _NO_NAME.match(id) else id, points))
        else:
            assignment.lose(cell.where, cell.source, "is graded by hand, for no points")
    if cell.kind == "markdown":
        if not said.get("solution"):
            add_markdown(assignment, cell)
        return
    if cell.kind != "code":
        return
    source = without_magics(assignment, cell.where, cell.source)
    if said.get("grade") and not said.get("solution"):
        _add_tests(assignment, cell, source, str(said.get("grade_id", "test")), points)
        return
    solution = _MARKER.sub("", source)
    stub = solution
    if said.get("solution"):
        if _UNWRITTEN.search(source):
            assignment.lose(cell.where, source, "holds no solution; the author's notebook, in source/, has it")
        marked = _SOLUTION.search(source)
        stub = _SOLUTION.sub(_unwritten, source) if marked else _emptied(source)
        stub = _UNWRITTEN.sub("", stub)
    add_code(assignment, cell.where, solution, stub)


def _emptied(source: str) -> str:
    """The stub of a cell without markers, which nbgrader replaces as a whole; a stub needs the names."""
    try:
        return unwritten(source)
    except SyntaxError:
        return source


def _unwritten(marked: re.Match[str]) -> str:
    """What stands where a solution does: outside functions, the names that it defines."""
    if not marked["indent"]:
        with contextlib.suppress(SyntaxError):
            return unwritten(_MARKER.sub("", marked[0])) or to_do("")
    return to_do(marked["indent"])


def _add_tests(assignment: Assignment, cell: SourceCell, source: str, name: str, points: float) -> None:
    source = _AUTOTEST.sub(
        lambda found: f"{AS_REFERENCE}({found['asked'].strip().strip(';').replace(';', ',')})", source
    )
    hidden = list(_HIDDEN.finditer(source))
    # Lines keep their numbers: what belongs to the other part becomes empty lines.
    seen = _HIDDEN.sub(lambda found: "\n" * found[0].count("\n"), source)
    parts = [(name, seen, False)] if seen.strip() else []
    for number, found in enumerate(hidden, start=1):
        before = "\n" * source.count("\n", 0, found.start("tests"))
        suffix = f"_{number}" if len(hidden) > 1 else ""
        parts.append((f"{name}_hidden{suffix}", before + found["tests"], True))
    if len(parts) > 1:
        assignment.lose(
            cell.where, name, f"its {points:g} points are all or nothing there; here each part has its share of them"
        )
    if not points:
        assignment.lose(cell.where, name, "gives no points there; here every check has some: 1 each")
    for each, code, is_hidden in parts:
        assignment.tests.append(SourceTest(cell.where, each, "", code, (points or len(parts)) / len(parts), is_hidden))
