"""Results of an earlier class, as a further source of likenesses: read only, and never written.

Last year's students are compared with this year's and not with each other. On pages and in tables they are called by
their folder and their id, ``2024/results: jane``.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader.batch.database import speaking, stored
from grader.batch.shelf import Files
from grader.batch.store import STORE
from grader.errors import GraderError, UsageError
from grader.intake.missing import did_you_mean_path
from grader.intake.model import Student
from grader.model import Submission

_TEAM = "an earlier class"


class EarlierAnswer(msgspec.Struct, frozen=True):
    """An answer of somebody in an earlier class."""

    student: str
    """As pages call who wrote it."""
    path: str
    content: str


class EarlierClass:
    """One directory of results."""

    def __init__(self, directory: Path) -> None:
        """Raise UsageError where `directory` holds no results."""
        self.directory = directory.resolve()
        self._path = self.directory / STORE
        if not directory.is_dir():
            raise UsageError(f"there is no folder {directory} to compare with", hint=did_you_mean_path(directory))
        if not self._path.is_file():
            raise UsageError(
                f"{directory} holds no results of grade batch to compare with",
                hint="grade last year's download into a folder, and name that",
            )

    @property
    def label(self) -> str:
        """What its students are called by, before their ids."""
        return "/".join(self.directory.parts[-2:])

    @property
    def stamp(self) -> str:
        """Changes with what it holds."""
        found = self._path.stat()
        return f"{self._path} {found.st_mtime_ns} {found.st_size}"

    def shapes(self, problem: str) -> list[tuple[str, bytes]]:
        """(student, shape of the answer) of everyone's answer to a problem."""
        asked = (
            "SELECT student, shape FROM work JOIN contents ON name = content WHERE problem = ? AND chosen"
            " ORDER BY place"
        )
        return [(self._called(student), shape) for student, shape in self._rows(asked, problem)]

    def answer(self, student: str, problem: str) -> EarlierAnswer | None:
        """The answer of somebody, by what pages call them."""
        asked = "SELECT student, path, content FROM work WHERE problem = ? AND chosen"
        for id, path, content in self._rows(asked, problem):
            if self._called(id) == student:
                return EarlierAnswer(student, path, content)
        return None

    def submission(self, content: str) -> Submission:
        """The files of an answer."""
        ((files,),) = self._rows("SELECT files FROM contents WHERE name = ?", content)
        main, extra, sha256 = msgspec.msgpack.decode(files, type=Files)
        return Submission("", main, extra, None, sha256)

    @property
    def size(self) -> int:
        """How many students it has."""
        ((count,),) = self._rows("SELECT COUNT(*) FROM students")
        return int(count)

    def names(self) -> dict[str, str]:
        """What pages call its students -> their names, with the class's."""
        students = [stored(record, Student, self._path) for (record,) in self._rows("SELECT record FROM students")]
        return {self._called(each.id): f"{each.name} ({self.label})" for each in students}

    def _called(self, student: str) -> str:
        return f"{self.label}: {student}"

    def _rows(self, statement: str, *values: str) -> list[tuple[Any, ...]]:
        # A database that nobody writes is opened as one that does not change: its folder may be read-only.
        quiet = not self._path.with_name(f"{STORE}-wal").exists()
        address = f"{self._path.as_uri()}?mode=ro{'&immutable=1' if quiet else ''}"
        with speaking(self._path), contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
            return connection.execute(statement, values).fetchall()


def earlier_classes(directories: Sequence[Path]) -> tuple[list[EarlierClass], list[tuple[str, str]]]:
    """Those that can be read; and (directory, why) of those that cannot."""
    found, failed = [], []
    for directory in dict.fromkeys(directories):
        try:
            found.append(EarlierClass(directory))
        except UsageError as error:
            failed.append((str(directory), error.message))
    return found, failed


def compared_with(
    classes: Sequence[EarlierClass], problem: str, answers: Sequence[tuple[str, bytes]], teams: dict[str, str]
) -> tuple[list[tuple[str, bytes]], dict[str, str]]:
    """The answers to a problem and who handed in together, with those of earlier classes. Raises GraderError."""
    earlier = [pair for each in classes for pair in each.shapes(problem)]
    return [*answers, *earlier], {**teams, **dict.fromkeys((student for student, _ in earlier), _TEAM)}


def stamps(directories: Sequence[Path]) -> Iterator[str]:
    """What changes with any of them."""
    for each in earlier_classes(directories)[0]:
        with contextlib.suppress(OSError, GraderError):
            yield each.stamp
