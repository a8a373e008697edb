"""A folder with a module and pytest files that import from it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from grader.errors import UsageError
from grader.porting.answer_code import add_code, defined, emptied, segment
from grader.porting.model import Assignment, SourceTest

_HIDDEN = ("hidden", "private", "secret")


def read(path: Path) -> Assignment:
    """A folder that holds the solution as one module, and ``test_*.py`` here or below. Raises UsageError."""
    if not path.is_dir():
        what = "is no folder" if path.exists() else "is not there"
        raise UsageError(f"{path} {what}", hint="name the folder that holds the solution and its test_*.py")
    files = [each for each in sorted(path.rglob("*.py")) if not each.name.startswith("__")]
    tests = [each for each in files if each.name.startswith("test_") or each.stem.endswith("_test")]
    if not tests:
        raise UsageError(f"{path} holds no test_*.py", hint="name the folder that holds the solution and its tests")
    module = _tested(path, [each for each in files if each not in tests], tests)
    assignment = Assignment(module)
    source = module.read_text(encoding="utf-8")
    try:
        documented = ast.get_docstring(ast.parse(source)) or ""
        add_code(assignment, module.name, source, emptied(source))
    except SyntaxError as error:
        raise UsageError(f"{module}, line {error.lineno}: {error.msg}") from None
    assignment.title = documented.split("\n")[0].rstrip(".")
    for readme in sorted(path.glob("*.md"))[:1]:
        assignment.statement.append(readme.read_text(encoding="utf-8").strip())
    if not assignment.statement and documented:
        assignment.statement.append(documented)
    for each in files:
        if each not in tests and each != module:
            assignment.lose(each.name, each.name, "is another module than the one that is tested")
    for each in tests:
        _add_tests(assignment, each, str(each.relative_to(path)), module.stem)
    return assignment


def _tested(path: Path, modules: list[Path], tests: list[Path]) -> Path:
    """The module that the tests import."""
    imported = {
        name
        for test in tests
        for node in ast.walk(_parsed(test))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    found = [each for each in modules if each.stem in {name.rpartition(".")[2] for name in imported}]
    if len(found) != 1:
        some = ", ".join(each.name for each in found or modules) or "no module"
        raise UsageError(
            f"the tests in {path} have to import from one module beside them; there is {some}",
            hint="a problem is one file that students write; take the tests of one module at a time",
        )
    return found[0]


def _parsed(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_bytes(), filename=str(path))
    except SyntaxError as error:
        raise UsageError(f"{path}, line {error.lineno}: {error.msg}") from None


def _add_tests(assignment: Assignment, path: Path, name: str, module: str) -> None:
    source, tree = path.read_text(encoding="utf-8"), _parsed(path)
    students = {module, *defined(assignment.pieces)[0]}
    for node in tree.body:
        where = f"{name}, line {node.lineno}"
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            assignment.tests.append(
                _test(source, node, name, module, hidden=_says_hidden(name) or _says_hidden(node.name))
            )
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            assignment.lose(where, f"class {node.name}", "is a class of tests; write its methods as functions")
        elif isinstance(node, (ast.Import, ast.ImportFrom)) and module in _modules_of(node):
            continue
        elif asked := {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} & students:
            reason = f"is shared by tests and uses {min(asked)}, which only a check can ask; let the tests call it"
            assignment.lose(where, segment(source, node), reason)
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            assignment.shared.append(segment(source, node))


def _modules_of(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    return {name.rpartition(".")[2] for name in names}


def _says_hidden(name: str) -> bool:
    return any(word in name.lower() for word in _HIDDEN)


def _test(source: str, node: ast.FunctionDef, name: str, module: str, *, hidden: bool) -> SourceTest:
    lines = source.splitlines()
    title = (ast.get_docstring(node) or "").split("\n")[0]
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    first = body[0].lineno if body else node.lineno
    text = "\n".join(line[node.body[0].col_offset :] for line in lines[first - 1 : node.end_lineno]) if body else ""
    return SourceTest(
        name,
        node.name.removeprefix("test").strip("_") or node.name,
        title,
        _plain_names(text, module),
        1.0,
        hidden,
        first_line=first,
        marks=tuple(ast.unparse(each) for each in node.decorator_list),
        parameters=tuple(each.arg for each in node.args.args),
    )


def _plain_names(code: str, module: str) -> str:
    """`module.f` as `f`, which is how all other formats say it."""
    edits = []
    for node in _walk(code):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == module:
            edits.append((node.value.lineno, node.value.col_offset, len(f"{module}.".encode())))
    lines = [line.encode() for line in code.splitlines()]
    for line, column, length in sorted(edits, reverse=True):
        lines[line - 1] = lines[line - 1][:column] + lines[line - 1][column + length :]
    return b"\n".join(lines).decode()


def _walk(code: str) -> Iterator[ast.AST]:
    try:
        yield from ast.walk(ast.parse(code))
    except SyntaxError:
        return
