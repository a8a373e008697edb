"""What the line of a student's file that is running does: whether it unpacks, decorates, imports or is ready to fail.

Stand-ins ask this of the frame that uses them.
"""

from __future__ import annotations

import ast
import dis
import functools
import linecache
import types
import warnings
from collections.abc import Iterator

_CATCH_IMPORTS = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
_UNPACK, _UNPACK_WITH_REST = dis.opmap["UNPACK_SEQUENCE"], dis.opmap["UNPACK_EX"]
_IMPORT = dis.opmap["IMPORT_NAME"]
_EXTENDED, _CALL = dis.opmap["EXTENDED_ARG"], dis.opmap["CALL"]


def unpacked(frame: types.FrameType) -> int | None:
    """How many items the running instruction takes out of a sequence; None where it does something else."""
    code, at = frame.f_code.co_code, frame.f_lasti
    if at < 0:
        return None
    if code[at] == _UNPACK:
        return code[at + 1]
    if code[at] == _UNPACK_WITH_REST:
        after = code[at - 1] if at >= 2 and code[at - 2] == _EXTENDED else 0
        return code[at + 1] + after
    return None


def is_importing(frame: types.FrameType) -> bool:
    """Whether the running instruction is an import, and no call that imports."""
    return frame.f_lasti >= 0 and frame.f_code.co_code[frame.f_lasti] == _IMPORT


def is_decorating(frame: types.FrameType) -> bool:
    """Whether the running instruction, which has handed over one value, is a decorator and no call in brackets.

    A decorator is the one call that passes a value and counts no argument.
    """
    code, at = frame.f_code.co_code, frame.f_lasti
    return at >= 0 and code[at] == _CALL and code[at + 1] == 0


def is_typing(frame: types.FrameType) -> bool:
    """Whether annotations are made of what a file names."""
    return frame.f_globals.get("__name__") == "typing"


def is_guarded(frame: types.FrameType) -> bool:
    """Whether the running line of a student's file is prepared for an import that fails."""
    return frame.f_lineno in _guarded(frame.f_code.co_filename, _text_of(frame))


def catches_everything(frame: types.FrameType) -> bool:
    """Whether the running line of a student's file stands in a `try` that catches whatever is raised."""
    return frame.f_lineno in _swallowing(frame.f_code.co_filename, _text_of(frame))


def _text_of(frame: types.FrameType) -> str:
    return "".join(linecache.getlines(frame.f_code.co_filename))


@functools.lru_cache(maxsize=64)
def _guarded(filename: str, text: str) -> frozenset[int]:
    found: set[int] = set()
    for node in _nodes(text):
        caught = isinstance(node, ast.Try) and any(_catches(handler.type) for handler in node.handlers)
        if caught or (isinstance(node, ast.With) and any(_suppresses(item) for item in node.items)):
            assert isinstance(node, (ast.Try, ast.With))
            for statement in node.body:
                found.update(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    return frozenset(found)


@functools.lru_cache(maxsize=64)
def _swallowing(filename: str, text: str) -> frozenset[int]:
    found: set[int] = set()
    for node in _nodes(text):
        if isinstance(node, ast.Try) and any(_catches_all(handler.type) for handler in node.handlers):
            for statement in node.body:
                found.update(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    return frozenset(found)


def _catches_all(kind: ast.expr | None) -> bool:
    return kind is None or any(isinstance(node, ast.Name) and node.id == "BaseException" for node in ast.walk(kind))


def _catches(kind: ast.expr | None) -> bool:
    if kind is None:
        return True
    return any(isinstance(node, ast.Name) and node.id in _CATCH_IMPORTS for node in ast.walk(kind))


def _suppresses(item: ast.withitem) -> bool:
    call = item.context_expr
    return isinstance(call, ast.Call) and "suppress" in ast.unparse(call.func) and any(map(_catches, call.args))


def _nodes(text: str) -> Iterator[ast.AST]:
    tree = _tree(text)
    return ast.walk(tree) if tree is not None else iter(())


@functools.lru_cache(maxsize=8)
def _tree(text: str) -> ast.Module | None:
    # A cell with magics was parsed without them; its lines are the same.
    from grader.sandbox.loading.cell import python_of

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(python_of(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
