"""A reading: what one layout makes of a download. It is a proposal; `choosing` decides between them.

A reading says which hand-ins there are and whose they are, what it cannot place, and why it may be wrong. Nothing is
graded by a reading with doubts unless the instructor asks for its layout by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from grader.intake.handin import Download, Handin
from grader.intake.model import Notice


@dataclass(slots=True)
class Reading:
    """One way to read a download."""

    layout: str
    """The layout's name, as ``--layout`` takes it."""
    title: str
    """The layout's name for people."""
    handins: list[Handin] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    """What belongs to nobody, and what the instructor should know."""
    doubts: list[str] = field(default_factory=list)
    """Why this may not be how the download is arranged: clauses without a full stop. None: the reading is clean."""
    downloads: int = 1
    """Assignments' downloads that lie side by side in it."""
    by_functions: int = 0
    """Files named after their students of which the name does not tell the problem."""
    proven: bool = False
    """Whether a platform's own marks tell whose hand-in is whose."""

    @property
    def students(self) -> int:
        return len({handin.student.id for handin in self.handins})


class Layout(Protocol):
    """How one platform, or one habit, arranges a class's submissions. Each is a module of `layouts`."""

    NAME: str
    """As ``--layout`` takes it."""
    TITLE: str
    """For people."""
    PROVEN: bool
    """Whether the platform writes whose each hand-in is; names that people chose prove less."""
    ONLY_BY_NAME: bool
    """Whether the format could not be verified, so that it is read with ``--layout`` alone."""

    def read(self, download: Download) -> Iterator[Reading]:
        """The layout's reading of `download`; none where it is arranged otherwise."""
        ...
