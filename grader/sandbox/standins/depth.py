"""How deep calls may go: as deep as the stack holds.

A file may ask for more with `sys.setrecursionlimit`. Python would then overrun the stack and end the whole process,
where otherwise it raises `RecursionError`, which costs a statement or a call.
"""

from __future__ import annotations

import sys

# What the greediest call into C and back takes: measured with `sorted`, whose key sorts.
_BYTES_A_CALL = 3355
_USUAL_STACK, _WINDOWS_STACK = 8 << 20, 2_000_000


def keep_within_the_stack() -> None:
    """From now on a larger limit than the stack holds is taken for the largest that it holds."""
    most, set_limit = max(_stack() // _BYTES_A_CALL, sys.getrecursionlimit()), sys.setrecursionlimit

    def set_what_fits(limit: int, /) -> None:
        set_limit(min(limit, most))

    sys.setrecursionlimit = set_what_fits


def _stack() -> int:
    """Bytes that the main thread's stack may grow to."""
    if sys.platform == "win32":
        return _WINDOWS_STACK
    import resource

    try:
        soft, _ = resource.getrlimit(resource.RLIMIT_STACK)
    except OSError:  # The call is refused.
        return _USUAL_STACK
    return _USUAL_STACK if soft == resource.RLIM_INFINITY else soft
