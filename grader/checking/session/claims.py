"""What a room says besides the values that checks compare: exceptions, operators, an account of what it loaded.

All of it is claims, made by a process in which student code runs. They become text of bounded length without control
characters here, and numbers that can be printed. Whatever is not of the expected form is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, cast

from grader.checking.calls import Call
from grader.model import Forbidden
from grader.sandbox.replies import ExceptionClaim, ModuleClaim, Sighting, SyntaxClaim
from grader.text import plain

_MAX_MESSAGE = 4000
_MAX_NAME = 200
_MAX_FRAMES = 12
_MAX_KINDS = 20
_MAX_NOTES = 50
_MAX_FAILURES = 100
_MAX_SENTENCE = 600
_MAX_NUMBER = 10**6
_MAX_HINT = 400
_CELL = re.compile(r"cell \d+|In \[\d+\]")
"""What the room calls a notebook's cell."""


@dataclass(frozen=True)
class Syntax:
    """Where a submission is not Python."""

    file: str
    line: int
    column: int
    text: str
    message: str
    hint: str = ""
    """What most likely stands in the way, and what to do."""


@dataclass(frozen=True)
class Frame:
    """One line of a student's traceback."""

    file: str
    line: int
    function: str
    text: str


class StudentRaised(Exception):
    """The student's code raised an exception. All here is what the room says of it, perhaps no `ExceptionClaim`."""

    def __init__(self, said: dict[Any, Any]) -> None:
        described = cast(ExceptionClaim, said)
        self.type_name = text_in(described.get("type"), _MAX_NAME) or "?"
        self.kinds = frozenset(texts_in(described.get("kinds"), _MAX_NAME, _MAX_KINDS))
        """The names of its class, and of those that this one is made from."""
        self.message = text_in(described.get("message"), _MAX_MESSAGE)
        self.out_of_memory = described.get("memory") is True
        self.missing_name = described.get("missing") is True
        self.unusable = described.get("unusable") is True
        """Whether the message says why nothing in the file can be graded."""
        self.late = described.get("late") is True
        """Whether that was for want of time."""
        self.absent_library = described.get("absent") is True
        """Whether the message names a library that is not installed."""
        self.call: Call | None = None
        """The check's call that brought it, where it was a call."""
        self.while_placing = False
        """Whether it came of what the check places in the room, in front of the call."""
        self.failed_place = ""
        """The failed line that the called function, or a part of it, should have come from."""
        self.because = ""
        """What went wrong there."""
        self.syntax = _syntax(described.get("syntax"))
        self.frames = _frames(described.get("frames"))
        super().__init__(f"{self.type_name}: {self.message}" if self.message else self.type_name)

    def traceback(self) -> str:
        """The student's own frames, in Python's form."""
        if not self.frames:
            return ""
        lines = ["Traceback (most recent call last):"]
        for frame in self.frames:
            place = frame.file if _CELL.fullmatch(frame.file) else f'File "{frame.file}"'
            lines.append(f"  {place}, line {frame.line}, in {frame.function}")
            if frame.text:
                lines.append(f"    {frame.text}")
        return "\n".join([*lines, str(self)])


class ForbiddenOperatorUsed(Exception):
    """A function of the student ran an operator of torch that the problem forbids it, or ran it too often."""

    def __init__(self, function: str, seen: Sighting, rule: Forbidden) -> None:
        self.function, self.say, self.at_most = function, rule.say, rule.at_most
        self.operator, self.file = text_in(seen.operator, _MAX_NAME), text_in(seen.file, _MAX_NAME)
        self.line, self.times = _number(seen.line), _number(seen.times)
        super().__init__(f"{function} ran {self.operator}")


class AnswerTooLarge(Exception):
    """The student's function returned more than may leave the room."""

    call: Call | None = None

    def __init__(self, said: Any) -> None:
        super().__init__(text_in(said, _MAX_NAME) or "too much")


@dataclass(frozen=True)
class Loaded:
    """What the room says of the module that it loaded."""

    names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    failures: dict[str, str] = field(default_factory=dict)
    """Place outside functions, such as ``line 7`` or ``cell 3, line 2`` -> what went wrong there."""
    lost: dict[str, str] = field(default_factory=dict)
    """Function of the stub -> the failed place that it, or something it uses, should have come from."""
    silent: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Function of the stub -> functions that it uses, itself included, which never return anything."""


def loaded(value: Any) -> Loaded:
    """The room's account of what it loaded."""
    if not isinstance(value, dict):
        return Loaded()
    claim = cast(ModuleClaim, value)
    return Loaded(
        texts_in(claim.get("names"), _MAX_NAME, 1000),
        texts_in(claim.get("notes"), _MAX_SENTENCE, _MAX_NOTES),
        _text_map(claim.get("failures")),
        _text_map(claim.get("lost")),
        {name: tuple(used.split()) for name, used in _text_map(claim.get("silent")).items()},
    )


def text_in(value: Any, limit: int) -> str:
    """What the room says, as a text of so many characters; empty where it is none."""
    return plain(value[:limit]) if isinstance(value, str) else ""


def texts_in(value: Any, limit: int, most: int) -> tuple[str, ...]:
    """A list that the room says, as so many such texts; empty where it is none."""
    return tuple(text_in(each, limit) for each in value[:most]) if isinstance(value, list) else ()


def _number(value: Any) -> int:
    return value if type(value) is int and 0 <= value <= _MAX_NUMBER else 0


def _text_map(value: Any) -> dict[str, str]:
    items = list(value.items())[:_MAX_FAILURES] if isinstance(value, dict) else []
    return {
        text_in(key, _MAX_NAME): text_in(item, _MAX_SENTENCE)
        for key, item in items
        if isinstance(key, str) and isinstance(item, str)
    }


def _syntax(value: Any) -> Syntax | None:
    if not isinstance(value, dict):
        return None
    claim = cast(SyntaxClaim, value)
    return Syntax(
        text_in(claim.get("file"), _MAX_NAME),
        _number(claim.get("line")),
        _number(claim.get("column")),
        text_in(claim.get("text"), _MAX_NAME),
        text_in(claim.get("message"), 300),
        text_in(claim.get("hint"), _MAX_HINT),
    )


def _frames(value: Any) -> list[Frame]:
    if not isinstance(value, list):
        return []
    return [
        Frame(
            text_in(frame[0], _MAX_NAME), _number(frame[1]), text_in(frame[2], _MAX_NAME), text_in(frame[3], _MAX_NAME)
        )
        for frame in value[:_MAX_FRAMES]
        if isinstance(frame, tuple) and [type(part) for part in frame] == [str, int, str, str]
    ]
