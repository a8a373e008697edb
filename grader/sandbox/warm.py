"""First uses of torch that are slow or that would start threads, made once before any room is forked."""

from __future__ import annotations

import importlib
import random
import warnings
from collections.abc import Callable, Iterable


def basics() -> None:
    """One forward and backward pass and one loader. Milliseconds; needed by nearly every submission."""
    import torch
    import torch.utils.data

    torch.set_num_threads(1)
    layer = torch.nn.Conv2d(1, 2, 3)
    torch.autograd.backward([layer(torch.ones(1, 1, 5, 5)).sum()])
    begin_alike()


def begin_alike() -> None:
    """Give the generators of Python, numpy and torch the state that they have in every room and every run.

    A submission's random start is to decide no mark. A room calls this itself: Python seeds its `random` anew in each
    forked process.
    """
    import numpy as np
    import torch

    torch.default_generator.manual_seed(0)
    np.random.seed(0)
    random.seed(0)


def _optimizers() -> None:
    """The first optimizer imports much of torch: about a second, paid once."""
    import torch

    for family in (torch.optim.SGD, torch.optim.Adam):
        parameter = torch.nn.Parameter(torch.ones(2))
        optimizer = family([parameter], lr=0.1)
        torch.autograd.backward([parameter.sum()])
        optimizer.step()


def _notebooks() -> None:
    """The libraries that read a notebook, in the room."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import IPython.core.inputtransformer2  # noqa: F401
        import nbformat  # noqa: F401


_STEPS: dict[str, Callable[[], None]] = {"optimizers": _optimizers, "notebooks": _notebooks}
_IMPORT = "import "
_done: set[str] = set()


def importing(module: str) -> str:
    """The name of the first use that is the import of a course's module."""
    return f"{_IMPORT}{module}"


def lacking(names: Iterable[str]) -> list[str]:
    """Those of the named first uses that this process has not made."""
    return [name for name in names if name not in _done]


def prepare(names: Iterable[str]) -> None:
    """Make the named first uses, each once per process: "optimizers", "notebooks", and what `importing` names."""
    for name in lacking(names):
        if name.startswith(_IMPORT):
            importlib.import_module(name.removeprefix(_IMPORT))
        else:
            _STEPS[name]()
        _done.add(name)
