"""What a checker may ask of a room: one type for each operation, with the values that it takes.

`CODES` numbers them for the wire. The room carries them out in one `match`, which the type checker holds complete.
"""

from __future__ import annotations

from typing import Any, NamedTuple, get_args


class Load(NamedTuple):
    """Take the submission in. It comes first, and once."""

    name: str
    source: bytes
    extras: list[tuple[str, bytes]]
    """Files beside it."""
    asked: list[str]
    """Functions and classes that a submission must define."""
    seconds: float
    given: list[tuple[str, bytes]]
    """The course's own files beside it."""
    packages: list[str]
    """Modules that may be imported, besides those of every course."""
    forbidden: dict[str, list[tuple[list[str], int]]]
    """Function of the student's -> patterns of operators, and how often it may run them in one call."""
    aside: list[tuple[str, int]]
    """(file or cell, line) of statements outside functions that are not run: a room died of each."""
    objects: tuple[str, ...] = ()
    """Classes of the submission whose instances stay in the room, whatever else they are made from."""


class CallFunction(NamedTuple):
    """Call a function of the student's by its name, or any object of the room's."""

    target: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class GetAttribute(NamedTuple):
    """Read ``target.name``."""

    target: Any
    name: str


class SetAttribute(NamedTuple):
    """Set ``target.name``."""

    target: Any
    name: str
    value: Any


class GetItem(NamedTuple):
    """Read ``target[key]``."""

    target: Any
    key: Any


class GetLength(NamedTuple):
    """Ask for ``len(target)``."""

    target: Any


class IsEqual(NamedTuple):
    """Ask for ``one == other``."""

    one: Any
    other: Any


class IsUnequal(NamedTuple):
    """Ask for ``one != other``."""

    one: Any
    other: Any


class Operate(NamedTuple):
    """Apply a function of `OPERATORS` by its name."""

    name: str
    operands: tuple[Any, ...]


class GetName(NamedTuple):
    """Read a name of the student's module."""

    name: str


class CallPrinted(NamedTuple):
    """Call as `CallFunction` does. The reply is (what it printed, what it returned)."""

    target: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Continue(NamedTuple):
    """The result of a check's function that the room has called; the room goes on where it was."""

    value: Any
    raised: tuple[str, str] | None
    """Name of a builtin exception and its message, which the call raises."""


class MakeIterator(NamedTuple):
    """Ask for ``iter(target)``."""

    target: Any


class Advance(NamedTuple):
    """Take an iterator's next item. The reply is ("more", item), or of kind `replies.STOP`."""

    iterator: Any


class GetLibrary(NamedTuple):
    """Find a builtin, a module, or the student's own module."""

    dotted: str


class TakeValue(NamedTuple):
    """Give `value` back: a copy of what is in the room, or, kept, a place there for what is not."""

    value: Any


class Define(NamedTuple):
    """Run an author's `questions.Snippet` in a namespace of its own."""

    code: Any


class Forget(NamedTuple):
    """Let go of objects that no check holds any more."""

    numbers: list[int]


Operation = (
    CallFunction
    | TakeValue
    | GetAttribute
    | SetAttribute
    | GetItem
    | GetLength
    | IsEqual
    | IsUnequal
    | Operate
    | GetName
    | CallPrinted
    | Continue
    | MakeIterator
    | Advance
    | GetLibrary
    | Define
    | Forget
    | Load
)
KINDS: tuple[type[Operation], ...] = get_args(Operation)
"""An operation's place in here is its code."""
CODES = {kind: code for code, kind in enumerate(KINDS)}
