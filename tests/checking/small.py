"""Courses of one problem, with checks of a line or two."""

from __future__ import annotations

import textwrap
from pathlib import Path

from grader.model import Problem
from grader.problem import find_course

_HEAD = """
import pytest
import torch
from grader.checking import assert_close, assert_each_close, assert_equal, call, each, fetch, kept
"""


def small_problem(
    root: Path,
    checks: dict[str, str],
    solution: str,
    *,
    settings: str = "",
    visible: bool = True,
    head: str = "",
    points: int | None = None,
) -> Problem:
    """A problem below `root` with the body of each check by its name; the solution is its own stub."""
    folder, answers = root / "problems" / "01-small", root / "solutions" / "01-small"
    for made in (folder / "checks", answers / "misconceptions"):
        made.mkdir(parents=True, exist_ok=True)
    (folder / "problem.yaml").write_text(
        f"title: Small\nsummary: A few checks.\npoints: {points or len(checks)}\n{settings}"
    )
    for place in (folder / "stub.py", answers / "solution.py"):
        place.write_text(solution)
    mark = "@pytest.mark.public\n" if visible else ""
    texts = [f"{_HEAD}\n{head}"]
    for name, body in checks.items():
        opening = f'{mark}def test_{name}(submission, reference, library):\n    """{name}."""\n'
        texts.append(opening + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n")
    (folder / "checks" / "test_small.py").write_text("\n\n".join(texts))
    return find_course(root, "01").load("01-small")
