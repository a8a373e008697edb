"""Running a file statement by statement: one that fails is told, and costs only what needs it.

Python stops at the first exception, and Jupyter stops its cell. Here everything below is run all the same, for what is
graded are the functions, and most of what fails stands beside them: a data set that is not here, a plot, a demo at the
bottom. Besides, no statement may use more than half of the time that is left for loading: a training run at the top
would cost all functions. In everything else the file does what it does in Python.

What is tried before a definition is given up: a function without the decorator that failed; a function whose
annotations name what is not there; what a failed `try` or `with` would have defined.
"""

from __future__ import annotations
import __future__

import ast
import copy
import inspect
import time
import types
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from grader.sandbox.loading import alarm, blocks, explain
from grader.sandbox.loading.cell import Cell, bound_names
from grader.sandbox.loading.document import Document, TimeIsUp
from grader.sandbox.loading.failure import Failure
from grader.sandbox.loading.script import AsMain, is_main_guard
from grader.sandbox.standins import absent, screen

# The share of the time for loading that statements may use together: a reply must be on its way before the deadline.
_SHARE = 0.85
_SHORTEST_SECONDS = 0.02
# Definitions take no time, and are run even when there is none left.
_DEFINING_SECONDS = 0.2


class Runner:
    """Runs one document in one namespace."""

    def __init__(
        self, document: Document, namespace: dict[str, Any], seconds: float, aside: Sequence[tuple[str, int]] = ()
    ) -> None:
        self._aside = aside
        self._document = document
        self._namespace = namespace
        self._deadline = time.monotonic() + _SHARE * seconds
        self._flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._loop: screen.Loop | None = None
        self._done: set[str] = set()
        self.failures: list[Failure] = []

    def run(self) -> None:
        """Run everything, once."""
        with alarm.ours():
            if self._document.whole is not None and not self._aside:
                self._run_whole(self._document.whole)
                return
            for cell in self._document.cells:
                if cell.error is not None:
                    line = cell.error.lineno or 1
                    self._fail(
                        Failure(
                            cell,
                            line,
                            explain.no_python(cell, cell.error, self._document.python),
                            cell.binds,
                            cell.error,
                        )
                    )
                else:
                    self._run_all(cell, cell.statements)
                self._done.add(cell.label)

    def _run_whole(self, code: types.CodeType) -> None:
        """Run a script as Python does, and go on below what fails."""
        self._flags |= code.co_flags & _ALL_FUTURES
        error = self._attempt(self._document.label, None, lambda: exec(code, self._namespace))
        if error is not None:
            (cell,) = self._document.cells
            self._go_on(cell, cell.statements, explain.position_in(self._document.label, error), error)

    def _go_on(self, cell: Cell, statements: Sequence[ast.stmt], at: tuple[int, int], error: BaseException) -> None:
        """Run what stands below the place at which `error` was raised."""
        index = next((n for n, node in enumerate(statements) if explain.begins(node) <= at < explain.ends(node)), None)
        if index is None:  # It came from nowhere in the file.
            self._run_all(cell, statements)
            return
        statement = statements[index]
        branches = [statement.body, statement.orelse] if isinstance(statement, ast.If) else []
        inside = [branch for branch in branches if branch and explain.begins(branch[0]) <= at]
        if inside:
            self._go_on(cell, inside[-1], at, error)
        else:
            self._failed(cell, statement, error)
        self._run_all(cell, statements[index + 1 :], first=False)

    def run_passed_over(self, asked: Sequence[str]) -> list[str]:
        """Run blocks that no condition chose, where only they define what is asked for; sentences about them."""
        lost = {name for failure in self.failures for name in failure.lost}
        missing = [name for name in asked if name not in self._namespace and name not in lost]
        told = []
        if missing:
            found = [
                (cell, *each) for cell in self._document.cells for each in blocks.defining(missing, cell.statements)
            ]
            with alarm.ours():
                for cell, statement, block in found:
                    self._run_all(cell, block if isinstance(statement, ast.If) else blocks.definitions_in(block))
                    names = [name for name in missing if name in bound_names(block)]
                    told.append(explain.passed_over(cell, statement.lineno, names))
        return told

    def run_beside(self, document: Document, namespace: dict[str, Any]) -> None:
        """Run another file's code in between, as an import does, or `%run`."""
        inner = copy.copy(self)  # The time and the failures are the same.
        inner._document, inner._namespace, inner._flags = document, namespace, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        with alarm.ours():
            for cell in document.cells:
                if cell.error is not None:
                    raise cell.error
                inner._run_all(cell, cell.statements)

    def _run_all(self, cell: Cell, statements: Sequence[ast.stmt], *, first: bool = True) -> None:
        for index, statement in enumerate(statements):
            if isinstance(statement, ast.If) and not blocks.awaits(statement.test):
                self._run_branch(cell, statement)
            elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                if first and index == 0 and isinstance(statement.value.value, str):
                    self._namespace["__doc__"] = statement.value.value
            else:
                self._run_statement(cell, statement)

    def _run_branch(self, cell: Cell, statement: ast.If) -> None:
        """The statements that a condition outside functions chooses, one by one."""
        test = statement.test
        line = self._crashes_in(cell, explain.begins(statement)[0], explain.ends(test)[0])
        if line is not None:
            self._fail(Failure(cell, line, explain.crashed(cell, line), bound_names([statement])))
            return
        if self._document.runs_main and is_main_guard(test):
            test = AsMain().visit(copy.deepcopy(test))
        chosen: list[bool] = []
        error = self._attempt(cell.label, statement, lambda: chosen.append(bool(self._value_of(cell, test))))
        if error is not None:
            self._tell(cell, statement, error)
            return
        self._run_all(cell, statement.body if chosen[0] else statement.orelse)

    def _run_statement(self, cell: Cell, statement: ast.stmt) -> None:
        line = self._crashes_in(cell, explain.begins(statement)[0], explain.ends(statement)[0])
        if line is not None:
            self._leave_out(cell, statement, line)
            return
        error = self._attempt(cell.label, statement, lambda: self._execute(cell, statement, self._flags))
        self._replace_what_came_of_stand_ins(statement)
        absent.forget_modules()
        if error is not None:
            self._failed(cell, statement, error)

    def _failed(self, cell: Cell, statement: ast.stmt, error: BaseException) -> None:
        """Save what can be saved of a statement that failed, and tell the rest."""
        if isinstance(statement, blocks.IMPORTS) and isinstance(error, ModuleNotFoundError):
            self._stand_in(statement, error)
        elif isinstance(statement, ast.ImportFrom) and isinstance(error, ImportError) and len(statement.names) > 1:
            self._import_one_by_one(cell, statement)
            return
        if isinstance(statement, blocks.DEFINITIONS) and self._define_otherwise(cell, statement, error):
            return
        self._tell(cell, statement, error)
        if isinstance(statement, (ast.Try, ast.With)):
            self._run_rest_of(cell, statement)

    # -- statements that have crashed the interpreter in an earlier room ------------------------

    def _crashes_in(self, cell: Cell, first: int, last: int) -> int | None:
        return next((line for label, line in self._aside if label == cell.label and first <= line <= last), None)

    def _leave_out(self, cell: Cell, statement: ast.stmt, line: int) -> None:
        if isinstance(statement, blocks.DEFINITIONS) and line < statement.lineno:
            bare, told = blocks.undecorated(statement)
            if self._attempt(cell.label, bare, lambda: self._execute(cell, bare, self._flags)) is None:
                self._fail(Failure(cell, line, explain.crashed(cell, line, told), {}))
                return
        self._fail(Failure(cell, line, explain.crashed(cell, line), bound_names([statement])))

    # -- one statement ---------------------------------------------------------------------------

    def _attempt(self, label: str, statement: ast.stmt | None, action: Callable[[], Any]) -> BaseException | None:
        """What running it raised, if anything."""
        share = (self._deadline - time.monotonic()) / 2
        if isinstance(statement, (*blocks.DEFINITIONS, *blocks.IMPORTS)):
            share = max(share, _DEFINING_SECONDS)
        if share < _SHORTEST_SECONDS:
            return TimeIsUp(0.0)
        started = time.monotonic()
        try:
            with alarm.at_most(share):
                action()
        except TimeIsUp as error:
            alarm.silence()
            error.args = (time.monotonic() - started,)
            return error
        except MemoryError as error:
            return MemoryError().with_traceback(_first_of(error, label))
        except BaseException as error:
            return error
        return None

    def _execute(self, cell: Cell, statement: ast.stmt, flags: int) -> None:
        code = compile(ast.Module([statement], type_ignores=[]), cell.label, "exec", flags, dont_inherit=True)
        # `from __future__ import …` holds for all that follows, in other cells as well, as in Jupyter.
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            self._flags |= code.co_flags & _ALL_FUTURES
        if code.co_flags & inspect.CO_COROUTINE:
            self._loop = self._loop or screen.Loop()
            self._loop.run_until_complete(types.FunctionType(code, self._namespace)())
        else:
            exec(code, self._namespace)

    def _value_of(self, cell: Cell, expression: ast.expr) -> Any:
        code = compile(ast.Expression(expression), cell.label, "eval", self._flags & _ALL_FUTURES, dont_inherit=True)
        return eval(code, self._namespace)

    # -- what is tried before something is given up ----------------------------------------------

    def _define_otherwise(self, cell: Cell, statement: Any, error: BaseException) -> bool:
        """Define a function or class in spite of what failed around it; whether that worked."""
        ways: list[tuple[ast.stmt, int, str]] = []
        if statement.decorator_list:
            bare, told = blocks.undecorated(statement)
            ways.append((bare, self._flags, told))
        if isinstance(error, NameError):
            lazy = self._flags | __future__.annotations.compiler_flag
            ways.append((statement, lazy, f"{statement.name} counts without that annotation"))
        for changed, flags, what in ways:
            again = self._attempt(cell.label, changed, partial(self._execute, cell, changed, flags))
            if again is None:
                line = explain.line_in(cell, error) or statement.lineno
                self._fail(Failure(cell, line, f"{explain.failed(cell, line, error)}; {what}", {}))
                return True
        return False

    def _stand_in(self, statement: Any, error: ModuleNotFoundError) -> None:
        """Bind what an import would have bound, where a library that it needs is not installed."""
        library = (error.name or "").split(".")[0]
        if not library or screen.is_installed(library):
            return
        for alias in statement.names:
            name = alias.asname or alias.name.split(".")[0]
            if name != "*" and name not in self._namespace:
                self._namespace[name] = absent.Absent(alias.name, library)

    def _import_one_by_one(self, cell: Cell, statement: ast.ImportFrom) -> None:
        """Import what there is of several names, and tell of each that is not there."""
        for alias in statement.names:
            single = ast.copy_location(ast.ImportFrom(statement.module, [alias], statement.level), statement)
            self._run_statement(cell, single)

    def _replace_what_came_of_stand_ins(self, statement: ast.stmt) -> None:
        library = absent.take_converted()
        if library is None:
            return
        for name in bound_names([statement]):
            if name in self._namespace:
                self._namespace[name] = absent.in_place_of(library, self._namespace[name])

    def _run_rest_of(self, cell: Cell, statement: ast.Try | ast.With) -> None:
        """Definitions and imports below the line at which a block stopped."""
        for part in blocks.definitions_in(statement.body):
            if not bound_names([part]).keys() <= self._namespace.keys():
                self._run_statement(cell, part)

    # -- telling ---------------------------------------------------------------------------------

    def _tell(self, cell: Cell, statement: ast.stmt, error: BaseException) -> None:
        line = explain.line_in(cell, error) or statement.lineno
        missing = error.name if isinstance(error, NameError) else None
        lost = bound_names([statement])
        before = self._failure_that_lost(missing)
        if before is not None:
            before.followed_by.append((cell, line))
            before.lost.update(lost)
            return
        later = self._defined_later(missing, cell, line) if isinstance(missing, str) else None
        told = explain.failed(cell, line, error, later) + explain.for_want_of(
            self._libraries_in(statement, line), error
        )
        self._fail(Failure(cell, line, told, lost, error))

    def _libraries_in(self, statement: ast.stmt, line: int) -> list[str]:
        """Libraries that are not here and that a line of a statement uses."""
        names = [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and node.lineno == line]
        found = (absent.library_of(self._namespace.get(name)) for name in names)
        return list(dict.fromkeys(library for library in found if library is not None))

    def _fail(self, failure: Failure) -> None:
        self.failures.append(failure)

    def _failure_that_lost(self, name: str | None) -> Failure | None:
        if name is None or name in self._namespace:
            return None
        return next((failure for failure in self.failures if name in failure.lost), None)

    def _defined_later(self, name: str, failed: Cell, line: int) -> str | None:
        if failed.binds.get(name, 0) > line:
            return failed.place(failed.binds[name]) if failed.script else None
        following = [cell for cell in self._document.cells if cell.label not in self._done and cell is not failed]
        return next((cell.label for cell in following if name in cell.binds), None)


_ALL_FUTURES = int(sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names))


def _first_of(error: BaseException, label: str) -> Any:
    """The traceback cut to the file's own line: what lies deeper keeps alive what has filled the memory."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_frame.f_code.co_filename != label:
        traceback = traceback.tb_next
    if traceback is None:
        return None
    return types.TracebackType(None, traceback.tb_frame, traceback.tb_lasti, traceback.tb_lineno)
