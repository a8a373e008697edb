"""The last resort of an import that a student's file asks for: a module beside the file, else a stand-in."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import os
import sys
import types
from collections.abc import MutableMapping, Sequence

from grader.sandbox.standins import places, progress
from grader.sandbox.standins.absent import AbsentModule

_MACHINERY = "importlib"


class StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Asked when nothing installed has the name. `files` maps the paths of the student's files to their names."""

    def __init__(self, files: MutableMapping[str, str], scratch: str) -> None:
        self._files = files
        self._scratch = scratch
        self.absent: dict[str, tuple[str, int]] = {}
        """Library that was asked for and is not here -> file and line that asked first."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        frame = _asking()
        if frame is None or frame.f_code.co_filename not in self._files:
            return None  # A library finds out for itself what is there.
        beside = self._beside(fullname)
        if beside is not None:
            return beside
        library = _library(fullname)
        if places.is_guarded(frame) or _is_here(library):
            return None
        self.absent.setdefault(library, (frame.f_code.co_filename, frame.f_lineno))
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def _beside(self, fullname: str) -> importlib.machinery.ModuleSpec | None:
        """A module that the submission itself has written into its folder."""
        if "." in fullname or self._scratch in sys.path:
            return None
        path = os.path.join(self._scratch, fullname)
        if not (os.path.isfile(f"{path}.py") or os.path.isdir(path)):
            return None
        importlib.invalidate_caches()
        spec = importlib.machinery.PathFinder.find_spec(fullname, [self._scratch])
        if spec is not None and spec.origin is not None:
            remember(self._files, spec.origin, os.path.relpath(spec.origin, self._scratch))
        return spec

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        library = _library(spec.name)
        return progress.module(spec.name) if library == "tqdm" else AbsentModule(spec.name, library)

    def exec_module(self, module: types.ModuleType) -> None: ...


def remember(files: MutableMapping[str, str], path: str, shown: str) -> None:
    """A file is the student's, and tracebacks quote it."""
    files[path] = shown
    linecache.checkcache(path)


def _library(fullname: str) -> str:
    """What a module belongs to, as a student would call it."""
    parts = fullname.split(".")
    return ".".join(parts[:2]) if parts[0] == "google" and len(parts) > 1 else parts[0]


def _is_here(library: str) -> bool:
    """Whether the library itself is installed: then what it lacks is missing for everybody."""
    root = sys.modules.get(library)
    return root is not None and not isinstance(root, AbsentModule) and getattr(root, "__name__", "") != "google"


def _asking() -> types.FrameType | None:
    """The frame whose import this is; none where it only asks whether there is such a module."""
    frame: types.FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_globals.get("__name__", "").split(".")[0] == _MACHINERY:
        if frame.f_code.co_name == "find_spec" and frame.f_globals["__name__"] == "importlib.util":
            return None
        frame = frame.f_back
    return frame
