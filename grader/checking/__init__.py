"""What a check may import: comparisons, and the words for what lives in the room.

from grader.checking import assert_close, assert_each_close, call, fetch, kept, StudentRaised

The names are looked up when a check asks for them: the driver imports this package without torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.checking.compare import MismatchError, assert_close, assert_each_close, assert_each_equal, assert_equal
    from grader.checking.proxy import Handle, StudentRaised, call, each, fetch, kept

__all__ = [
    "Handle",
    "MismatchError",
    "StudentRaised",
    "assert_close",
    "assert_each_close",
    "assert_each_equal",
    "assert_equal",
    "call",
    "each",
    "fetch",
    "kept",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    from grader.checking import compare, proxy

    return getattr(compare, name, None) or getattr(proxy, name)
