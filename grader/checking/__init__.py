"""The checker: it puts a problem's checks before a submission, and forms every verdict.

Checks take their words from here: ``from grader.checking import assert_close, call, fetch``. The module that holds a
word is imported when a check asks for it: the driver imports this package without torch, and a check needs no
hypothesis.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.checking.api.compare import (
        MismatchError,
        assert_close,
        assert_each_close,
        assert_each_equal,
        assert_equal,
        assert_unchanged,
    )
    from grader.checking.api.expecting import caught, raising
    from grader.checking.api.handles import Handle, call, fetch
    from grader.checking.api.plots import plotted
    from grader.checking.api.proxy import each, gradients, kept, printed
    from grader.checking.api.strategies import applied, pairs, tensors
    from grader.checking.api.windows import sliding_window
    from grader.checking.session.claims import StudentRaised

__all__ = [
    "Handle",
    "MismatchError",
    "StudentRaised",
    "applied",
    "assert_close",
    "assert_each_close",
    "assert_each_equal",
    "assert_equal",
    "assert_unchanged",
    "call",
    "caught",
    "each",
    "fetch",
    "gradients",
    "kept",
    "pairs",
    "plotted",
    "printed",
    "raising",
    "sliding_window",
    "tensors",
]
# The last one for inputs.py alone: it needs hypothesis.
_MODULES = (
    "api.compare",
    "api.handles",
    "api.proxy",
    "api.windows",
    "api.expecting",
    "api.plots",
    "session.claims",
    "api.strategies",
)


def __getattr__(name: str) -> Any:
    if name in __all__:
        for module in _MODULES:
            found = getattr(importlib.import_module(f"grader.checking.{module}"), name, None)
            if found is not None:
                return found
    raise AttributeError(name)
