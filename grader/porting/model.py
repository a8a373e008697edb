"""An assignment of another grader, as far as a problem has a place for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class Lost(NamedTuple):
    """A line that does not carry over, and why."""

    where: str
    """Such as ``cell 7, line 3``."""
    code: str
    reason: str


class CodePart(NamedTuple):
    """Code of the student's file: as the solution has it, and as a student is given it."""

    where: str
    solution: str
    stub: str


class SourceTest(NamedTuple):
    """A test, as statements that use the student's functions by their names."""

    where: str
    name: str
    """A word for it, such as ``correct_squares``."""
    title: str
    """What it looks at, in the author's words; may be empty."""
    code: str
    points: float
    hidden: bool
    first_line: int = 1
    """Where `code` begins, in the place that `where` names."""
    marks: tuple[str, ...] = ()
    """Decorators, as they are written."""
    parameters: tuple[str, ...] = ()
    """What the function that the code is the body of takes, besides the student's names."""


class ByHand(NamedTuple):
    """A part that a person grades."""

    name: str
    points: float


@dataclass
class Assignment:
    """What was read. The order is that of the source."""

    source: Path
    title: str = ""
    statement: list[str] = field(default_factory=list)
    pieces: list[CodePart] = field(default_factory=list)
    tests: list[SourceTest] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    """Statements that all tests share, such as imports."""
    by_hand: list[ByHand] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    """Files beside the source that students are given, as the source itself says."""
    lost: list[Lost] = field(default_factory=list)

    def lose(self, where: str, code: str, reason: str) -> None:
        self.lost.append(Lost(where, code.strip().split("\n")[0], reason))
