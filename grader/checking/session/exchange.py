"""A question and the reply to it, between a check's proxies and the examination."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from grader.sandbox.operations import Operation
from grader.sandbox.questions import Callback
from grader.sandbox.replies import Reply


class Asker(Protocol):
    """Who asks: what a proxy's link knows of the objects that it asks with."""

    function: str
    """The student's function that is asked, or from which the asked object came; `LIBRARY` for neither."""
    behind: str
    """The same, or the student's function that the room's library is asked about."""

    def number(self, value: object) -> int | str | Callback:
        """The number or name by which the room knows what cannot travel, or may call it. Raises TypeError."""

    def unpark(self, number: int, type_name: str) -> Any:
        """What stands for an object of the room."""

    def describe(self, value: Any) -> Any:
        """Arguments or a reply in a form that can be compared between examinations, for the transcript."""


class Exchange(NamedTuple):
    """A question and the reply to it."""

    asked: tuple[Any, ...]
    """The question as transcripts hold it."""
    reply: Reply


def described(asker: Asker, operation: Operation, keep: bool = False) -> tuple[Any, ...]:
    """A question in a form that can be compared."""
    return type(operation).__name__, keep, asker.describe((*operation,))
