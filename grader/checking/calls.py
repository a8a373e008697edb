"""Where values came from, for messages: every result of the current check with the call or the name that brought it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import torch

from grader.checking import show
from grader.model import Shape

_MAX_CALLS = 500
_MAX_INSIDE = 40
"""Characters of a call that stands in front of an attribute or of another call."""


@dataclass(frozen=True)
class Call:
    """A call in the room. Put into words only where a check fails: most do not."""

    function: str | Origin
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    verb: Literal["returned", "printed"] = "returned"
    own: bool = True
    """Whether it is a call of the student's, and not of the room's library or of an author's snippet."""

    @property
    def text(self) -> str:
        """The call as a student would type it; empty for none."""
        if not self.function:
            return ""
        inside = [show.describe(value) for value in self.args]
        inside += [f"{key}={show.describe(value)}" for key, value in self.kwargs.items()]
        return f"{self.name}({', '.join(inside)})"

    @property
    def name(self) -> str:
        """What was called."""
        return self.function if isinstance(self.function, str) else short(self.function)

    @property
    def inputs(self) -> tuple[Shape, ...]:
        """The shapes of the tensors that were handed over."""
        return tuple(Shape("input", name, tuple(value.shape)) for name, value in self.arguments() if _is_tensor(value))

    def arguments(self) -> Iterator[tuple[str, Any]]:
        """Each argument with its name; "" for one that was given by position."""
        yield from [("", value) for value in self.args]
        yield from self.kwargs.items()


@dataclass(frozen=True)
class Part:
    """What was read and not called: a variable of the student's module, an attribute or an item of a result."""

    form: str
    """How it is typed, ``{}`` standing for `whole`."""
    whole: Origin | None = None
    composed: bool = False
    """Whether it stands in brackets in front of an attribute."""
    verb: Literal["is"] = "is"
    inputs: tuple[Shape, ...] = ()

    @property
    def text(self) -> str:
        """It as a student would type it."""
        return self.form.replace("{}", short(self.whole), 1) if self.whole is not None else self.form


Origin = Call | Part


def short(origin: Origin) -> str:
    """What stands in front of an attribute."""
    text = origin.text
    if isinstance(origin, Part):
        return f"({text})" if origin.composed else text
    return text if len(text) <= _MAX_INSIDE else f"{origin.name}(…)"


def _is_tensor(value: Any) -> bool:
    return isinstance(value, torch.Tensor)


NO_CALL = Call("", (), {})

_answers: list[tuple[Any, Origin]] = []


def forget() -> None:
    """A new check begins."""
    _answers.clear()


def note(result: Any, origin: Origin) -> None:
    """`result` came from there; None before the result of a call is known."""
    if len(_answers) < _MAX_CALLS:
        _answers.append((result, origin))


def noted_for(result: Any) -> Origin | None:
    """Where this very object came from, if that is known."""
    return next((origin for answer, origin in reversed(_answers) if answer is result), None)


def behind(result: Any) -> Origin:
    """Where `result` came from: the very object, else the last call of the check."""
    return noted_for(result) or last_call() or NO_CALL


def last_call() -> Call | None:
    """The last call of the student's code in the check."""
    return next((origin for _, origin in reversed(_answers) if isinstance(origin, Call) and origin.own), None)


def given_to(value: Any) -> tuple[Call, str] | None:
    """The last call of the student's code that was given this very object, and which of its arguments it was."""
    for _, origin in reversed(_answers):
        if isinstance(origin, Call) and origin.own:
            for index, (name, argument) in enumerate(origin.arguments()):
                if argument is value:
                    return origin, name or f"argument {index + 1}"
    return None
