"""Python's operators on what is in the room: each is applied there, by the object's own methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.sandbox.operating import BINARY, NUMBERS, ORDER, UNARY


class Operators:
    """Python's operators, for a check that holds an object of the room. Subclasses say which of them it may ask."""

    def _operated(self, name: str, *operands: Any) -> Any:
        """What the operator gives; NotImplemented where it may not be asked."""
        raise NotImplementedError

    def _done(self, name: str, *operands: Any) -> Any:
        """Carry out an operation that gives nothing to compare."""
        raise NotImplementedError

    def __setitem__(self, key: Any, value: Any) -> None:
        self._done("setitem", self, key, value)

    def __delitem__(self, key: Any) -> None:
        self._done("delitem", self, key)

    def __contains__(self, item: Any) -> bool:
        found = self._operated("contains", self, item)
        if found is NotImplemented:
            return any(item is each or item == each for each in iter(self))  # type: ignore[call-overload]
        return found is True


def _binary(name: str) -> Callable[..., Any]:
    return lambda self, other: self._operated(name, self, other)


def _reflected(name: str) -> Callable[..., Any]:
    return lambda self, other: self._operated(name, other, self)


def _alone(name: str) -> Callable[..., Any]:
    def applied(self: Operators) -> Any:
        given = self._operated(name, self)
        if given is NotImplemented:
            raise TypeError(f"a number was expected, to take {name} of; {self!r} is none")
        return given

    return applied


for _name in (*BINARY, *ORDER):
    setattr(Operators, f"__{_name}__", _binary(_name))
for _name in BINARY:
    setattr(Operators, f"__r{_name}__", _reflected(_name))
    setattr(Operators, f"__i{_name}__", _binary(f"i{_name}"))
for _name in (*UNARY, *NUMBERS):
    setattr(Operators, f"__{_name}__", _alone(_name))
