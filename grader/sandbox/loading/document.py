"""A student's file as it is run: stretches of code in order, and sentences about the file itself."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from grader.sandbox.loading.cell import Cell


class Unusable(Exception):
    """There is nothing in the file that could be graded; the message says why and what to do."""

    def __init__(self, message: str, *, late: bool = False) -> None:
        super().__init__(message)
        self.late = late
        """Whether it was for want of time."""


class TimeIsUp(BaseException):
    """Raised in a statement that has used its share of time; no `except Exception` of a student's catches it."""


@dataclass(frozen=True)
class Document:
    """What a file holds for grading."""

    label: str
    """What tracebacks call the whole of it."""
    source: str
    """The whole, where it is a script."""
    parse: Callable[[], tuple[Cell, ...]]
    """Takes the file apart. That costs more than everything else, and many scripts never need it."""
    whole: types.CodeType | None = None
    """The script's code, where it can be run as one for as long as nothing fails."""
    notes: tuple[str, ...] = ()
    """Sentences for the student about the file itself."""
    script: bool = False
    """Whether it is a .py: the whole is one cell."""
    runs_main: bool = True
    """Whether what stands below ``if __name__ == "__main__":`` is run."""
    history: bool = False
    """Whether the cells are a kernel's history, in which repeated definitions are the rule."""
    output_bytes: int = 0
    """The bytes of a notebook that were outputs and pictures, where they are worth a word; else 0."""
    python: str = ""
    """The Python that the student used, where the file says so."""

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Its stretches of code, parsed when they are first asked for."""
        return self.parse()

    @property
    def sources(self) -> list[tuple[str, str]]:
        """What tracebacks quote: (label, text)."""
        return [(self.label, self.source)] if self.script else [(cell.label, cell.source) for cell in self.cells]
