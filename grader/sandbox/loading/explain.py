"""A statement that failed, in words for students."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Sequence

from grader.sandbox.loading import syntax
from grader.sandbox.loading.cell import Cell
from grader.sandbox.loading.document import TimeIsUp
from grader.sandbox.standins.absent import NotInstalled

_MAX_TEXT = 80
_MAX_WHAT = 200
# Where Python's own modules lie on the machine that grades is nobody's concern.
_ITS_PLACE = re.compile(r" \((?:/|[A-Za-z]:|unknown location)[^()]*\)$")
_ORDER_OF_A_FILE = "A file is run from top to bottom"
_ORDER_OF_CELLS = (
    "From top to bottom that fails, in whatever order the cells were run before; Restart & Run All shows it"
)


def failed(cell: Cell, line: int, error: BaseException, later: str | None = None) -> str:
    """Where and why a statement failed. `later` is the place further down that defines the name it missed."""
    text = quoted(cell, line)
    if isinstance(error, TimeIsUp):
        seconds = error.args[0] if error.args else 0.0
        if not seconds:
            return f"{_subject(cell, line, 'was not run')}{text}: what stands above had used up the time for loading"
        stopped = f"was stopped after {seconds:.1f} s"
        return f"{_subject(cell, line, stopped)}{text}: a training run, or a loop that never ends"
    if isinstance(error, (SystemExit, KeyboardInterrupt)):
        return f"{_subject(cell, line, 'ends the program')}{text}; what stands below was run all the same"
    where = f"{_subject(cell, line, 'failed')}{text}"
    if later is not None:
        name = getattr(error, "name", "")
        order = _ORDER_OF_A_FILE if cell.script else _ORDER_OF_CELLS
        return f"{where}: `{name}` is only defined further down, in {later}. {order}"
    if isinstance(error, MemoryError):
        return f"{where}: out of memory"
    card = "; this machine grades on the CPU" if "cuda" in what(error).lower() else ""
    return f"{where}: {what(error)}{card}"


def for_want_of(libraries: Sequence[str], error: BaseException) -> str:
    """A possible reason to add to a failure: libraries that the line uses and that are not here."""
    if not libraries or isinstance(error, (SystemExit, TimeIsUp, ImportError, SyntaxError)):
        return ""
    verb = "is" if len(libraries) == 1 else "are"
    return f"; the line uses {' and '.join(libraries)}, which {verb} not installed where this is graded"


def crashed(cell: Cell, line: int, instead: str = "it was left out, and what stands below was run") -> str:
    """What is said of a statement that ended the whole process. `instead` is what was done."""
    return f"{_subject(cell, line, 'crashes Python')}{quoted(cell, line)}; {instead}"


def passed_over(cell: Cell, line: int, names: Sequence[str]) -> str:
    """What is said of a block that is run only for what it defines."""
    count = "counts" if len(names) == 1 else "count"
    what = f"{' and '.join(names)}, which it defines, {count} all the same."
    return f"Python skips a block of {cell.place(line)}{quoted(cell, line)}; {what}"


def no_python(cell: Cell, error: SyntaxError, python: str) -> str:
    """Why a cell could not be run at all. `python` is the student's version, where that is known."""
    kind, message = type(error).__name__, str(error.msg)[:_MAX_WHAT]
    hint = syntax.hint(cell.source, error, python)
    more = f"; {hint}" if hint else ""
    if not error.lineno:
        return f"{cell.label} was not run: {message}{more}"
    where = f"line {error.lineno}{quoted(cell, error.lineno)}"
    return f"{cell.label} was not run, because of {where}: {kind}: {message}{more}"


def line_in(cell: Cell, error: BaseException) -> int | None:
    """The cell's own line at which it failed, whatever it called."""
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == cell.label:
            return traceback.tb_lineno
        traceback = traceback.tb_next
    return error.lineno if isinstance(error, SyntaxError) and error.filename == cell.label else None


def position_in(label: str, error: BaseException) -> tuple[int, int]:
    """(line, column) at which the file `label` itself failed; (0, 0) where that is not known."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_frame.f_code.co_filename != label:
        traceback = traceback.tb_next
    if traceback is None:
        return 0, 0
    positions = itertools.islice(traceback.tb_frame.f_code.co_positions(), traceback.tb_lasti // 2, None)
    line, _, column, _ = next(positions, (None, None, None, None))
    return line or traceback.tb_lineno, column or 0


def begins(node: ast.stmt) -> tuple[int, int]:
    """(line, column) of a statement's beginning, decorators included."""
    first = min([node, *getattr(node, "decorator_list", [])], key=lambda part: part.lineno)
    return first.lineno, 0 if first is not node else node.col_offset


def ends(node: ast.stmt | ast.expr) -> tuple[int, int]:
    """(line, column) behind a statement."""
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset


def quoted(cell: Cell, line: int) -> str:
    """The line itself, in brackets."""
    lines = cell.source.split("\n")
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    shown = text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1].rstrip() + "…"
    return f" (`{shown}`)" if shown else ""


def what(error: BaseException) -> str:
    """An exception in one line."""
    try:
        message = " ".join(str(error).split())[:_MAX_WHAT]
    except BaseException:
        message = ""
    if isinstance(error, NotInstalled):
        return message
    if isinstance(error, ImportError):
        message = _ITS_PLACE.sub("", message)
    name = type(error).__name__
    return f"{name}: {message}" if message else name


def _subject(cell: Cell, line: int, verb: str) -> str:
    return f"line {line} {verb}" if cell.script else f"{cell.label} {verb} in line {line}"
