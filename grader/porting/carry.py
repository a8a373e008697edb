"""A test as a check, statement by statement: where it calls the student's functions, it asks the room.

What the test and the student's code would have to share cannot be carried over: they run in different processes, and
only values travel between them. Such a statement is left out and told, and with it those that need what it made.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from typing import NamedTuple

from grader.porting.model import Lost, SourceTest
from grader.porting.scopes import made_by, names_from_around

_OF_THE_PROCESS = {
    **dict.fromkeys(("open", "Path", "pathlib", "os", "shutil", "tempfile"), "looks at files, which lie in the room"),
    **dict.fromkeys(("sys", "subprocess", "input"), "looks at its own process, and student code runs in another one"),
    **dict.fromkeys(("globals", "locals", "vars", "exec", "eval", "get_ipython"), "looks at names of its own process"),
    **dict.fromkeys(("inspect", "mock", "patch"), "looks into the student's code, which stays in the room"),
}
_FIXTURES_OF_THE_PROCESS = {
    **dict.fromkeys(("capsys", "capfd", "caplog"), "looks at what is printed, which is printed in the room"),
    **dict.fromkeys(("tmp_path", "tmpdir", "monkeypatch", "mocker"), "changes its own process or its files"),
}
_CONSTANTS = (True, False, None)
AS_REFERENCE = "AUTOTEST"
"""In a test, a call of what is to be the same for a student and for the solution, in the words of nbgrader."""
_OURS = {"assert_equal": "from grader.checking import assert_equal"}
"""What formats write into a test that prints what it expects."""
_CAUGHT = "from grader.checking import caught"
FETCH = "from grader.checking import fetch"


class KnownNames(NamedTuple):
    """What tests can use without defining it."""

    functions: set[str]
    """The student's functions and classes."""
    variables: dict[str, str]
    """The student's variables, each with its statement where students are given it, else with ""."""
    imports: dict[str, str]
    """What the student's file imports, each with its statement."""
    shared: set[str]
    """What the test's file defines for all its tests."""


class Carried(NamedTuple):
    """What a test has become: a check, or nothing."""

    lines: list[str]
    """The body of a check; empty where nothing would be checked."""
    needs: set[str]
    """Statements that it needs at the head of its file."""
    lost: list[Lost]


def carry(test: SourceTest, names: KnownNames) -> Carried:
    """Turn the statements of a test into those of a check."""
    lost: list[Lost] = []

    def lose(line: int, code: str, reason: str) -> None:
        place = f"{test.where}, line {line + test.first_line - 1}"
        lost.append(Lost(place, code.strip().split("\n")[0], reason))

    for parameter in test.parameters:
        if parameter in _FIXTURES_OF_THE_PROCESS:
            lose(1, f"{test.name}({parameter})", _FIXTURES_OF_THE_PROCESS[parameter])
            return Carried([], set(), lost)
    try:
        body = ast.parse(test.code).body
    except SyntaxError as error:
        lose(error.lineno or 1, str(error.text or test.code), f"is no Python: {error.msg}")
        return Carried([], set(), lost)
    lines: list[str] = []
    needs: set[str] = set()
    missing: dict[str, str] = {}
    made: set[str] = set(names.shared)
    known = {*names.functions, *names.variables, *names.imports, *names.shared, *test.parameters}
    known |= {*_OURS, AS_REFERENCE, *dir(builtins)}
    checks = False
    for node in body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # The docstring, which is the title.
        reason = _reason(node, names, known, missing)
        if reason:
            lose(node.lineno, _text(test.code, node), reason)
            missing |= dict.fromkeys(made_by(node), f"needs what line {node.lineno + test.first_line - 1} makes")
            continue
        own = {name for name, given in names.variables.items() if not given} - made - made_by(node)
        written, more = _written(node, test.code, StudentsNames(names.functions, own))
        lines += written
        needs |= more | _heads(node, names, made)
        made |= made_by(node)
        known |= made
        checks = checks or _can_fail(node)
    if checks:
        return Carried(lines, needs, lost)
    if not lost:
        lose(1, test.code, "asserts nothing")
    return Carried([], set(), lost)


# -- what cannot be carried over -----------------------------------------------------------------


def _reason(node: ast.stmt, names: KnownNames, known: set[str], missing: dict[str, str]) -> str:
    """Why a statement cannot be carried over; empty where it can."""
    called = {id(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}
    inner = known | made_by(node)
    around = {id(each) for each in names_from_around(node)}
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            if id(each) not in around:
                continue
            if each.id in missing and isinstance(each.ctx, ast.Load):
                return missing[each.id]
            if each.id in names.functions and each.id not in names.shared:
                if not isinstance(each.ctx, ast.Load):
                    return f"changes {each.id}, which the student's file defines in the room"
                if id(each) not in called:
                    return f"uses {each.id} itself, a live object, which stays in the room"
            elif isinstance(each.ctx, ast.Load) and each.id in _OF_THE_PROCESS and each.id not in made_by(node):
                return _OF_THE_PROCESS[each.id]
            elif isinstance(each.ctx, ast.Load) and each.id not in inner:
                return f"uses {each.id}, which nothing here defines"
        elif isinstance(each, ast.Compare) and any(isinstance(op, (ast.Is, ast.IsNot)) for op in each.ops):
            sides = [each.left, *each.comparators]
            if not any(isinstance(side, ast.Constant) and side.value in _CONSTANTS for side in sides):
                return "asks whether two are the same object; what comes from the room is a copy"
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        call = node.value
        if isinstance(call.func, ast.Name) and call.func.id in names.functions:
            changed = [arg.id for arg in call.args if isinstance(arg, ast.Name)]
            missing |= dict.fromkeys(changed, f"looks at what {call.func.id} has changed; it was given a copy")
            return f"calls {call.func.id} for what it changes, and it is given copies; see library.put and fetch"
    return ""


def _can_fail(node: ast.stmt) -> bool:
    """Whether a statement asserts anything, by itself or by a function with such a name."""
    for each in ast.walk(node):
        if isinstance(each, (ast.Assert, ast.Raise)):
            return True
        if isinstance(each, ast.Call):
            called = ast.unparse(each.func).rpartition(".")[2]
            if called == AS_REFERENCE or called.startswith(("assert", "raises")):
                return True
    return False


# -- what is written -----------------------------------------------------------------------------


class StudentsNames(NamedTuple):
    """What is asked of the submission where a statement uses it."""

    functions: set[str]
    variables: set[str]


def _written(node: ast.stmt, code: str, names: StudentsNames) -> tuple[list[str], set[str]]:
    """The statement as a check has it, and what that needs at the head of the file."""
    if (asked := _asked_of_both(node)) is not None:
        return _as_the_reference(asked, names)
    if isinstance(node, ast.Try) and (expected := _expected(node)):
        inside = [line for each in expected[1] for line in _asked(_text(code, each), names)]
        return _raising(expected[0], inside)
    if (with_raises := _with_raises(node)) and isinstance(node, ast.With):
        inside = [line for each in node.body for line in _asked(_text(code, each), names)]
        return _raising(with_raises, inside)
    if call := _raises_call(node):
        name, function, arguments = call
        return _raising(name, _asked(f"{function}({', '.join(arguments)})", names))
    if isinstance(node, ast.ImportFrom) and node.module == "nose.tools":
        # nose has had no release for Python 3.10 and later; what it offered is unittest's, in another spelling.
        case = "unittest.TestCase()"
        return [f"{a.asname or a.name} = {case}.{_camel(a.name)}" for a in node.names], {"import unittest"}
    lines = _asked(_text(code, node), names)
    needs = {FETCH} if any("fetch(submission." in line for line in lines) else set()
    return lines, needs | ({_CAUGHT} if any(_catches(each) for each in ast.walk(node)) else set())


def _asked_of_both(node: ast.stmt) -> list[ast.expr] | None:
    call = node.value if isinstance(node, ast.Expr) else None
    return call.args if isinstance(call, ast.Call) and ast.unparse(call.func) == AS_REFERENCE else None


def _as_the_reference(asked: list[ast.expr], names: StudentsNames) -> tuple[list[str], set[str]]:
    """Comparisons of what the student's file gives with what the solution does."""
    lines, needs = [], set()
    for expression in asked:
        text = ast.unparse(expression)
        (actual,) = _asked(text, names)
        (expected,) = _asked(text, names, reference=True)
        if isinstance(expression, ast.Call) and ast.unparse(expression.func) == "type":
            lines.append(f"assert {actual} is {expected}")
        else:
            lines.append(f"assert_close({actual}, {expected})")
            needs.add("from grader.checking import assert_close")
        if "fetch(submission." in actual:
            needs.add(FETCH)
    return lines, needs


def _raising(name: str, inside: Iterable[str]) -> tuple[list[str], set[str]]:
    return [f'with raising("{name}"):', *(f"    {line}" for line in inside)], {"from grader.checking import raising"}


def _expected(node: ast.Try) -> tuple[str, list[ast.stmt]] | None:
    """The exception that a `try` waits for, where it does nothing else, and the statements that are to raise it."""
    handler = node.handlers[0] if len(node.handlers) == 1 else None
    if handler is None or node.finalbody or not isinstance(handler.type, ast.Name):
        return None
    body, refused = (node.body, node.orelse) if node.orelse else (node.body[:-1], node.body[-1:])
    fails = len(refused) == 1 and isinstance(refused[0], (ast.Raise, ast.Assert))
    if not fails or not body or any(not isinstance(each, ast.Pass) for each in handler.body):
        return None
    return handler.type.id, body


def _with_raises(node: ast.stmt) -> str:
    """The exception of `with pytest.raises(…):`, without `match` and without a name."""
    if not isinstance(node, ast.With) or len(node.items) != 1 or node.items[0].optional_vars is not None:
        return ""
    call = node.items[0].context_expr
    if isinstance(call, ast.Call) and _is_raises(call) and len(call.args) == 1 and not call.keywords:
        return call.args[0].id if isinstance(call.args[0], ast.Name) else ""
    return ""


def _raises_call(node: ast.stmt) -> tuple[str, str, list[str]] | None:
    """The parts of `assert_raises(ValueError, f, 0)`."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call) or not _is_raises(call) or len(call.args) < 2:
        return None
    first, function, *rest = call.args
    if not isinstance(first, ast.Name):
        return None
    return first.id, ast.unparse(function), [ast.unparse(each) for each in (*rest, *call.keywords)]


def _is_raises(call: ast.Call) -> bool:
    return ast.unparse(call.func).rpartition(".")[2] in ("raises", "assert_raises", "assertRaises")


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _asked(text: str, names: StudentsNames, *, reference: bool = False) -> list[str]:
    """The text with the student's functions and variables taken from `submission`, or `reference`; its comments and
    its form are kept.
    """
    lines = [line.encode() for line in text.splitlines()]
    tree = ast.parse(text)
    edits = []
    for each in names_from_around(tree):
        if isinstance(each.ctx, ast.Load) and each.id in names.functions | names.variables:
            new = f"reference.{each.id}" if reference else f"submission.{each.id}"
            new = f"fetch({new})" if each.id in names.variables and not reference else new
            edits.append((each.lineno, each.col_offset, len(each.id.encode()), new))
    for kind in filter(None, map(_catches, ast.walk(tree))):
        edits += [(kind.lineno, kind.col_offset, 0, "caught(")]
        edits += [(kind.end_lineno or kind.lineno, kind.end_col_offset or 0, 0, ")")]
    for line, column, length, new in sorted(edits, reverse=True):
        old = lines[line - 1]
        lines[line - 1] = old[:column] + new.encode() + old[column + length :]
    return [line.decode() for line in lines]


def _catches(node: ast.AST) -> ast.expr | None:
    """The exceptions that a handler catches: what the student's code raises arrives as another class."""
    return node.type if isinstance(node, ast.ExceptHandler) else None


def _text(code: str, node: ast.stmt) -> str:
    """The lines of a statement, at the margin."""
    lines = code.splitlines()[node.lineno - 1 : node.end_lineno]
    lines[0] = lines[0].encode()[node.col_offset :].decode()
    inside = {
        line
        for each in ast.walk(node)
        if isinstance(each, (ast.Constant, ast.JoinedStr)) and each.end_lineno is not None
        for line in range(each.lineno + 1, each.end_lineno + 1)
    }
    rest = (
        line if number in inside else line[min(node.col_offset, len(line) - len(line.lstrip())) :]
        for number, line in enumerate(lines[1:], start=node.lineno + 1)
    )
    last = lines[0] if len(lines) == 1 else ""
    if last and node.end_col_offset is not None and ";" in last:
        # Several statements on one line.
        end = node.end_col_offset - node.col_offset
        return last.encode()[:end].decode()
    return "\n".join([lines[0], *rest])


def _heads(node: ast.stmt, names: KnownNames, made: set[str]) -> set[str]:
    """The statements at the head of the file that this one needs, but for names that the test itself has made."""
    used = {each.id for each in names_from_around(node)} - made
    statements = [*_OURS.items(), *names.imports.items(), *names.variables.items()]
    return {text for name, text in statements if name in used and text}
