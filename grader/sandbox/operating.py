"""Python's operators by name, as a room applies them to what it holds."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

BINARY = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor", "lshift", "rshift")
"""Each with a reflected and an in-place form."""
ORDER = ("lt", "le", "gt", "ge")
UNARY = ("neg", "pos", "abs", "invert")
SIGNS = dict(
    zip(
        (*BINARY, *ORDER),
        ("+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "<<", ">>", "<", "<=", ">", ">="),
        strict=True,
    )
)
NUMBERS = {"float": float, "int": int, "complex": complex}


def _entered(manager: Any) -> Any:
    return type(manager).__enter__(manager)


def _left(manager: Any, type_name: str | None, message: str) -> Any:
    """What `with` does at its end, after an exception of a builtin type, or one that stands for another."""
    if type_name is None:
        return type(manager).__exit__(manager, None, None, None)
    kind = getattr(__import__("builtins"), type_name, None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        kind = RuntimeError
    try:
        raise kind(message)
    except Exception as error:
        return type(manager).__exit__(manager, type(error), error, error.__traceback__)


OPERATORS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {name: getattr(operator, f"__{name}__") for name in (*BINARY, *ORDER, *UNARY)}
    | {f"i{name}": getattr(operator, f"__i{name}__") for name in BINARY}
    | NUMBERS
    | {
        "contains": operator.contains,
        "setitem": operator.setitem,
        "delitem": operator.delitem,
        "enter": _entered,
        "exit": _left,
    }
)
