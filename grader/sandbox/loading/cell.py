"""One stretch of a student's code as Python: a notebook's cell, or a whole script.

IPython's own transformer takes out what IPython adds to Python. The body of a cell magic that is Python, as below
`%%time`, takes the magic's place; another language's stays a call of the shell, which does nothing.
"""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

CAUGHT = "__caught__"
"""The builtin that the exceptions of an `except` go through: see `absent.caught`."""
MATCHED = "__matched__"
"""The builtin that the classes of a `case` go through: see `absent.matched`."""
_MAX_SHOWN = 80
DEFINITION = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w{1,200})", re.MULTILINE)
# Cells in other languages, and cells that become files. The body of any other cell magic is run where it is Python.
_OTHER_LANGUAGES = {"!", "HTML", "R", "SVG", "bash", "bigquery", "cmd", "html", "javascript", "js", "julia", "latex",
                    "markdown", "perl", "pypy", "python2", "ruby", "script", "sh", "sql", "svg", "sx",
                    "system"}  # fmt: skip
_FILES = {"writefile", "file"}
# Not run, and not worth a word: they show, measure or configure.
_SILENT_CELLS = {"html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG"} | _FILES
# Line magics that measure the statement behind them.
_MEASURING = {"memit", "prun", "time", "timeit"}
_TOLD_LINES = {"pip", "conda", "mamba", "uv", "run", "load", "loadpy", "sx", "system", "store", "rerun", "macro"}
_INSTALLS = re.compile(r"^(?=(?:pip3?|conda|mamba)[ \t]+(?:install|uninstall)[ \t])", re.MULTILINE)
"""The beginning of a line that IPython takes for a magic although it has no `%`."""
_CASE = re.compile(r"^[ \t]*case\b.*\(", re.MULTILINE)
_OPTIONS = re.compile(r"^(?:-[a-zA-Z]+(?:[ \t]+[\d.]+)?[ \t]+)*")


@dataclass(frozen=True)
class Magic:
    """A shell command, or something else that is not Python and is not run."""

    label: str
    line: int
    text: str


@dataclass(frozen=True)
class Cell:
    """One stretch of code."""

    label: str
    """What tracebacks call it: ``cell 3``, ``In [7]``, or a script's file name."""
    source: str
    """As the student wrote it; what tracebacks quote."""
    statements: tuple[ast.stmt, ...]
    """Parsed, numbered by the lines of `source`; none where the cell is no Python."""
    binds: dict[str, int]
    """Name -> line of its last definition at the cell's top level."""
    error: SyntaxError | None = None
    magics: tuple[Magic, ...] = ()
    script: bool = False
    """Whether it is a whole file, whose lines need no label."""

    def place(self, line: int) -> str:
        """A line of it, as students say it."""
        return f"line {line}" if self.script else f"{self.label}, line {line}"


def parse_cell(label: str, source: str) -> Cell:
    """A notebook's cell. One that is no Python has an `error` and what it seems to bind."""
    try:
        return parse(label, source)
    except Exception as error:
        failed = error if isinstance(error, SyntaxError) else SyntaxError(f"{type(error).__name__}: {error}")
        return Cell(label, source, (), defined_in(source), failed)


def parse(label: str, source: str) -> Cell:
    """Parse a stretch of code. Raises SyntaxError, and whatever the parser raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            python = source
            tree = ast.parse(python, filename=label)
        except SyntaxError:
            python = python_of(source)
            tree = ast.parse(python, filename=label)
    magics: tuple[Magic, ...] = ()
    if "get_ipython" in python:  # Looking through a whole tree takes longer than all the rest.
        tree = _Inlined(source).visit(tree)
        lines = source.split("\n")
        magics = tuple(Magic(label, line, lines[line - 1].strip()[:_MAX_SHOWN]) for line in _magic_lines(tree))
    if "except" in python:
        _catch_only_exceptions(tree)
    if _CASE.search(python):
        tree = _MatchesOnlyClasses().visit(tree)
    return Cell(label, source, tuple(tree.body), bound_names(tree.body), None, magics)


def as_script(cell: Cell) -> Cell:
    """The cell as a file of its own."""
    return replace(cell, script=True)


def _catch_only_exceptions(tree: ast.Module) -> None:
    """Let `except library.Error` catch nothing where the library is not installed; Python would raise TypeError."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is not None and not _is_pythons(node.type):
            caught = ast.Call(ast.Name(CAUGHT, ast.Load()), [node.type], [])
            node.type = ast.fix_missing_locations(ast.copy_location(caught, node.type))


class _MatchesOnlyClasses(ast.NodeTransformer):
    """Lets `case library.Thing():` match nothing where the library is not installed; Python would raise TypeError.

    A pattern can only name its classes, not call something for them. So a case is put before it that never holds, and
    whose condition binds the names.
    """

    def visit_Match(self, node: ast.Match) -> ast.Match:
        self.generic_visit(node)
        cases = []
        for case in node.cases:
            bound: list[ast.expr] = []
            for part in ast.walk(case.pattern):
                if isinstance(part, ast.MatchClass) and not _is_pythons(part.cls):
                    name = f"__kind_{part.lineno}_{part.col_offset}__"
                    kind = ast.Call(ast.Name(MATCHED, ast.Load()), [part.cls], [])
                    bound.append(ast.NamedExpr(ast.Name(name, ast.Store()), kind))
                    part.cls = ast.copy_location(ast.Name(name, ast.Load()), part.cls)
            if bound:
                never = ast.UnaryOp(ast.Not(), ast.Tuple(bound, ast.Load()))
                before = ast.match_case(ast.MatchAs(), never, [ast.Pass()])
                cases.append(_all_at(case.pattern, before))
            cases.append(case)
        node.cases = cases
        return node


def _all_at(place: ast.pattern, case: ast.match_case) -> ast.match_case:
    """The case, with the pattern's place for each part that has none of its own."""
    for part in ast.walk(case):
        if "lineno" in part._attributes and not hasattr(part, "lineno"):
            ast.copy_location(part, place)
    return case


def _is_pythons(expression: ast.expr) -> bool:
    """Whether it names nothing but Python's own."""
    parts = expression.elts if isinstance(expression, ast.Tuple) else [expression]
    return all(isinstance(part, ast.Name) and hasattr(builtins, part.id) for part in parts)


# -- what IPython adds ---------------------------------------------------------------------------


def python_of(source: str) -> str:
    """Python for a cell, line by line where the cell has it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(source)
            return source
        except SyntaxError:
            pass
        from IPython.core.inputtransformer2 import TransformerManager
    source = _INSTALLS.sub("%", source)
    blank = 0
    lines = source.split("\n")
    while blank < len(lines) - 1 and not lines[blank].strip():
        blank += 1
    # The transformer drops blank lines at the top and joins a magic's continued lines: both are put back.
    transformer = TransformerManager()  # type: ignore[no-untyped-call]
    transformed = transformer.transform_cell("\n".join(lines[blank:])).split("\n")
    return "\n" * blank + "\n".join(_realigned(lines[blank:], transformed))


def _realigned(before: list[str], after: list[str]) -> Iterator[str]:
    at = 0
    for line in after:
        yield line
        changed = at < len(before) and line != before[at]
        while changed and at < len(before) - 1 and before[at].endswith("\\"):
            yield ""
            at += 1
        at += 1


class _Inlined(ast.NodeTransformer):
    """Puts what a magic measures in the magic's place, where it is Python."""

    def __init__(self, source: str) -> None:
        self._lines = source.split("\n")

    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:
        kind, words = _shell_call(node.value)
        if kind == "run_cell_magic" and len(words) == 3 and words[0] not in _OTHER_LANGUAGES | _FILES:
            # In a notebook the body follows its magic's line; exported by nbconvert it is a text on that very line.
            below = 0 < node.lineno <= len(self._lines) and self._lines[node.lineno - 1].lstrip().startswith("%%")
            return self._python(words[2], node, below) or node
        if kind == "run_line_magic" and len(words) == 2 and words[0] in _MEASURING:
            return self._python(_OPTIONS.sub("", words[1]), node, below=False) or node
        return node

    def _python(self, body: str, node: ast.stmt, below: bool) -> list[ast.stmt]:
        try:
            inner = ast.parse(python_of(body))
        except (SyntaxError, ValueError):
            return []
        if below:
            ast.increment_lineno(inner, node.lineno)
        else:
            for part in ast.walk(inner):
                if hasattr(part, "lineno"):
                    ast.copy_location(part, node)
        inner = self.visit(inner) if below else _Inlined("").visit(inner)
        return list(inner.body)


def _shell_call(node: ast.AST) -> tuple[str, list[str]]:
    """What is asked of `get_ipython()`, and the texts that it is given."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        shell = node.func.value
        if isinstance(shell, ast.Call) and isinstance(shell.func, ast.Name) and shell.func.id == "get_ipython":
            texts = [part.value for part in node.args if isinstance(part, ast.Constant)]
            return node.func.attr, [text for text in texts if isinstance(text, str)]
    return "", []


def _magic_lines(tree: ast.Module) -> list[int]:
    """Lines of what was not run and might be missed: shell commands, installations, other languages' cells."""
    found = []
    for node in ast.walk(tree):
        kind, words = _shell_call(node)
        first = words[0] if words else ""
        if (
            kind in ("system", "getoutput")
            or (kind == "run_line_magic" and first in _TOLD_LINES)
            or (kind == "run_cell_magic" and first not in _SILENT_CELLS)
        ):
            found.append(node.lineno)  # type: ignore[attr-defined]
    return sorted(found)


# -- names ---------------------------------------------------------------------------------------


def bound_names(statements: Iterable[ast.stmt]) -> dict[str, int]:
    """Names that statements bind in their own scope, with the line of the last binding."""
    found: dict[str, int] = {}
    pending: list[ast.AST] = list(reversed(list(statements)))
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found[node.name] = node.lineno
            continue
        if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                found[alias.asname or alias.name.split(".")[0]] = node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] = node.lineno
        pending += reversed(list(ast.iter_child_nodes(node)))
    return found


def defined_in(source: str) -> dict[str, int]:
    """Functions and classes that a text seems to define, with their lines, be it Python or not."""
    return {match[1]: source.count("\n", 0, match.start()) + 1 for match in DEFINITION.finditer(source)}


def loaded_names(nodes: Iterable[ast.AST]) -> set[str]:
    """Names that are read anywhere inside, whatever their scope."""
    return {
        part.id
        for node in nodes
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
    }
