"""Functions of the check under way that it has handed to the submission.

They stay here. The room gets a number, and in place of a reply it may say that it calls the function of that number,
with arguments that are doubted as any reply is. What the function gives goes back, and the room goes on. How often is
bounded, and the room's time runs while it computes, not while the function does.

What a `raise` of the function's raises goes back as well, since student code may be asked to catch it. Everything else
that goes wrong in a function ends the check: it may be the author's mistake, and its words were not meant for a room.
"""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable
from types import TracebackType
from typing import Any

from grader.errors import WireError
from grader.sandbox.operations import Continue
from grader.sandbox.questions import Callback

MOST_CALLS = 10_000
"""How often one question may call functions of the check's."""


class Callbacks:
    """Their numbers, which are never given twice: a function of an earlier check's is not called any more."""

    def __init__(self) -> None:
        self._functions: dict[int, Callable[..., Any]] = {}
        self._last = 0

    def __bool__(self) -> bool:
        return bool(self._functions)

    def clear(self) -> None:
        """A check begins, which has handed over none."""
        self._functions.clear()

    def number(self, function: Callable[..., Any]) -> Callback:
        """The number of a function, the same each time."""
        for number, known in self._functions.items():
            if known is function:
                return Callback(number)
        self._last += 1
        self._functions[self._last] = function
        return Callback(self._last)

    def call(self, said: Any) -> Continue:
        """Make the call that the room asks for. Raises WireError, and what the function raises without meaning to."""
        number, args, kwargs = _call(said)
        function = self._functions.get(number)
        if function is None:
            return Continue(None, ("RuntimeError", "this function is of a check that is over"))
        try:
            inspect.signature(function).bind(*args, **kwargs)
        except TypeError as error:
            return Continue(None, ("TypeError", f"{getattr(function, '__name__', 'the function')}(): {error}"))
        try:
            return Continue(function(*args, **kwargs), None)
        except Exception as error:
            if isinstance(error, AssertionError) or not _is_meant(error.__traceback__):
                raise
            return Continue(None, _as_builtin(error))


def _is_meant(traceback: TracebackType | None) -> bool:
    """Whether an exception comes of a `raise` in the file of the function that was called."""
    frames = []
    while traceback is not None:
        frames.append((traceback.tb_frame.f_code, traceback.tb_lasti))
        traceback = traceback.tb_next
    if len(frames) < 2:
        return False
    (called, _), (code, at) = frames[1], frames[-1]
    return code.co_filename == called.co_filename and dis.opname[code.co_code[at]] == "RAISE_VARARGS"


def _as_builtin(error: Exception) -> tuple[str, str]:
    """The nearest kind of exception that a room has, and the words."""
    words = error.args[0] if len(error.args) == 1 and isinstance(error.args[0], str) else str(error)
    for kind in type(error).__mro__:
        if kind.__module__ == "builtins" and not issubclass(kind, UnicodeError):  # Made of more than words.
            return kind.__name__, words
    return "Exception", words


def _call(said: Any) -> tuple[int, tuple[Any, ...], dict[str, Any]]:
    if not (isinstance(said, tuple) and [type(part) for part in said] == [int, tuple, dict]):
        raise WireError("a call of the check's function that is not of the protocol's form")
    number, args, kwargs = said
    if not all(isinstance(name, str) for name in kwargs):
        raise WireError("a call of the check's function with an argument that has no name")
    return number, args, kwargs
