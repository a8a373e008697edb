"""What one submission's checks may leave behind for the next one's, and how it is put back.

Checks are collected once and run for one submission after another, in one process. The next submission would find
whatever they change in it: a counter of a check file, a list that a check appended to, torch's default dtype, the state
of a random generator. The author thinks of one run; so each submission finds what the first one found.
"""

from __future__ import annotations

import copy
import os
import random
import sys
import warnings
from collections.abc import Iterable
from types import ModuleType
from typing import Any

import numpy as np
import torch

_CONTAINERS = (list, dict, set, bytearray)
_SEED = 0


class Surroundings:
    """A process and the modules of its checks, as they are when this is made."""

    def __init__(self, modules: Iterable[ModuleType]) -> None:
        self._modules = [(module, dict(vars(module)), _contents(module)) for module in modules]
        self._environment = dict(os.environ)
        self._folder = os.getcwd()
        self._path = list(sys.path)
        self._filters = list(warnings.filters)
        self._dtype = torch.get_default_dtype()
        self._threads = torch.get_num_threads()

    def put_back(self) -> None:
        """Undo what has been changed since."""
        for module, names, contents in self._modules:
            _restore(module, names, contents)
        self._restore_process()
        self._restore_torch()
        random.seed(_SEED)
        np.random.seed(_SEED)
        torch.default_generator.manual_seed(_SEED)

    def _restore_process(self) -> None:
        if dict(os.environ) != self._environment:
            os.environ.clear()
            os.environ.update(self._environment)
        os.chdir(self._folder)
        sys.path[:] = self._path
        if warnings.filters != self._filters:
            warnings.filters[:] = self._filters  # type: ignore[index]

    def _restore_torch(self) -> None:
        torch.set_default_dtype(self._dtype)
        torch.set_grad_enabled(True)
        if torch.are_deterministic_algorithms_enabled():
            torch.use_deterministic_algorithms(False)
        if torch.get_num_threads() != self._threads:
            torch.set_num_threads(self._threads)


def _contents(module: ModuleType) -> dict[str, Any]:
    """Copies of what a module's names hold that can be changed in place: containers, tensors, arrays."""
    kept = {}
    for name, value in vars(module).items():
        if name.startswith("__"):
            continue
        if type(value) in _CONTAINERS or isinstance(value, (torch.Tensor, np.ndarray)):
            try:
                kept[name] = copy.deepcopy(value)
            except Exception:
                continue  # It holds something that has no copy, such as a generator, and stays as it is.
    return kept


def _restore(module: ModuleType, names: dict[str, Any], contents: dict[str, Any]) -> None:
    now = vars(module)
    for name in now.keys() - names.keys():
        del now[name]
    for name, value in names.items():
        if name not in now or now[name] is not value:
            now[name] = value
        if name in contents:
            _refill(value, contents[name])


def _refill(value: Any, content: Any) -> None:
    """Put back into a container, which others may hold on to, what it held."""
    if isinstance(value, torch.Tensor):
        if value.shape == content.shape and not torch.equal(value, content):
            value.detach().copy_(content.detach())
        return
    if isinstance(value, np.ndarray):
        value[...] = content
        return
    fresh = copy.deepcopy(content)
    if isinstance(value, (list, bytearray)):
        value[:] = fresh
    else:
        value.clear()
        value.update(fresh)
