"""Figures that checks drew, as far as a report can hold them.

A check draws them from what the room said: a name, a loss, a shape may be anything. One that is no figure, or a very
large one, is left out: the checks judge the work, its figures do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import msgspec

from grader.model import Figure

_MOST = 16
_MOST_BYTES = 200_000


def that_fit(recorded: Sequence[Figure]) -> tuple[Figure, ...]:
    """The figures that are what their types say, and of a size for a page."""
    kept: list[Figure] = []
    for figure in islice(recorded, _MOST):
        try:
            encoded = msgspec.msgpack.encode(figure)
            if len(encoded) <= _MOST_BYTES:
                kept.append(msgspec.msgpack.decode(encoded, type=Figure))
        except (msgspec.MsgspecError, TypeError, ValueError, OverflowError):
            continue
    return tuple(kept)
