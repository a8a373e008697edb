"""A student's file as it is run: stretches of code in order, and what is to be said of the file itself."""

from __future__ import annotations

from dataclasses import dataclass

from grader.sandbox.loading.cell import Cell


class Unusable(Exception):
    """There is nothing in the file that could be graded; the message says why and what to do."""


class TimeIsUp(BaseException):
    """Raised in a statement that has used its share of time; no `except Exception` of a student's catches it."""


@dataclass(frozen=True)
class Document:
    """What a file holds for grading."""

    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()
    """Sentences for the student about the file itself."""
    script: bool = False
    """Whether it is a .py: the whole is one cell."""
    runs_main: bool = True
    """Whether what stands below ``if __name__ == "__main__":`` is run."""
    history: bool = False
    """Whether the cells are a kernel's history, in which repeated definitions are the rule."""
    output_bytes: int = 0
    """What outputs and pictures made up of a notebook, as far as that is worth a word; else 0."""
    python: str = ""
    """The Python that the student used, where the file says so."""
