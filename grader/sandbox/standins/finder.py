"""The last resort of an import that a student's file asks for: a stand-in."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Container, Sequence

from grader.sandbox.standins import absent, progress_bars, running_line
from grader.sandbox.standins.absent import AbsentModule
from grader.sandbox.values import MODULE_NAME

PACKAGE = "submission_package"
"""What a student's file and those beside it are together, for imports that begin with a dot."""
_MACHINERY = "importlib"


class StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Asked when nothing installed has the name. `files` are the paths of the student's files."""

    def __init__(self, files: Container[str]) -> None:
        self._files = files
        self.absent: dict[str, tuple[str, int]] = {}
        """Library that was asked for and is not here -> file and line that asked first."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        frame = _asking()
        if frame is None or not self._is_students(frame):
            return None  # A library finds out for itself what is there.
        library = _library(fullname)
        if not running_line.is_importing(frame) or running_line.is_guarded(frame) or _is_here(library):
            return None
        if not absent.is_loading() and not absent.only_shows(library):
            return None
        if "." in library:
            self.absent.pop(library.split(".")[0], None)  # Of a namespace that many share, one was meant.
        self.absent.setdefault(library, (frame.f_code.co_filename, frame.f_lineno))
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def _is_students(self, frame: types.FrameType) -> bool:
        return frame.f_code.co_filename in self._files or frame.f_globals.get("__name__") == MODULE_NAME

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        library = _library(spec.name)
        return progress_bars.module(spec.name) if library == "tqdm" else AbsentModule(spec.name, library)

    def exec_module(self, module: types.ModuleType) -> None: ...


def _library(fullname: str) -> str:
    """What a module belongs to, as a student would call it."""
    parts = fullname.removeprefix(f"{PACKAGE}.").split(".")
    return ".".join(parts[:2]) if parts[0] == "google" and len(parts) > 1 else parts[0]


def _is_here(library: str) -> bool:
    """Whether the library itself is installed: then what it lacks is missing for everybody."""
    root = sys.modules.get(library)
    return root is not None and not isinstance(root, AbsentModule)


def _asking() -> types.FrameType | None:
    """The frame whose import this is; none where it only asks whether there is such a module."""
    frame: types.FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_globals.get("__name__", "").split(".")[0] == _MACHINERY:
        if frame.f_code.co_name == "find_spec" and frame.f_globals["__name__"] == "importlib.util":
            return None
        frame = frame.f_back
    return frame
