"""What was called, for messages: every answer of the current check with the call that brought it."""

from __future__ import annotations

from typing import Any

from grader.checking import show

_MAX_CALLS = 500

_answers: list[tuple[Any, str]] = []


def forget() -> None:
    """A new check begins."""
    _answers.clear()


def text_noted_for(result: Any) -> str | None:
    """The call that brought this very object, if one did."""
    for answer, words in reversed(_answers):
        if answer is result:
            return words
    return None


def note(result: Any, text: str) -> None:
    """`result` came from the call that `text` describes."""
    if len(_answers) < _MAX_CALLS:
        _answers.append((result, text))


def text_of(result: Any) -> str:
    """The call that brought `result`: the very object, else the last call of the check."""
    noted = text_noted_for(result)
    if noted is None:
        return _answers[-1][1] if _answers else ""
    return noted


def text(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """A call as a student would type it."""
    inside = [show.describe(value) for value in args]
    inside += [f"{key}={show.describe(value)}" for key, value in kwargs.items()]
    return f"{name}({', '.join(inside)})"
