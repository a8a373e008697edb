"""Loading a submission in its room: what the checker asks first, and the account that it is given.

    read the file  ->  put stand-ins in place  ->  run it statement by statement  ->  tell

Reading comes before any student code runs, so that what is said of the file itself cannot be forged.
"""

from __future__ import annotations

import builtins
import contextlib
import linecache
import os
import sys
import types
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace
from typing import Any

from grader.sandbox import settings
from grader.sandbox.loading import devices, notebook, script, syntax
from grader.sandbox.loading.account import Account
from grader.sandbox.loading.cell import CAUGHT, MATCHED, defined_in
from grader.sandbox.loading.document import Document
from grader.sandbox.loading.statements import Runner
from grader.sandbox.operations import Load
from grader.sandbox.replies import ModuleClaim
from grader.sandbox.standins import absent, depth, finder, screen, shell
from grader.sandbox.standins.helpers import BesideFinder, RunFile
from grader.sandbox.values import MODULE_NAME

_READ_ONLY = 0o444


class Loader:
    """Loads one submission into `module`. `files` learns the paths of its files and what they are called."""

    def __init__(self, module: types.ModuleType, files: MutableMapping[str, str], scratch: str) -> None:
        self._module = module
        self._files = files
        self._scratch = scratch

    def load(self, request: Load) -> ModuleClaim:
        """Run the submission; what the checker is told. Raises what makes the whole of it unusable."""
        left_aside = self._place(request.given, request.extras)
        absent.allow(request.packages)
        document = self._read(request)
        module = self._module
        module.__file__ = os.path.join(self._scratch, request.name)
        vars(module)["__builtins__"] = builtins
        vars(builtins).update({CAUGHT: absent.caught, MATCHED: absent.matched})
        sys.modules[MODULE_NAME] = module
        self._be_in_a_package()
        sys.argv = [request.name]
        depth.keep_within_the_stack()
        screen.pass_breakpoints_by(pdb=_mentions(document, "set_trace"))
        runner = Runner(document, vars(module), request.seconds, request.aside)
        stand_ins = finder.StandInFinder(self._files)
        beside_it = [*request.given, *request.extras]
        with screen.in_place(), devices.as_on_the_cpu(document, beside=bool(beside_it)) as device:
            run_file = self._runs_files(runner)
            beside = BesideFinder(self._scratch, run_file)
            # A file that was handed in goes before what is installed, as in Python; one that is written while loading,
            # behind it.
            sys.meta_path[:] = [beside, *sys.meta_path] if beside_it else [*sys.meta_path, beside]
            sys.meta_path.append(stand_ins)
            terminal = shell.install(vars(module), self._scratch, run_file, imported=_mentions(document, "IPython"))
            runner.run()
            passed_over = runner.run_passed_over(request.asked)
            taken = self._take_from(terminal.written, request.asked, run_file)
        absent.finish_loading()
        account = Account(document, vars(module), request.asked, runner.failures, stand_ins.absent)
        account.refuse_if_nothing_is_left()
        notes = [*left_aside, *passed_over, *taken, *device.notes(), *settings.sentences()]
        return account.in_full(terminal.ran, notes)

    def _be_in_a_package(self) -> None:
        """Let `from .helper import …` find what lies beside the file: at the student's it is part of a package."""
        package = types.ModuleType(finder.PACKAGE)
        package.__path__ = [self._scratch]
        sys.modules[finder.PACKAGE] = package
        self._module.__package__ = finder.PACKAGE

    def _take_from(self, written: Mapping[str, str], asked: Sequence[str], run: RunFile) -> list[str]:
        """Functions that a notebook writes into a file, for a command that is not run here; sentences about them."""
        namespace = vars(self._module)
        told = []
        for name, content in written.items():
            missing = [function for function in asked if function not in namespace]
            if name.endswith(".py") and missing and defined_in(content).keys() & set(missing):
                with contextlib.suppress(SyntaxError, ValueError):
                    run(name, content.encode(), namespace)
                found = [function for function in missing if function in namespace]
                if found:
                    told.append(f"{' and '.join(found)} {'is' if len(found) == 1 else 'are'} taken from {name}.")
        return told

    def _runs_files(self, runner: Runner) -> RunFile:
        def run(name: str, content: bytes, namespace: dict[str, Any]) -> None:
            found = notebook.read(content) if name.endswith(".ipynb") else script.read(name, content)
            self._know(found)
            # Its lines are told with its name, and it is not the program.
            cells = tuple(replace(cell, script=False) for cell in found.cells)
            runner.run_beside(replace(found, parse=lambda: cells, whole=None, runs_main=False), namespace)

        return run

    def _place(self, given: Sequence[tuple[str, bytes]], extras: Sequence[tuple[str, bytes]]) -> list[str]:
        """Lay files beside the submission; sentences about the student's files that the course's own replace."""
        if given or extras:
            sys.path.insert(0, self._scratch)
        for name, content in given:
            self._write(name, content, _READ_ONLY)
        courses = dict(given)
        told = []
        for name, content in extras:
            if not any(_same_place(name, other) for other in courses):
                self._write(name, content)
            elif courses.get(name) != content:
                told.append(f"{name} is the course's own file here; the one that came with the answer was left aside.")
        return told

    def _write(self, name: str, content: bytes, mode: int = 0o666) -> None:
        path = os.path.join(self._scratch, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        # With its mode from the beginning: a room may not change any.
        with open(path, "wb", opener=lambda path, flags: os.open(path, flags, mode)) as file:
            file.write(content)
        self._files[path] = name

    def _read(self, request: Load) -> Document:
        name = request.name
        if name.lower().endswith(".ipynb") or script.is_notebook(request.source):
            document = notebook.read(request.source)
        else:
            try:
                document = script.read(name, request.source)
            except SyntaxError as error:
                raise _explained(name, request.source, error) from None
        self._know(document)
        return document

    def _know(self, document: Document) -> None:
        """Have tracebacks quote its lines: there is no such file in the room."""
        for label, source in document.sources:
            linecache.cache[label] = (len(source), None, source.splitlines(keepends=True), label)
            self._files[label] = label


def _mentions(document: Document, word: str) -> bool:
    return any(word in source for _, source in document.sources)


def _same_place(name: str, other: str) -> bool:
    """Whether two paths cannot both be files: they are one, or one is a folder above the other."""
    return name == other or name.startswith(f"{other}/") or other.startswith(f"{name}/")


def _explained(name: str, source: bytes, error: SyntaxError) -> SyntaxError:
    """The error with a place that can be shown, and with a hint."""
    from grader.sandbox.loading import source_text

    decoded, _ = source_text.decode(source)
    error.filename = name
    error.lineno = error.lineno if isinstance(error.lineno, int) and error.lineno > 0 else 1
    if not error.text:
        lines = decoded.split("\n")
        error.text = lines[error.lineno - 1] if error.lineno <= len(lines) else ""
    if not isinstance(error, source_text.WrongEncoding):
        error.hint = syntax.hint(decoded, error)  # type: ignore[attr-defined]
    return error
