"""The student's file: what of the source's code belongs into it, and what a student starts from."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.porting.model import Assignment, CodePart
from grader.porting.scopes import made_by

TODO = "# TODO: write this"
RAISE = "raise NotImplementedError"
_KEPT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
_COMPOUND = (ast.If, ast.For, ast.While, ast.With, ast.Try)
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def to_do(indent: str) -> str:
    """The two lines that stand where a student writes."""
    return f"{indent}{TODO}\n{indent}{RAISE}"


def add_code(assignment: Assignment, where: str, solution: str, stub: str) -> None:
    """Code for the student's file: definitions, imports and names. What only runs is left out, and told."""
    try:
        kept = "".join(_statements(solution, assignment, where))
        given = "".join(_statements(stub)) if stub != solution else kept
    except SyntaxError as error:
        assignment.lose(f"{where}, line {error.lineno}", str(error.text or ""), f"is no Python: {error.msg}")
        return
    if kept.strip():
        assignment.pieces.append(CodePart(where, kept, given))


def _statements(source: str, assignment: Assignment | None = None, where: str = "") -> Iterator[str]:
    for node in ast.parse(source).body:
        text = segment(source, node)
        if isinstance(node, _KEPT) or _sets_a_seed(node) or (isinstance(node, _COMPOUND) and made_by(node)):
            yield f"{text}\n{chr(10) * 2 if isinstance(node, Definition) else ''}"
        elif assignment is not None and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            place = f"{where}, line {node.lineno}"
            assignment.lose(place, text, "runs as soon as the file is loaded, and defines nothing: left out")


def _sets_a_seed(node: ast.stmt) -> bool:
    """Whether it is a call such as ``np.random.seed(1)``, on which what comes after it depends."""
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in ("seed", "manual_seed")


def segment(source: str, node: ast.stmt) -> str:
    """The lines of a statement, with its decorators and the comments that stand right above it."""
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
    lines = source.splitlines()
    while first > 1 and lines[first - 2].lstrip().startswith("#"):
        first -= 1
    return "\n".join(lines[first - 1 : node.end_lineno])


def emptied(source: str) -> str:
    """Code in which each function has lost its body, but for its docstring; methods as well."""
    lines = source.splitlines()
    for node in sorted(_functions(ast.parse(source)), key=lambda node: -node.lineno):
        first, *_ = body = node.body
        documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
        begin = (first.end_lineno or first.lineno) if documented else first.lineno - 1
        lines[begin : body[-1].end_lineno] = to_do(" " * first.col_offset).splitlines()
    return "\n".join(lines)


def unwritten(source: str) -> str:
    """A solution as a student begins it: functions without their bodies, names without values, imports.

    Raises SyntaxError where it is no Python by itself.
    """
    parts = []
    for node in ast.parse(source).body:
        if isinstance(node, Definition):
            parts.append(emptied(segment(source, node)))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            parts.append(segment(source, node))
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]
            parts += [f"{name} = ...  # TODO" for name in names]
    return "\n".join(parts)


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions and methods, without functions in functions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node)


def defined(pieces: list[CodePart]) -> tuple[set[str], dict[str, str], dict[str, str]]:
    """What the student's file defines, by its stub and its solution: functions and classes, variables, imports.

    A variable comes with its statement where that is a constant which the source gives to students, else with "". An
    imported name comes with its statement.
    """
    functions: set[str] = set()
    variables: dict[str, str] = {}
    imports: dict[str, str] = {}
    for piece in pieces:
        for node in ast.parse(piece.solution).body:
            if isinstance(node, Definition):
                functions.add(node.name)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                for alias in node.names:
                    imports[alias.asname or alias.name.split(".")[0]] = ast.unparse(node)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                given = piece.solution == piece.stub and _is_constant(node.value)
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for name in (name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)):
                    variables[name.id] = ast.unparse(node) if given else ""
            elif isinstance(node, _COMPOUND):
                variables |= dict.fromkeys(made_by(node), "")
    return functions, variables, imports


def _is_constant(value: ast.expr | None) -> bool:
    try:
        ast.literal_eval(value or "")
    except (ValueError, TypeError, SyntaxError):
        return False
    return value is not None
