"""Noticing which of torch's operators run: their kernels are replaced by ones that note their name and go
on.

The place is the dispatcher, where every alias ends up: a function, a module, `torch.ops`, a scripted or
vectorised function, another thread. Operators that are not asked for are left alone, so that watching costs
an honest submission nothing.

A kernel is replaced for the CPU, and, where it is a composition of other operators that would otherwise be
taken apart before that, for the CPU's autograd key as well. Installed before any student code runs; `watch`
turns it on for one call.
"""

from __future__ import annotations

import contextlib
import fnmatch
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import torch
import torch.library

_MOST_NOTED = 8

_installed: dict[str, list[str]] = {}
_libraries: list[Any] = []
_watch: Watch | None = None


class Watch:
    """What one call ran of the operators that it must not run: (operator, student's file, line)."""

    def __init__(self, patterns: Iterable[str], files: Mapping[str, str]) -> None:
        self._patterns = list(patterns)
        self._files = files
        self.seen: list[tuple[str, str, int]] = []

    def note(self, name: str) -> None:
        """An operator that is looked for, by this call's rules or another's, is running."""
        if len(self.seen) < _MOST_NOTED and any(fnmatch.fnmatchcase(name, pattern) for pattern in self._patterns):
            self.seen.append((name, *self._student_line()))

    def _student_line(self) -> tuple[str, int]:
        frame = sys._getframe(2)
        while frame is not None:
            if frame.f_code.co_filename in self._files:
                return self._files[frame.f_code.co_filename], frame.f_lineno
            frame = frame.f_back  # type: ignore[assignment]
        return "", 0


@contextlib.contextmanager
def watch(patterns: Iterable[str], files: Mapping[str, str]) -> Iterator[Watch]:
    """Note the operators that run inside, in whatever thread."""
    global _watch
    _watch = Watch(patterns, files)
    try:
        yield _watch
    finally:
        _watch = None


def matching(pattern: str) -> list[str]:
    """Names of the dispatcher's operators, with overload, that a pattern with wildcards stands for."""
    return [name for name in torch._C._dispatch_get_all_op_names() if fnmatch.fnmatchcase(name.split(".")[0], pattern)]


def install(patterns: Iterable[str]) -> None:
    """Replace the kernels of all operators that the patterns stand for. Once per process and pattern."""
    with warnings.catch_warnings():
        # torch warns of every replaced kernel, and here that is the purpose.
        warnings.simplefilter("ignore")
        for pattern in patterns:
            if pattern not in _installed:
                _installed[pattern] = matching(pattern)
                for name in _installed[pattern]:
                    _replace(name)


def _replace(name: str) -> None:
    has_kernel = torch._C._dispatch_has_kernel_for_dispatch_key
    composition = has_kernel(name, "CompositeImplicitAutograd")
    reaches_cpu = composition or has_kernel(name, "CompositeExplicitAutograd") or has_kernel(name, "CPU")
    keys = {"CPU": reaches_cpu, "AutogradCPU": composition, "QuantizedCPU": has_kernel(name, "QuantizedCPU")}
    # All are looked up before one is replaced: where the CPU has a kernel of its own, torch takes a composition for
    # an operator with a derivative of its own, and finds none.
    originals = {key: _kernel(name, key) for key, wanted in keys.items() if wanted}
    for key, original in originals.items():
        if original is not None:
            _replace_for(name, key, original)


def _kernel(name: str, key: str) -> Any:
    try:
        return torch.library.get_kernel(name, key)
    except RuntimeError:
        return None  # Nothing would run there.


def _replace_for(name: str, key: str, original: Any) -> None:
    namespace, _, operator = name.partition("::")
    plain_name = name.split(".")[0]

    def noted(keyset: Any, *args: Any, **kwargs: Any) -> Any:
        if _watch is not None:
            _watch.note(plain_name)
        return original.call_boxed(keyset, *args, **kwargs)

    # The registration lasts as long as its library object.
    library: Any = torch.library.Library(namespace, "IMPL")  # type: ignore[no-untyped-call]
    library.impl(operator, noted, key, with_keyset=True, allow_override=True)
    _libraries.append(library)
