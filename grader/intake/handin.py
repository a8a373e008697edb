"""What one student handed in at one time, before anyone knows which problem it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from grader.intake.model import Notice, Student
from grader.intake.naming import Names
from grader.intake.tree import Entry, Listing


@dataclass(frozen=True, slots=True)
class Handin:
    """One student's files, from one place in the download."""

    student: Student
    files: tuple[Entry, ...]
    """Entries whose `parts` are relative to what the student handed in."""
    shown: str
    """Where in the source, for people."""
    late: bool = False
    problem: str | None = None
    """The problem this was handed in for, where the platform or the folder says so."""
    attempt: str = ""
    """Larger is newer, among hand-ins of the same student that replace each other."""
    sequence: int = 0
    """Larger is newer, among files of one attempt."""
    dashes: bool = False
    """Whether the platform writes ``name-1.py`` for a second upload of ``name.py``."""
    flat_name: bool = False
    """Whether the student's name was taken from the file's name, so that its numbers are weaker evidence."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """What a layout makes of a listing."""

    handins: list[Handin] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Download:
    """One class's download, on its way to being told apart by student."""

    listing: Listing
    names: Names
    problem: str | None
    """The problem the whole download is for, if one."""
    shown: str
    """The folder or archive it came from; empty for the source itself."""
    title: str
    """The name of that folder or archive, of the source too."""
    read_text: Callable[[Entry, int], str]
    """Read a text file of the platform's own; raises `Refused`."""
    answers: Callable[[Entry], list[str]]
    """The problems whose functions a code file defines."""

    def where(self, name: str) -> str:
        """The printable path of a top-level `name`."""
        return f"{self.shown}/{name}" if self.shown else name
