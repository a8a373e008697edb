"""The checker: it puts a problem's checks before a submission, and forms every verdict.

Checks take their words from here: ``from grader.checking import assert_close, call, fetch``. They stand in `api`, which
is imported when a check asks for one of them: the driver imports this package without torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.checking.api import (
        Handle,
        MismatchError,
        StudentRaised,
        assert_close,
        assert_each_close,
        assert_each_equal,
        assert_equal,
        assert_unchanged,
        call,
        each,
        fetch,
        gradients,
        kept,
        printed,
        sliding_window,
    )
    from grader.checking.api.strategies import applied, pairs, tensors

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
    "each",
    "fetch",
    "gradients",
    "kept",
    "pairs",
    "printed",
    "sliding_window",
    "tensors",
]
_STRATEGIES = ("applied", "pairs", "tensors")
"""What inputs.py takes from here, and no check: it needs hypothesis."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    if name in _STRATEGIES:
        from grader.checking.api import strategies

        return getattr(strategies, name)
    from grader.checking import api

    return getattr(api, name)
