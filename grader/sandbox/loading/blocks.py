"""Statements inside statements: the blocks of `if`, `try`, `with` and loops outside functions."""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Iterator, Sequence

from grader.sandbox.loading.cell import bound_names

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
IMPORTS = (ast.Import, ast.ImportFrom)


def defining(names: Collection[str], statements: Sequence[ast.stmt]) -> Iterator[tuple[ast.stmt, list[ast.stmt]]]:
    """Each block, at whatever depth, that itself binds one of `names`, behind the statement that it is part of."""
    for statement in statements:
        if isinstance(statement, DEFINITIONS):
            continue
        for block in _blocks(statement):
            plain = [part for part in block if isinstance(part, DEFINITIONS) or not any(_blocks(part))]
            if bound_names(plain).keys() & set(names):
                yield statement, block
            yield from defining(names, block)


def definitions_in(statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    """What a block defines and imports."""
    return [part for part in statements if isinstance(part, (*DEFINITIONS, *IMPORTS))]


def awaits(node: ast.expr) -> bool:
    """Whether an expression can only be evaluated by an event loop."""
    return any(
        isinstance(part, ast.Await) or (isinstance(part, ast.comprehension) and part.is_async)
        for part in ast.walk(node)
    )


def undecorated(definition: ast.stmt) -> tuple[ast.stmt, str]:
    """A function or class without its decorators, and what is said of it."""
    assert isinstance(definition, DEFINITIONS)
    bare = copy.copy(definition)
    bare.decorator_list = []
    name = ast.unparse(definition.decorator_list[0])
    return bare, f"{definition.name} counts without its decorator `@{name}`"


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(statement, name, None)
        if isinstance(block, list) and block:
            yield block
    for part in [*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]:
        yield part.body
