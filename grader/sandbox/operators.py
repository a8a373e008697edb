"""Noticing which of torch's operators run: their kernels are replaced by ones that note their name and go
on.

The place is the dispatcher, where every alias ends up: a function, a module, `torch.ops`, a scripted or
vectorised function, another thread. Operators that are not asked for are left alone, so that watching costs
an honest submission nothing.

A kernel is replaced for every kind of tensor that the CPU computes with, and, where it is a composition of other
operators that would otherwise be taken apart before that, for the CPU's autograd key as well. All of this before any
student code runs.

A watch is on from the end of loading, not during calls alone: what is put off until the answer is written, or until the
check comes back to what was returned, or is left to a thread, is told with the next answer.
"""

from __future__ import annotations

import fnmatch
import functools
import sys
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import torch
import torch.library

from grader.sandbox.answers import Seen

_MOST_TOLD = 8
_NOWHERE = "", 0
# One kernel for whatever computes: found, and called, by the key of any backend, also of one that is not here.
_ANY_BACKEND, _NOBODYS_BACKEND = "CompositeExplicitAutograd", "PrivateUse3"
# Tensors that the CPU computes with, besides plain ones.
_MKLDNN = "MkldnnCPU"
_OTHER_LAYOUTS = ("QuantizedCPU", _MKLDNN, "SparseCPU", "SparseCsrCPU", "NestedTensorCPU")

_installed: dict[str, list[str]] = {}
_libraries: list[Any] = []
_watch: Watch | None = None


class Watch:
    """Which of the operators that are looked for have run since it was last asked."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        # One line for each operator is enough to tell, and as much as a loop should make us keep.
        self._seen: dict[tuple[str, bool], tuple[str, int]] = {}

    def begin(self) -> None:
        """Note, from now on, what runs in whatever thread."""
        global _watch
        _watch = self

    def note(self, name: str) -> None:
        """An operator that is looked for is running."""
        place = self._student_line()
        self._seen.setdefault((name, place != _NOWHERE), place)

    def take(self, patterns: Iterable[str], *, students_alone: bool = False) -> Seen:
        """What has run since the last time and matches `patterns`; `students_alone` leaves out what no line of the
        student's led to.
        """
        seen, self._seen = self._seen, {}
        wanted = list(patterns)
        return [
            (name, *place)
            for (name, by_student), place in seen.items()
            if (by_student or not students_alone) and any(fnmatch.fnmatchcase(name, pattern) for pattern in wanted)
        ][:_MOST_TOLD]

    def _student_line(self) -> tuple[str, int]:
        frame = sys._getframe(2)
        while frame is not None:
            if frame.f_code.co_filename in self._files:
                return self._files[frame.f_code.co_filename], frame.f_lineno
            frame = frame.f_back  # type: ignore[assignment]
        return _NOWHERE


def matching(pattern: str) -> list[str]:
    """Names of the dispatcher's operators, with overload, that a pattern with wildcards stands for."""
    return [name for name in torch._C._dispatch_get_all_op_names() if fnmatch.fnmatchcase(name.split(".")[0], pattern)]


def install(patterns: Iterable[str]) -> None:
    """Replace the kernels of all operators that the patterns stand for. Once per process and pattern."""
    with warnings.catch_warnings():
        # torch warns of every replaced kernel, and here that is the purpose.
        warnings.simplefilter("ignore")
        _close_the_way_round()
        for pattern in patterns:
            if pattern not in _installed:
                _installed[pattern] = matching(pattern)
                for name in _installed[pattern]:
                    _replace(name)


def _close_the_way_round() -> None:
    """Take away the switch by which TorchScript hands whole graphs to oneDNN, where no dispatcher sees them."""
    vars(torch._C).pop("_jit_set_llga_enabled", None)


def _replace(name: str) -> None:
    has_kernel = torch._C._dispatch_has_kernel_for_dispatch_key
    composition = has_kernel(name, "CompositeImplicitAutograd")
    keys = {"CPU": composition or has_kernel(name, "CPU"), "AutogradCPU": composition}
    keys |= {key: has_kernel(name, key) for key in (_ANY_BACKEND, *_OTHER_LAYOUTS)}
    # All are looked up before one is replaced: where the CPU has a kernel of its own, torch takes a composition for
    # an operator with a derivative of its own, and finds none.
    originals = {key: _kernel(name, key) for key, wanted in keys.items() if wanted}
    for key, original in originals.items():
        if original is not None:
            _replace_for(name, key, original)


def _kernel(name: str, key: str) -> Any:
    try:
        if key == _MKLDNN:
            return torch.library.get_kernel(name, _mkldnn_key())
        return torch.library.get_kernel(name, _NOBODYS_BACKEND if key == _ANY_BACKEND else key)
    except RuntimeError:
        return None  # Nothing would run there.


@functools.cache
def _mkldnn_key() -> Any:
    """The key of oneDNN's tensors: the one that torch has given no name in Python."""
    keys = torch._C._dispatch_keys(torch.zeros(1).to_mkldnn())
    while (key := keys.highestPriorityTypeId()).name in torch._C.DispatchKey.__members__:
        keys = keys.remove(key)
    return key


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
