"""What one student handed in at one time, before anyone knows which problem it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from grader.intake.content import CODE
from grader.intake.model import Student
from grader.intake.naming import Names, Strength, names_nobody
from grader.intake.roster import RosterRow
from grader.intake.tree import Entry, Listing
from grader.intake.versions import says_only_version

_LOOKED_INTO = 20
"""Code files of a folder in which answers are looked for, where its name leaves open what it is."""


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
    """The problem this was handed in for, where the platform, the folder or the file's name says so."""
    attempt: str = ""
    """Larger is newer, among hand-ins of the same student that replace each other."""
    sequence: int = 0
    """Larger is newer, among files of one attempt."""
    dashes: bool = False
    """Whether the platform writes ``name-1.py`` for a second upload of ``name.py``."""
    flat_name: bool = False
    """Whether the layout has told the student's name in the file's name from the problem's."""
    handed_in: str = ""
    """When, in ISO 8601 with its zone, where the platform says so."""


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
    open_archive: Callable[[Entry], Listing | None]
    """What an archive holds; None for one that cannot be opened."""
    people: tuple[RosterRow, ...] = ()
    """The class list, where there is one."""
    listed: list[list[Container]] = field(default_factory=list, init=False, repr=False, compare=False)
    """What `containers` found, alone in it: every layout asks for it."""

    def where(self, name: str) -> str:
        """The printable path of a top-level `name`."""
        return f"{self.shown}/{name}" if self.shown else name

    def inside(self, name: str, listing: Listing) -> Download:
        """The folder or archive `name` in it, as a download of its own."""
        hint = self.names.best(name, Strength.CERTAIN)
        return replace(self, listing=listing, problem=hint or self.problem, shown=self.where(name), title=name)

    def answered_in(self, listing: Listing) -> set[str]:
        """The problems whose functions are defined in a folder."""
        code = [entry for entry in listing.entries if entry.suffix in CODE]
        return {problem for entry in code[:_LOOKED_INTO] for problem in self.answers(entry)}


@dataclass(frozen=True, slots=True)
class Container:
    """A folder or archive at the top of a download."""

    name: str
    """Without an archive's suffix."""
    download: Download
    opened: bool = True
    """False for an archive that cannot be opened."""

    @property
    def holds_code(self) -> bool:
        """Whether any file in it could be an answer."""
        return any(entry.suffix in CODE or entry.is_archive for entry in self.download.listing.entries)

    @property
    def is_stray(self) -> bool:
        """Whether it is nobody's and no assignment's by its name, or holds nothing to grade."""
        return self.opened and (names_nobody(self.name) or says_only_version(self.name) or not self.holds_code)
