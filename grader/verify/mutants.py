"""Mutants of a right answer: each differs from it in one place, as a student's slip might.

Operators, constants, conditions, arguments, keywords and statements are changed, one at a time; a constant may be a
parameter's default. The kinds are those of DeMillo, Lipton and Sayward, "Hints on Test Data Selection" (1978), as far
as they change what a function gives: texts and annotations are left alone.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import NamedTuple

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_SIGNS: dict[type[ast.AST], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in",
    ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not", ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
    ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**", ast.BitAnd: "&", ast.BitOr: "|", ast.And: "and", ast.Or: "or",
}  # fmt: skip
_MOST_SHOWN = 60
_LEFT_OUT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Pass)


class Mutant(NamedTuple):
    """One change of a source."""

    line: int
    code: str
    """The line as it is."""
    change: str
    """What is changed, in words."""
    source: str


class _Change(NamedTuple):
    words: str
    make: Callable[[ast.AST], None]
    """Changes the node in place; it is a copy's."""
    line: int = 0
    """Where it is not the node's own."""


def mutants(source: str) -> list[Mutant]:
    """All mutants of a Python source, in the order of their lines. Raises SyntaxError."""
    tree = ast.parse(source)
    lines = source.splitlines()
    found: list[Mutant] = []
    seen = {ast.unparse(tree)}
    annotations = _annotations(tree)
    for place, node in enumerate(ast.walk(tree)):
        for change in _changes(node) if id(node) not in annotations else ():
            other = copy.deepcopy(tree)
            change.make(_at(other, place))
            text = ast.unparse(ast.fix_missing_locations(other))
            if text in seen:
                continue
            seen.add(text)
            line = change.line or getattr(node, "lineno", 1)
            found.append(Mutant(line, lines[line - 1].strip(), change.words, text + "\n"))
    return sorted(found, key=lambda mutant: mutant.line)


def _annotations(tree: ast.AST) -> set[int]:
    """What stands in annotations."""
    notes = [getattr(node, name, None) for node in ast.walk(tree) for name in ("annotation", "returns")]
    return {id(node) for note in notes if isinstance(note, ast.AST) for node in ast.walk(note)}


def _at(tree: ast.AST, place: int) -> ast.AST:
    """The same node of a copy: `ast.walk` goes the same way in both."""
    for index, node in enumerate(ast.walk(tree)):
        if index == place:
            return node
    raise IndexError(place)


def _changes(node: ast.AST) -> Iterator[_Change]:
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in _COMPUTED:
            other = _COMPUTED[type(op)]
            yield _Change(f"{_SIGNS[other]} for {_SIGNS[type(op)]}", lambda node: _set(node, op=other()))
        case ast.BoolOp(op=op):
            turned: ast.boolop = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield _Change(f"{_SIGNS[type(turned)]} for {_SIGNS[type(op)]}", lambda node: _set(node, op=turned))
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand) if not isinstance(operand, ast.Constant):
            sign = "not" if isinstance(node.op, ast.Not) else "-"
            yield _Change(f"without the {sign}", _applied_twice)
        case ast.Constant(value=bool() | int() | float()):
            yield from _constants(node)
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            yield _Change(f"not {_short(test)}", _turn_round)
        case ast.Call():
            yield from _arguments(node)
    for name in ("body", "orelse"):
        statements = getattr(node, name, None)
        if isinstance(statements, list):
            yield from _statements(statements, name)


def _applied_twice(node: ast.AST) -> None:
    """Take back what an operator does: `not not x`, `--x`."""
    assert isinstance(node, ast.UnaryOp)
    node.operand = ast.UnaryOp(node.op, node.operand)


def _comparisons(node: ast.Compare) -> Iterator[_Change]:
    for index, op in enumerate(node.ops):
        other = _COMPARED[type(op)]

        def make(node: ast.AST, index: int = index, other: type[ast.cmpop] = other) -> None:
            assert isinstance(node, ast.Compare)
            node.ops[index] = other()

        yield _Change(f"{_SIGNS[other]} for {_SIGNS[type(op)]}", make)


def _constants(node: ast.Constant) -> Iterator[_Change]:
    value = node.value
    others: list[object]
    if isinstance(value, bool):
        others = [not value]
    elif isinstance(value, int):
        others = [value + 1] if value < 1 else [value + 1, value - 1]
    else:
        assert isinstance(value, float)
        others = [value * 2 if value else 1.0]
    for other in others:
        yield _Change(f"{other!r} for {value!r}", lambda node, other=other: _set(node, value=other))  # type: ignore[misc]


def _arguments(node: ast.Call) -> Iterator[_Change]:
    for index, keyword in enumerate(node.keywords):
        if keyword.arg is not None:
            yield _Change(f"without {keyword.arg}=", lambda node, index=index: _drop(node, "keywords", index))  # type: ignore[misc]
    plain = [argument for argument in node.args if not isinstance(argument, ast.Starred)]
    if len(plain) == len(node.args) >= 2:
        yield _Change(f"the first two arguments of {_short(node.func)} exchanged", _exchange)
    if len(plain) == len(node.args) >= 2:
        yield _Change(f"without the last argument of {_short(node.func)}", lambda node: _drop(node, "args", -1))


def _statements(statements: list[ast.stmt], name: str) -> Iterator[_Change]:
    for index, statement in enumerate(statements):
        described = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if isinstance(statement, _LEFT_OUT) or described:
            continue
        if isinstance(statement, (ast.Assign, ast.AugAssign, ast.Expr, ast.Raise, ast.If)):
            yield _Change(
                f"without “{_short(statement)}”",
                lambda node, index=index: _pass(node, name, index),  # type: ignore[misc]
                statement.lineno,
            )


def _turn_round(node: ast.AST) -> None:
    assert isinstance(node, (ast.If, ast.While, ast.IfExp))
    node.test = ast.UnaryOp(ast.Not(), node.test)


def _set(node: ast.AST, **fields: object) -> None:
    for name, value in fields.items():
        setattr(node, name, value)


def _pass(node: ast.AST, name: str, index: int) -> None:
    getattr(node, name)[index] = ast.Pass()


def _drop(node: ast.AST, name: str, index: int) -> None:
    del getattr(node, name)[index]


def _exchange(node: ast.AST) -> None:
    assert isinstance(node, ast.Call)
    node.args[0], node.args[1] = node.args[1], node.args[0]


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"
