"""Classes and functions of Python's, torch's and numpy's own, which every process finds by their names."""

from __future__ import annotations

import functools
import importlib
import sys
from types import BuiltinFunctionType, FunctionType
from typing import Any, NamedTuple

import numpy as np
import torch

_LIBRARIES = frozenset({*sys.stdlib_module_names, "numpy", "torch"})
_KINDS = (type, FunctionType, BuiltinFunctionType, np.ufunc, type(np.mean))
_WRITTEN_IN_C = (torch, np, torch.nn.functional)
"""Where functions are found that do not say where they belong, or name a module that nobody imports."""


class LibraryName(NamedTuple):
    """Where something is found: ``torch.nn.modules.activation``, ``ReLU``."""

    module: str
    name: str


def named(value: Any) -> LibraryName | None:
    """Where a class or function of a library is found; None for everything else, and for what is not found there."""
    if not isinstance(value, _KINDS):
        return None
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if isinstance(module, str) and isinstance(name, str):
        if module.partition(".")[0] in _LIBRARIES and _at(sys.modules.get(module), name) is value:
            return LibraryName(module, name)
        if not module.startswith(("torch", "numpy")):
            return None
    called = str(getattr(value, "__name__", ""))
    return next(
        (LibraryName(one.__name__, called) for one in _WRITTEN_IN_C if getattr(one, called, None) is value), None
    )


def find(place: LibraryName) -> Any:
    """What is found there."""
    return _at(importlib.import_module(place.module), place.name)


def _at(module: Any, name: str) -> Any:
    return functools.reduce(lambda owner, part: getattr(owner, part, None), name.split("."), module)
