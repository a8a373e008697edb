"""Values inside of values: lists, tuples and dicts walked in one way, in an order that is always the same.

What a list or tuple holds, and what a dict has as values, is walked into; everything else is a leaf. Walkers with
rules of their own (what may travel over the wire, what a page shows, where two values part) stay where those rules are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

UNCHANGING = frozenset({type(None), bool, int, float, str, bytes})
"""Types whose values nobody can change, and which need no copy."""


def leaves(value: Any) -> Iterator[Any]:
    """What `value` holds, at any depth, or itself."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    else:
        yield value


def with_leaves(value: Any, change: Callable[[Any], Any]) -> Any:
    """`value` with each leaf changed; what is a list, tuple or dict of its own kind is a leaf, too."""
    kind = type(value)
    if kind is list or kind is tuple:
        return kind(with_leaves(item, change) for item in value)
    if kind is dict:
        return {key: with_leaves(item, change) for key, item in value.items()}
    return change(value)
