"""What was called, for messages: every result of the current check with the call that brought it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from grader.checking import show
from grader.model import Shape

_MAX_CALLS = 500


@dataclass(frozen=True)
class Call:
    """A call of the student's code. Put into words only where a check fails: most do not."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def text(self) -> str:
        """The call as a student would type it."""
        inside = [show.describe(value) for value in self.args]
        inside += [f"{key}={show.describe(value)}" for key, value in self.kwargs.items()]
        return f"{self.name}({', '.join(inside)})"

    @property
    def inputs(self) -> tuple[Shape, ...]:
        """The shapes of the tensors that were handed over."""
        named = [("", value) for value in self.args] + list(self.kwargs.items())
        return tuple(Shape("input", name, tuple(value.shape)) for name, value in named if _is_tensor(value))


def _is_tensor(value: Any) -> bool:
    return isinstance(value, torch.Tensor)


NO_CALL = Call("", (), {})

_answers: list[tuple[Any, Call]] = []


def forget() -> None:
    """A new check begins."""
    _answers.clear()


def note(result: Any, call: Call) -> None:
    """`result` came from `call`; None before the result is known."""
    if len(_answers) < _MAX_CALLS:
        _answers.append((result, call))


def noted_for(result: Any) -> Call | None:
    """The call that brought this very object, if one did."""
    return next((call for answer, call in reversed(_answers) if answer is result), None)


def behind(result: Any) -> Call:
    """The call that brought `result`: the very object, else the last call of the check."""
    return noted_for(result) or (_answers[-1][1] if _answers else NO_CALL)
