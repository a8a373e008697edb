"""Running a notebook's cells, top to bottom, each on its own: one that fails takes nothing else down.

A cell stops at its first exception, as in Jupyter. Two things are done otherwise than there. An import that fails does
not stop its cell: the library may be missing here alone. And no cell may use more than half of the time that is left
for loading: a training run in one cell would cost the functions of all others.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import signal
import time
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from grader.sandbox import quiet
from grader.sandbox.notebook import Cell, Magic, Notebook, UnusableNotebook, bound_names

# Of the time for loading, what cells may use together: an answer must still be on its way before the deadline.
_SHARE = 0.85
_SHORTEST_SECONDS = 0.02
_MAX_TEXT = 80
_MAX_WHAT = 200
_MAX_MAGICS = 5


@dataclass(frozen=True)
class Failure:
    """One cell, or one import of it, that did not work."""

    label: str
    sentence: str
    """What went wrong and where, beginning with the label."""
    lost: dict[str, int]
    """Names that the cell would have bound from there on, with their lines."""


class _TimeIsUp(BaseException):
    """Raised in a cell that has used its share; no `except Exception` of a student's catches it."""


class CellRunner:
    """Runs the cells of one notebook in one namespace."""

    def __init__(self, notebook: Notebook, namespace: dict[str, Any], seconds: float) -> None:
        self._notebook = notebook
        self._namespace = namespace
        self._deadline = time.monotonic() + _SHARE * seconds
        self._flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._loop: quiet.Loop | None = None
        self._done: set[str] = set()
        self.failures: list[Failure] = []

    def run(self) -> None:
        """Run all cells, once."""
        for cell in self._notebook.cells:
            if cell.error is not None:
                self._fail(cell, _syntax_sentence(cell, cell.error), cell.binds)
            else:
                self._run_cell(cell)
            self._done.add(cell.label)

    def _run_cell(self, cell: Cell) -> None:
        started = time.monotonic()
        share = (self._deadline - started) / 2
        if share < _SHORTEST_SECONDS:
            why = "the cells before it had used up the time for loading"
            self._fail(cell, f"{cell.label} was not run: {why}", cell.binds)
            return
        statement = cell.statements[0] if cell.statements else ast.Pass(lineno=1, col_offset=0)
        index = 0
        try:
            with _at_most(share):
                for index, statement in enumerate(cell.statements):  # noqa: B007
                    self._run_statement(cell, statement)
        except _TimeIsUp as error:
            line = _line_in(cell, error) or statement.lineno
            why = f"was stopped after {time.monotonic() - started:.1f} s in line {line}{_quoted(cell, line)}"
            what = f"{cell.label} {why}: a training run, or a loop that never ends"
            self._fail(cell, what, bound_names(cell.statements[index:]))
        except BaseException as error:
            self._fail(cell, self._sentence(cell, error, statement), bound_names(cell.statements[index:]))

    def _run_statement(self, cell: Cell, statement: ast.stmt) -> None:
        tree = ast.Module([statement], type_ignores=[])
        code = compile(tree, cell.label, "exec", self._flags, dont_inherit=True)
        # `from __future__ import …` holds for all cells that follow, as in Jupyter.
        self._flags |= code.co_flags & _future_flags(statement)
        try:
            if code.co_flags & inspect.CO_COROUTINE:
                self._loop = self._loop or quiet.Loop()
                self._loop.run_until_complete(types.FunctionType(code, self._namespace)())
            else:
                exec(code, self._namespace)
        except ImportError as error:
            if not isinstance(statement, (ast.Import, ast.ImportFrom)):
                raise
            what = self._sentence(cell, error, statement)
            self._fail(cell, f"{what}; the rest of the cell was run", bound_names([statement]))

    def _fail(self, cell: Cell, sentence: str, lost: dict[str, int]) -> None:
        self.failures.append(Failure(cell.label, sentence, lost))

    def _sentence(self, cell: Cell, error: BaseException, statement: ast.stmt) -> str:
        line = _line_in(cell, error) or statement.lineno
        where = f"{cell.label} failed in line {line}{_quoted(cell, line)}"
        missing = error.name if isinstance(error, NameError) else None
        later = self._defined_later(missing, cell) if isinstance(missing, str) else None
        if later is not None:
            return (
                f"{where}: `{missing}` is only defined further down, in {later}. From top to bottom that fails, "
                "in whatever order the cells were run before; Restart & Run All shows it"
            )
        if isinstance(error, MemoryError):
            return f"{where}: out of memory"
        return f"{where}: {_what(error)}"

    def _defined_later(self, name: str, failed: Cell) -> str | None:
        following = [cell for cell in self._notebook.cells if cell.label not in self._done and cell is not failed]
        return next((cell.label for cell in following if name in cell.binds), None)


def load(notebook: Notebook, module: types.ModuleType, asked: Sequence[str], seconds: float) -> dict[str, Any]:
    """Run a notebook's cells; what the checker is told of it.

    `failed_cells` maps a cell to what went wrong, `lost` those of the `asked` functions that miss something of a failed
    cell to that cell. Raises `UnusableNotebook` where cells failed and nothing that is asked for is there.
    """
    namespace = module.__dict__
    runner = CellRunner(notebook, namespace, seconds)
    runner.run()
    lost = {name: failure.label for failure in runner.failures for name in failure.lost if name not in namespace}
    failed: dict[str, str] = {}
    for failure in runner.failures:
        before = f"{failed[failure.label]}; " if failure.label in failed else ""
        failed[failure.label] = before + failure.sentence
    if runner.failures and asked and not any(name in namespace for name in asked):
        told = "\n".join(list(failed.values())[:10])
        raise UnusableNotebook(f"no cell that works defines {' or '.join(asked)}:\n{told}")
    return {
        "names": [key for key in namespace if not key.startswith("__")][:1000],
        "notes": [*_notes(notebook, asked), *_older_ones(notebook, runner.failures, asked, namespace)],
        "failed_cells": failed,
        "lost": {name: label for name in asked if (label := _lost_cell(name, namespace, lost)) is not None},
    }


# -- what it means for the functions that are asked for ---------------------------------------------


def _lost_cell(name: str, namespace: dict[str, Any], lost: dict[str, str]) -> str | None:
    """The failed cell that `name`, or something that it uses by name, should have come from."""
    if not lost:
        return None
    seen: set[str] = set()
    pending = [name]
    while pending:
        current = pending.pop()
        if current in seen:
            continue
        seen.add(current)
        if current in lost:
            return lost[current]
        value = namespace.get(current)
        parts = list(vars(value).values()) if isinstance(value, type) else [value]
        for part in parts:
            code = getattr(part, "__code__", None)
            if isinstance(code, types.CodeType):
                pending += _names_in(code)
    return None


def _names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_in(constant)


def _notes(notebook: Notebook, asked: Sequence[str]) -> list[str]:
    notes = []
    for name in asked if not notebook.history else ():
        places = [f"{cell.label}, line {cell.binds[name]}" for cell in notebook.cells if name in cell.binds]
        if len(places) > 1:
            told = f"{', '.join(places[:-1])} and {places[-1]}"
            notes.append(f"{name} is defined more than once ({told}); the last one counts, as in Jupyter.")
    # What a kernel has run did take effect there; only another file's definitions are missing here.
    magics = [magic for cell in notebook.cells for magic in cell.magics]
    if notebook.history:
        magics = [magic for magic in magics if magic.text.startswith("%run")]
    if magics:
        notes.append(_magic_sentence(magics))
    if notebook.output_bytes:
        notes.append(
            f"{notebook.output_bytes / 1e6:.1f} MB of the notebook are outputs and pictures. They were left aside; "
            "Clear All Outputs before saving makes it small."
        )
    return notes


def _magic_sentence(magics: list[Magic]) -> str:
    told = "; ".join(f"{magic.label}, line {magic.line} ({magic.text})" for magic in magics[:_MAX_MAGICS])
    more = f" and {len(magics) - _MAX_MAGICS} more" if len(magics) > _MAX_MAGICS else ""
    return f"Shell commands and their like are not run here, and nothing is installed: {told}{more}."


def _older_ones(
    notebook: Notebook, failures: list[Failure], asked: Sequence[str], namespace: dict[str, Any]
) -> list[str]:
    """Sentences for functions whose last definition failed, so that an earlier one counts."""
    notes = []
    for name in asked:
        value = namespace.get(name)
        code = getattr(value, "__code__", None)
        failed = [failure.label for failure in failures if name in failure.lost]
        order = {cell.label: index for index, cell in enumerate(notebook.cells)}
        if code is not None and failed and order.get(code.co_filename, len(order)) < order[failed[-1]]:
            notes.append(f"Since {failed[-1]} failed, the {name} of {code.co_filename} counts.")
    return notes


# -- words ---------------------------------------------------------------------------------------


def _line_in(cell: Cell, error: BaseException) -> int | None:
    """The cell's own line at which it failed, whatever it called."""
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == cell.label:
            return traceback.tb_lineno
        traceback = traceback.tb_next
    return error.lineno if isinstance(error, SyntaxError) and error.filename == cell.label else None


def _quoted(cell: Cell, line: int) -> str:
    lines = cell.source.split("\n")
    text = lines[line - 1].strip()[:_MAX_TEXT] if 0 < line <= len(lines) else ""
    return f" (`{text}`)" if text else ""


def _what(error: BaseException) -> str:
    try:
        message = " ".join(str(error).split())[:_MAX_WHAT]
    except BaseException:
        message = ""
    name = type(error).__name__
    return f"{name}: {message}" if message else name


def _syntax_sentence(cell: Cell, error: SyntaxError) -> str:
    kind, message = type(error).__name__, str(error.msg)[:_MAX_WHAT]
    if not error.lineno:
        return f"{cell.label} was not run: {message}"
    where = f"line {error.lineno}{_quoted(cell, error.lineno)}"
    return f"{cell.label} was not run, because of {where}: {kind}: {message}"


def _future_flags(statement: ast.stmt) -> int:
    import __future__

    if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
        return int(sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names))
    return 0


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Interrupt the block after `seconds`. Code that cannot be interrupted meets the checker's own deadline."""

    def ring(number: int, frame: Any) -> None:
        raise _TimeIsUp

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
