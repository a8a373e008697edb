"""The public part of a file of checks, cut out of its source.

Public checks stay, with those of the other top-level statements that they reach by name, fixtures included. A helper or
a constant of hidden checks would give their inputs away, and so would a comment between two statements: neither is
copied. Every statement that stays is copied as it was written.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from grader.errors import ProblemFileError

_IMPORTS = (ast.Import, ast.ImportFrom)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_OF_PYTEST = frozenset({"pytestmark", "pytest_plugins"})


@dataclass(frozen=True)
class CheckStatement:
    """One top-level statement: its text, the names that it binds, and those of the module that it uses."""

    node: ast.stmt
    text: str
    binds: frozenset[str]
    uses: frozenset[str]

    @cached_property
    def fixture(self) -> str | None:
        """The name of the fixture that it defines, if it does."""
        if not isinstance(self.node, _DEFINITIONS):
            return None
        for decorator in self.node.decorator_list:
            if _last_name(decorator) == "fixture":
                given = [word.value for word in _keywords(decorator) if word.arg == "name"]
                return str(given[0].value) if given and isinstance(given[0], ast.Constant) else self.node.name
        return None

    @property
    def for_all(self) -> bool:
        """Whether pytest uses it without being asked: marks of the module, hooks, fixtures for every check."""
        decorators = self.node.decorator_list if isinstance(self.node, _DEFINITIONS) else []
        automatic = any(word.arg == "autouse" for decorator in decorators for word in _keywords(decorator))
        hook = isinstance(self.node, _DEFINITIONS) and self.node.name.startswith("pytest_")
        return automatic or hook or bool(self.binds & _OF_PYTEST) or _is_for_all(self.node)

    @property
    def asks_for(self) -> frozenset[str]:
        """Names that may be fixtures: parameters of its functions, and words in its strings."""
        return frozenset(
            node.arg if isinstance(node, ast.arg) else str(node.value)
            for node in ast.walk(self.node)
            if isinstance(node, ast.arg) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        )


class CheckFile:
    """One Python file of checks/, as statements."""

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        """Such as ``01-maxpool/checks/test_1.py``, for messages."""
        self.statements = [_statement(node, source, name) for node in ast.parse(source, filename=name).body]

    def public(
        self, public: Iterable[str], hidden: Iterable[str], fixtures: Iterable[str] = ()
    ) -> list[CheckStatement]:
        """What stays for the public tests of these names and the `fixtures` that other files ask for.

        Raises ProblemFileError where a public and a hidden check are one statement.
        """
        wanted, unwanted = frozenset(public), frozenset(hidden)
        for statement in self.statements:
            if statement.binds & wanted and statement.binds & unwanted:
                one = sorted(statement.binds & wanted)[0]
                raise ProblemFileError(
                    f"{self.name}, line {statement.node.lineno}: {one} holds public and hidden checks in one",
                    hint="write the hidden ones as a function or class of their own; a student kit leaves that out",
                )
        asked = frozenset(fixtures)
        kept = [each for each in self.statements if each.binds & wanted or each.fixture in asked]
        # A file without a public check gives only what it does for others.
        if not kept and not asked:
            return []
        kept += [each for each in self.statements if each.for_all and each not in kept]
        return self._with_what_they_use(kept, unwanted)

    def _with_what_they_use(self, kept: list[CheckStatement], unwanted: frozenset[str]) -> list[CheckStatement]:
        bound = frozenset[str]().union(*(each.binds for each in self.statements))
        count = -1
        while count != len(kept):
            count = len(kept)
            asked = frozenset[str]().union(*(each.asks_for for each in kept))
            used = frozenset[str]().union(*(each.uses for each in kept))
            known = used.union(*(each.binds for each in kept if not isinstance(each.node, _IMPORTS)))
            kept += [
                each
                for each in self.statements
                if each not in kept
                and (each.fixture in asked or each.binds & used or (not each.binds and _is_about(each, known, bound)))
            ]
        for each in kept:
            if each.binds & unwanted:
                raise ProblemFileError(
                    f"{self.name}, line {each.node.lineno}: a public check uses {sorted(each.binds & unwanted)[0]}, "
                    "which is a hidden one",
                    hint="move what both of them need into a function of its own",
                )
        return [_only(each, used) for each in self.statements if each in kept]


def _is_about(each: CheckStatement, known: frozenset[str], bound: frozenset[str]) -> bool:
    """Whether a statement that binds nothing does something to names that stay, and to no others of the module."""
    touched = each.uses & bound
    return bool(touched) and touched <= known


def written(statements: Iterable[CheckStatement]) -> str:
    """The statements as a file."""
    text, before = "", None
    for each in statements:
        apart = isinstance(each.node, _DEFINITIONS) or isinstance(before, _DEFINITIONS)
        between_imports = isinstance(before, _IMPORTS) and isinstance(each.node, _IMPORTS)
        text += ("" if before is None else "\n\n" if apart else "" if between_imports else "\n") + each.text + "\n"
        before = each.node
    return text


def _statement(node: ast.stmt, source: str, name: str) -> CheckStatement:
    text = _text(node, source)
    # Compiled by itself, it leaves open just the names that the rest of the module gives it.
    table = symtable.symtable(text, name, "exec")
    top = table.get_symbols()
    binds = {one.get_name() for one in top if one.is_assigned() or one.is_imported() or one.is_namespace()}
    uses = {one.get_name() for one in top if one.is_referenced()}
    pending = table.get_children()
    while pending:
        inner = pending.pop()
        pending += inner.get_children()
        uses |= {one.get_name() for one in inner.get_symbols() if one.is_global()}
        binds |= {one.get_name() for one in inner.get_symbols() if one.is_declared_global() and one.is_assigned()}
    return CheckStatement(node, text, frozenset(binds), frozenset(uses))


def _text(node: ast.stmt, source: str) -> str:
    """The statement as it was written, from its first decorator to its last character."""
    lines = source.encode("utf-8").splitlines(keepends=True)
    decorators = node.decorator_list if isinstance(node, _DEFINITIONS) else []
    first = min([node.lineno, *(each.lineno for each in decorators)])
    assert node.end_lineno is not None
    piece = lines[first - 1 : node.end_lineno]
    piece[-1] = piece[-1][: node.end_col_offset]
    if not decorators:
        piece[0] = piece[0][node.col_offset :]
    return b"".join(piece).decode("utf-8").replace("\r\n", "\n")


def _only(statement: CheckStatement, names: frozenset[str]) -> CheckStatement:
    """An import without what nobody uses; anything else as it is."""
    node = statement.node
    if not isinstance(node, _IMPORTS) or _is_for_all(node):
        return statement
    aliases = [alias for alias in node.names if (alias.asname or alias.name.split(".")[0]) in names]
    if len(aliases) == len(node.names):
        return statement
    less = ast.Import(aliases) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, aliases, node.level)
    return CheckStatement(less, ast.unparse(less), statement.binds, statement.uses)


def _is_for_all(node: ast.stmt) -> bool:
    """Whether it is an import that cannot be told to be unused."""
    return isinstance(node, ast.ImportFrom) and (node.module == "__future__" or node.names[0].name == "*")


def _keywords(decorator: ast.expr) -> list[ast.keyword]:
    return decorator.keywords if isinstance(decorator, ast.Call) else []


def _last_name(decorator: ast.expr) -> str:
    """``fixture`` of ``@fixture``, ``@pytest.fixture`` and ``@pytest.fixture(…)``."""
    if isinstance(decorator, ast.Call):
        decorator = decorator.func
    return decorator.attr if isinstance(decorator, ast.Attribute) else getattr(decorator, "id", "")
