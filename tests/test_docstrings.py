"""What docstrings and comments name: modules, and what is in them, as they are today."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_layers import MODULES

PACKAGES = [path for path in (ROOT / "grader").rglob("__init__.py") if path.parent != ROOT / "grader"]
# Between single backticks: double ones stand around what is no name of ours.
_DOTTED = re.compile(r"(?<!`)`([a-z_]\w*(?:\.\w+)+)`(?!`)")


@cache
def names(path: Path) -> set[str]:
    """What a module binds at its top level, and the members of its classes as ``Class.member``."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            members = {name for inner in node.body for name in bound(inner)}
            found |= {f"{node.name}.{name}" for name in members}
        found |= bound(node)
    return found


def bound(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name for alias in node.names}
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}


def is_there(folder: Path, parts: list[str]) -> bool | None:
    """Whether `parts` lead from a folder to a module, and to what it holds; None where they begin elsewhere."""
    first, *rest = parts
    if (folder / f"{first}.py").is_file():
        return not rest or ".".join(rest[:2]) in names(folder / f"{first}.py")
    if (folder / first / "__init__.py").is_file():
        return not rest or bool(is_there(folder / first, rest)) or rest[0] in names(folder / first / "__init__.py")
    return None


@pytest.mark.parametrize("path", [*MODULES, *PACKAGES], ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_module_speaks_of_is_there(path: Path) -> None:
    for name in _DOTTED.findall(path.read_text(encoding="utf-8")):
        whole = name.removesuffix(".py")
        places = [ROOT] if whole.startswith("grader.") else [path.parent, path.parent.parent, ROOT / "grader"]
        said = [answer for place in places if (answer := is_there(place, whole.split("."))) is not None]
        assert not said or any(said), name


@pytest.mark.parametrize("path", PACKAGES, ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_a_package_lists_only_modules_that_it_has(path: Path) -> None:
    """As lines of a name and what it is about, in a list of several; drawings of processes are indented."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    listed = re.findall(r"^(?: {4})?(\w+)\.py\b|^(\w+) {2,}\S", text, re.MULTILINE)
    for name in (one or other for one, other in listed):
        assert (path.parent / f"{name}.py").exists() or (path.parent / name).is_dir(), name
