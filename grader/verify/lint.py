"""Reading check files for what nobody can mean: checks that pass unrun, comparisons of a thing with itself, typos.

Nothing is run here; each finding is one sentence that begins with file and line.
"""

from __future__ import annotations

import ast
import builtins
import dis
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import TypeGuard

_COMPARISONS = {"assert_equal", "assert_close", "assert_each_equal", "assert_each_close"}
_SKIPS = {"skip", "skipif", "xfail", "importorskip"}
# What Python itself puts into every module.
_GIVEN = {*dir(builtins), "__file__", "__name__", "__doc__", "__package__", "__spec__", "__loader__", "__builtins__"}


def findings(folder: Path) -> list[str]:
    """What is wrong with the check files of a problem's `checks` folder."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        try:
            source = path.read_bytes()
            tree = ast.parse(source, str(path))
            code = compile(source, str(path), "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue  # Collecting the checks says so, and where.
        told = {*_undefined(code, tree), *_checks(tree)}
        found += [f"checks/{path.relative_to(folder)}, line {line}: {words}" for line, words in sorted(told)]
    return found


def _undefined(code: CodeType, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Names that a function uses and nobody defines: it fails only where that line is reached."""
    if any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(tree)):
        return
    every = list(_codes(code))
    defined = _GIVEN | {
        instruction.argval
        for each in every
        for instruction in dis.get_instructions(each)
        if instruction.opname == "STORE_GLOBAL" or (each is code and instruction.opname == "STORE_NAME")
    }
    for each in every:
        for instruction in dis.get_instructions(each):
            if instruction.opname != "LOAD_GLOBAL" or instruction.argval in defined:
                continue
            line = instruction.positions.lineno if instruction.positions else None
            yield line or each.co_firstlineno, f"no `{instruction.argval}` is defined"


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _checks(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any("TestCase" in ast.unparse(base) for base in node.bases):
            yield node.lineno, f"`{node.name}` is a unittest class, which is not run; write functions"
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
            yield from _check(node)


def _check(check: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[int, str]]:
    if isinstance(check, ast.AsyncFunctionDef):
        yield check.lineno, f"`{check.name}` is an async function, which passes unrun; write def"
    yield from _copies_compared(check)
    for node in _own_nodes(check):
        line = getattr(node, "lineno", check.lineno)
        if isinstance(node, ast.Return) and node.value is not None:
            yield line, f"`{check.name}` returns a value, which nobody looks at; assert it"
        elif isinstance(node, (ast.Yield, ast.YieldFrom)):
            yield line, f"`{check.name}` yields, and passes unrun"
        elif isinstance(node, ast.Attribute) and node.attr in _SKIPS and "pytest" in ast.unparse(node.value):
            yield line, f"`{check.name}` may be skipped, which costs its points; take it out, or let it run"
        elif _compares_with_itself(node):
            yield line, f"`{check.name}` compares `{_first(node)}` with itself"


def _copies_compared(check: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[int, str]]:
    """Arguments that went to the room as copies, and are compared afterwards with what they were."""
    nodes = list(_own_nodes(check))
    placed, sent = set(), set()
    for node in nodes:
        if isinstance(node, ast.Assign) and _asks(node.value):
            placed |= {name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)}
        if isinstance(node, ast.Call) and _asks(node) and ast.unparse(node.func).startswith("submission."):
            sent |= {each.id for each in (*node.args, *(word.value for word in node.keywords)) if _is_name(each)}
    for node in (each for each in nodes if isinstance(each, ast.Call)):
        sides = _sides(node)
        if len(sides) != 2 or not _is_name(sides[0]) or sides[0].id not in sent - placed:
            continue
        # What is compared with an answer, in whatever order, is no question about the argument.
        if not any(isinstance(part, ast.Name) and part.id in placed | {"submission"} for part in ast.walk(sides[1])):
            yield (
                node.lineno,
                (f"`{sides[0].id}` went to the room as a copy, which no function can change; use assert_unchanged"),
            )


def _asks(node: ast.expr) -> bool:
    """Whether it asks the submission or the room's library."""
    return any(isinstance(part, ast.Name) and part.id in ("submission", "library") for part in ast.walk(node))


def _is_name(node: ast.expr) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name)


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, without those of functions and classes in it."""
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            yield child
            yield from _own_nodes(child)


def _sides(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assert) and isinstance(node.test, ast.Compare) and len(node.test.ops) == 1:
        return [node.test.left, *node.test.comparators] if isinstance(node.test.ops[0], (ast.Eq, ast.Is)) else []
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in _COMPARISONS:
        return node.args[:2]
    return []


def _compares_with_itself(node: ast.AST) -> bool:
    sides = _sides(node)
    return len(sides) == 2 and ast.dump(sides[0]) == ast.dump(sides[1])


def _first(node: ast.AST) -> str:
    return ast.unparse(_sides(node)[0])[:80]
