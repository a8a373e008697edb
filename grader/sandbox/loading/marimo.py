"""marimo's notebooks are scripts whose cells are functions: the bodies are the code, in the order of what they need."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from grader.sandbox.loading.cell import bound_names, loaded_names

_CELLS, _DEFINITIONS = {"cell"}, {"function", "class_definition"}


def arranged(statements: Sequence[ast.stmt]) -> list[ast.stmt] | None:
    """The code of a marimo notebook as one script; None for any other file."""
    app = next((name for node in statements if (name := _app_of(node)) is not None), None)
    if app is None:
        return None
    first: list[ast.stmt] = []
    cells: list[list[ast.stmt]] = []
    for node in statements:
        kind = _kind(node, app)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and kind in _CELLS:
            cells.append(_without_return(node.body))
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and kind in _DEFINITIONS:
            node.decorator_list = []
            cells.append([node])
        elif isinstance(node, ast.With) and any(_is_of(item.context_expr, app, "setup") for item in node.items):
            first += node.body
        else:
            first.append(node)
    return [*first, *(node for cell in _in_order(cells) for node in cell)]


def _app_of(node: ast.stmt) -> str | None:
    """The name that ``app = marimo.App(…)`` binds."""
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name):
        maker = node.value.func
        if isinstance(maker, ast.Attribute) and maker.attr == "App" and isinstance(maker.value, ast.Name):
            return node.targets[0].id if maker.value.id in ("marimo", "mo") else None
    return None


def _kind(node: ast.stmt, app: str) -> str:
    for decorator in getattr(node, "decorator_list", ()):
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == app:
            return called.attr
    return ""


def _is_of(node: ast.expr, app: str, attribute: str) -> bool:
    called = node.func if isinstance(node, ast.Call) else node
    if not (isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name)):
        return False
    return (called.value.id, called.attr) == (app, attribute)


def _without_return(body: list[ast.stmt]) -> list[ast.stmt]:
    return body[:-1] if isinstance(body[-1], ast.Return) else body


def _in_order(cells: list[list[ast.stmt]]) -> list[list[ast.stmt]]:
    """Each cell behind those that bind what it reads; in the file's order where there is a choice, or a circle."""
    binds = [set(bound_names(cell)) for cell in cells]
    reads = [loaded_names(cell) - own for cell, own in zip(cells, binds, strict=True)]
    left = list(range(len(cells)))
    ordered: list[int] = []
    while left:
        missing = {name for index in left for name in binds[index]}
        ready = next((index for index in left if not reads[index] & missing), left[0])
        left.remove(ready)
        ordered.append(ready)
    return [cells[index] for index in ordered]
