"""Modules beside a submission: handed in with it, or written by a notebook. They are run as the submission is."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import types
from collections.abc import Callable, Sequence
from typing import Any

from grader.sandbox.standins import absent

RunFile = Callable[[str, bytes, dict[str, Any]], None]
"""Runs a file, called so and with such content, in a namespace."""


class BesideFinder(importlib.abc.MetaPathFinder):
    """Finds modules in the room's scratch."""

    def __init__(self, scratch: str, run: RunFile) -> None:
        self._scratch = scratch
        self._run = run

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        folders = [self._scratch] if path is None else [place for place in path if place.startswith(self._scratch)]
        for folder in folders:
            place = os.path.join(folder, fullname.rpartition(".")[2])
            if os.path.isfile(f"{place}.py"):
                return self._spec(fullname, f"{place}.py", None)
            if os.path.isfile(os.path.join(place, "__init__.py")):
                return self._spec(fullname, os.path.join(place, "__init__.py"), [place])
        return None

    def _spec(self, fullname: str, path: str, inside: list[str] | None) -> importlib.machinery.ModuleSpec | None:
        loader = _StatementByStatement(fullname, path, os.path.relpath(path, self._scratch), self._run)
        return importlib.util.spec_from_file_location(fullname, path, loader=loader, submodule_search_locations=inside)


class _StatementByStatement(importlib.machinery.SourceFileLoader):
    """While the submission is loaded, runs a module as the submission: what fails in it costs only what needs it."""

    def __init__(self, fullname: str, path: str, shown: str, run: RunFile) -> None:
        super().__init__(fullname, path)
        self._shown = shown
        self._run = run

    def exec_module(self, module: types.ModuleType) -> None:
        if absent.is_loading():
            self._run(self._shown, self.get_data(self.path), vars(module))
        else:
            super().exec_module(module)
