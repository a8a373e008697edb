"""A student's journal: what each grading of their own work came to; the next one says what has changed.

It lies in the user's folder for state, a file for each course, one line of JSON an entry: appended in one write, so
that two commands at once lose nothing. A journal that cannot be read or written costs the comparison, never a grade.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec

from grader.common.atomic import replace_file
from grader.common.caches import state_folder
from grader.model import Grade, Outcome, Status

_MOST_BYTES = 1 << 20
_KEPT = 100
"""Entries of a problem that stay when a journal has become too long, beside its best one."""


class JournalEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One grading."""

    when: float
    """Seconds since 1970."""
    problem: str
    score: float
    max_score: float
    percent: float
    passed: int
    checks: int
    status: Status = Status.GRADED
    public_only: bool = False
    sha256: str = ""
    """Digest of the submission."""
    version: str = ""
    """Version of the problem: points of two versions are not compared."""


class Hints(msgspec.Struct, frozen=True):
    """How many hints have been given for one idea of a problem."""

    problem: str
    idea: str
    given: int


class _Line(msgspec.Struct, omit_defaults=True):
    graded: JournalEntry | None = None
    hints: Hints | None = None
    packed: str = ""
    """Digest of what was written to be handed in."""


class Journal:
    """The journal of one course."""

    def __init__(self, course: Path, folder: Path | None = None) -> None:
        name = hashlib.sha256(os.fsencode(course.resolve())).hexdigest()[:16]
        self._path = (folder or state_folder() / "journal") / f"{name}.jsonl"

    def entries(self, problem: str | None = None) -> list[JournalEntry]:
        """Gradings, the oldest first; of one problem or of all."""
        found = (line.graded for line in self._lines() if line.graded is not None)
        return [entry for entry in found if problem in (None, entry.problem)]

    def last(self, problem: str) -> JournalEntry | None:
        """The last grading of a problem."""
        return next(reversed(self.entries(problem)), None)

    def add(self, grade: Grade) -> None:
        """Write a grading down."""
        self._append(_Line(graded=entry_of(grade)))

    def hints_given(self, problem: str, idea: str) -> int:
        """How many hints for this idea have been given."""
        found = [
            line.hints.given
            for line in self._lines()
            if line.hints and (line.hints.problem, line.hints.idea) == (problem, idea)
        ]
        return found[-1] if found else 0

    def give_hint(self, problem: str, idea: str, given: int) -> None:
        """Write down that `given` hints have been given now."""
        self._append(_Line(hints=Hints(problem, idea, given)))

    def packs(self) -> set[str]:
        """Digests of everything that was packed."""
        return {line.packed for line in self._lines() if line.packed}

    def packed(self, digest: str) -> None:
        """Write down that something was packed."""
        self._append(_Line(packed=digest))

    def _lines(self) -> list[_Line]:
        try:
            raw = self._path.read_bytes()
        except OSError:
            return []
        lines = []
        for text in raw.split(b"\n"):
            try:
                lines.append(msgspec.json.decode(text, type=_Line))
            except (msgspec.DecodeError, RecursionError):
                continue  # Cut short, or of another version.
        return lines

    def _append(self, line: _Line) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self._path.exists() and self._path.stat().st_size > _MOST_BYTES:
                self._shorten()
            fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(fd, "ab") as file:
                file.write(msgspec.json.encode(line) + b"\n")
        except OSError:
            return

    def _shorten(self) -> None:
        lines = self._lines()
        entries = [line.graded for line in lines if line.graded is not None]
        kept: set[int] = set()
        for problem in {entry.problem for entry in entries}:
            own = [entry for entry in entries if entry.problem == problem]
            kept |= {id(entry) for entry in [*own[-_KEPT:], best(own)]}
        short = [line for line in lines if line.graded is not None and id(line.graded) in kept]
        hints = {(line.hints.problem, line.hints.idea): line for line in lines if line.hints is not None}
        packs = [line for line in lines if line.packed][-_KEPT:]
        content = b"".join(msgspec.json.encode(line) + b"\n" for line in [*short, *hints.values(), *packs])
        replace_file(self._path, content, mode=0o600)


def entry_of(grade: Grade) -> JournalEntry:
    """What the journal keeps of a grade, as of now."""
    passed = sum(check.outcome is Outcome.PASSED for check in grade.checks)
    return JournalEntry(
        time.time(),
        grade.problem,
        grade.score,
        grade.max_score,
        grade.percent,
        passed,
        len(grade.checks),
        grade.status,
        grade.public_only,
        grade.sha256,
        grade.problem_version,
    )


def best(entries: Iterable[JournalEntry]) -> JournalEntry | None:
    """The grading with the highest percentage, the last of those; None without any."""
    return max(entries, key=lambda entry: (entry.percent, entry.when), default=None)
