"""Which names of a statement are its own, and which it takes from around it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_Scope = _Function | ast.ClassDef | _Comprehension


def made_by(node: ast.AST) -> set[str]:
    """Names that a statement gives a value to; not those that exist only within a function, a class or a loop in
    brackets."""
    made: set[str] = set()
    for each in _own(node):
        if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load):
            made.add(each.id)
        elif isinstance(each, (ast.Import, ast.ImportFrom)):
            made |= {(alias.asname or alias.name).split(".")[0] for alias in each.names}
        elif isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler)):
            made.add(each.name or "")
    return made - {""}


def names_from_around(node: ast.AST, inner: frozenset[str] = frozenset()) -> Iterator[ast.Name]:
    """The names in a statement, but for what stands for a function's argument or for another name of its own inside.

    `inner` are names that stand for something of their own already.
    """
    if isinstance(node, ast.Name):
        if node.id not in inner:
            yield node
        return
    within: Sequence[ast.AST] = ()
    bound: set[str] = set()
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        within = node.body if isinstance(node.body, list) else [node.body]
        bound = {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
    elif isinstance(node, ast.ClassDef):
        within = node.body
    elif isinstance(node, _Comprehension):
        within = list(ast.iter_child_nodes(node))
        bound = {name for each in node.generators for name in made_by(each.target)}
    for each in within:
        bound |= made_by(each)
    for child in ast.iter_child_nodes(node):
        yield from names_from_around(child, inner | bound if child in within else inner)


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a statement that are in its own scope."""
    yield node
    if not isinstance(node, _Scope):
        for child in ast.iter_child_nodes(node):
            yield from _own(child)
