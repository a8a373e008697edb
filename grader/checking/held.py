"""What a handle knows of itself. All its other attributes are those of the object in the room."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from grader.checking.calls import Origin

_NAME = "_torchgrade_held"


class Held(NamedTuple):
    """The private state of a handle."""

    link: Any
    """The way to the examination, the proxies' own."""
    number: int | str
    """The number by which the room knows it; a name of the student's module for what is there by its name."""
    type_name: str
    generation: int
    """The room that the object is in."""
    members: Mapping[str, str] = MappingProxyType({})
    """Attributes that are functions or classes for certain -> the names of their types."""
    origin: Origin | None = None
    """Where it came from, for messages."""
    name: str = ""
    """What it was read as, where it is the library's."""


def hold(handle: object, held: Held) -> None:
    """Give a new handle its state."""
    object.__setattr__(handle, _NAME, held)


def held_by(handle: object) -> Held | None:
    """The state of a handle; None for what is no handle."""
    held = getattr(handle, "__dict__", {}).get(_NAME)
    return held if isinstance(held, Held) else None
