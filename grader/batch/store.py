"""The batch's memory: one SQLite file that is right whenever the process is killed.

Write-ahead logging: a grade is there as soon as `save` returns, and a kill at any moment leaves either the state
before a transaction or the one after it. One process has the store open for writing at a time; the directory's lock
sees to that.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

import msgspec

from grader.batch.model import Row, Task
from grader.errors import HarnessError, UsageError
from grader.intake import Intake, Notice, Student, Work
from grader.model import Grade, SourceFile, Status, Submission

STORE = "batch.db"
_SCHEMA = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- What was handed in, as of the last intake.
CREATE TABLE IF NOT EXISTS students (place INTEGER PRIMARY KEY, record BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS notices (place INTEGER PRIMARY KEY, record BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS work (
    place INTEGER PRIMARY KEY, student TEXT NOT NULL, problem TEXT NOT NULL, path TEXT NOT NULL,
    content TEXT NOT NULL, grade TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS work_by_grade ON work (grade);
CREATE TABLE IF NOT EXISTS contents (name TEXT PRIMARY KEY, files BLOB NOT NULL, shape BLOB NOT NULL);
-- What came of it, whether or not it is still asked for.
CREATE TABLE IF NOT EXISTS grades (key TEXT PRIMARY KEY, status TEXT NOT NULL, grade BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS faults (key TEXT PRIMARY KEY, message TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (path TEXT PRIMARY KEY, problem TEXT NOT NULL, stamp TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS undrawn (path TEXT PRIMARY KEY, why TEXT NOT NULL) WITHOUT ROWID;
"""
_INTAKE = "intake"
_KEPT_PAGES_KB = 512
"""Of the database, in memory: small and fixed, so that a large class costs the driver no more than a small one."""


class Store:
    """An open store. Use as a context manager; errors of the database are raised as HarnessError."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / STORE
        with self._speaking():
            self._connection = sqlite3.connect(self._path, isolation_level=None, timeout=30)
            self._run("PRAGMA journal_mode = WAL")
            self._run("PRAGMA synchronous = NORMAL")
            self._run(f"PRAGMA cache_size = -{_KEPT_PAGES_KB}")
            self._connection.executescript(_TABLES)
            schema = self.fact("schema")
            if schema is None:
                self.note("schema", str(_SCHEMA))
        if schema not in (None, str(_SCHEMA)):
            raise UsageError(f"{directory} was made by another version of the grader", hint="name a new --out")

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    @contextlib.contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise HarnessError(
                f"{self._path}: {error}", hint="is the disk full, or the file damaged? a new --out begins anew"
            ) from error

    def _run(self, statement: str, *values: object) -> sqlite3.Cursor:
        with self._speaking():
            return self._connection.execute(statement, values)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._run("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._run("COMMIT")

    # -- facts -----------------------------------------------------------------------------------

    def fact(self, name: str) -> str | None:
        """What was noted under `name`."""
        row = self._run("SELECT value FROM facts WHERE name = ?", name).fetchone()
        return None if row is None else str(row[0])

    def note(self, name: str, value: str) -> None:
        """Note something; an earlier value is replaced."""
        self._run("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, value)

    # -- what was handed in ----------------------------------------------------------------------

    def forget(self) -> None:
        """Drop every grade."""
        with self._transaction():
            for table in ("grades", "faults", "pages", "undrawn"):
                self._run(f"DELETE FROM {table}")

    def replace_intake(
        self, intake: Intake, filed: Sequence[tuple[Work, str, str]], shape_of: Callable[[Submission], bytes]
    ) -> None:
        """Put an intake in place of the last one.

        `filed` holds each work with its content's name and its grade's key; `shape_of` is asked for contents that
        are new.
        """
        students = [msgspec.msgpack.encode(student) for student in intake.students]
        notices = [msgspec.msgpack.encode(notice) for notice in intake.notices]
        rows = [(work.student, work.problem, work.submission.path, content, key) for work, content, key in filed]
        digest = hashlib.sha256(msgspec.msgpack.encode((students, notices, rows))).hexdigest()
        if self._run("SELECT 1 FROM faults LIMIT 1").fetchone() is not None:
            self._run("DELETE FROM faults")
        if self.fact(_INTAKE) == digest:
            return
        with self._transaction():
            for table in ("students", "notices", "work"):
                self._run(f"DELETE FROM {table}")
            for student in students:
                self._run("INSERT INTO students (record) VALUES (?)", student)
            for notice in notices:
                self._run("INSERT INTO notices (record) VALUES (?)", notice)
            for (work, content, _), row in zip(filed, rows, strict=True):
                self._run("INSERT INTO work (student, problem, path, content, grade) VALUES (?, ?, ?, ?, ?)", *row)
                if self._run("SELECT 1 FROM contents WHERE name = ?", content).fetchone() is None:
                    submission = work.submission
                    files = msgspec.msgpack.encode((submission.main, submission.extra, submission.sha256))
                    self._run("INSERT INTO contents VALUES (?, ?, ?)", content, files, shape_of(submission))
            self._run("DELETE FROM contents WHERE name NOT IN (SELECT content FROM work)")
            self.note(_INTAKE, digest)

    def students(self) -> list[Student]:
        """In the order of the results."""
        rows = self._run("SELECT record FROM students ORDER BY place")
        return [msgspec.msgpack.decode(record, type=Student) for (record,) in rows]

    def notices(self) -> list[Notice]:
        """Whatever the instructor should know of the hand-ins."""
        rows = self._run("SELECT record FROM notices ORDER BY place")
        return [msgspec.msgpack.decode(record, type=Notice) for (record,) in rows]

    def submission(self, content: str) -> Submission:
        """The content as it goes before the checks: nobody's, so that its grade serves all who handed it in."""
        row = self._run("SELECT files FROM contents WHERE name = ?", content).fetchone()
        main, extra, sha256 = msgspec.msgpack.decode(row[0], type=tuple[SourceFile, tuple[SourceFile, ...], str])
        return Submission("", main, extra, None, sha256)

    def shapes(self, problem: str) -> Iterator[tuple[str, bytes]]:
        """(student, shape of the answer) of everyone's answer to a problem."""
        yield from self._run(
            "SELECT student, shape FROM work JOIN contents ON name = content WHERE problem = ? ORDER BY place", problem
        )

    # -- grades ----------------------------------------------------------------------------------

    def tasks(self) -> list[Task]:
        """What has no grade yet, in the order of the results."""
        rows = self._run(
            "SELECT work.grade, problem, content, student FROM work LEFT JOIN grades ON key = work.grade"
            " WHERE key IS NULL GROUP BY work.grade ORDER BY MIN(place)"
        )
        return [Task(*row) for row in rows]

    def save(self, key: str, grade: Grade) -> None:
        """Keep a grade; whose it is, the work says."""
        nobodys = msgspec.structs.replace(grade, student=None, submission="")
        with self._transaction():
            encoded = msgspec.msgpack.encode(nobodys)
            self._run("INSERT OR REPLACE INTO grades VALUES (?, ?, ?)", key, str(grade.status), encoded)
            self._run("DELETE FROM faults WHERE key = ?", key)

    def save_fault(self, key: str, message: str) -> None:
        """Note that the grader itself failed; the next run tries again."""
        self._run("INSERT OR REPLACE INTO faults VALUES (?, ?)", key, message)

    def rows(self, key: str | None = None) -> Iterator[Row]:
        """All answers in the order of the results, with their grades; or those whose grade is filed under `key`."""
        decoder = msgspec.msgpack.Decoder(Grade)
        which, values = ("WHERE work.grade = ?", (key,)) if key is not None else ("", ())
        rows = self._run(
            "SELECT student, problem, path, work.grade, grades.grade, message FROM work"
            " LEFT JOIN grades ON grades.key = work.grade LEFT JOIN faults ON faults.key = work.grade"
            f" {which} ORDER BY place",
            *values,
        )
        for student, problem, path, key, encoded, fault in rows:
            grade = None
            if encoded is not None:
                grade = msgspec.structs.replace(decoder.decode(encoded), student=student, submission=path)
            yield Row(student, problem, path, key, grade, fault)

    def outcome(self) -> tuple[dict[Status, int], list[tuple[str, str, str]]]:
        """How many answers ended how; and (student, problem, message) of each that the grader failed to grade."""
        counts = self._run(
            "SELECT status, COUNT(*) FROM work JOIN grades ON key = work.grade GROUP BY status ORDER BY status"
        )
        faults = self._run("SELECT student, problem, message FROM work JOIN faults ON key = work.grade ORDER BY place")
        return {Status(status): count for status, count in counts}, list(faults)

    def state(self) -> str:
        """A digest that changes with anything that the published files are made from."""
        digest = hashlib.sha256()
        for statement in (
            "SELECT record FROM students ORDER BY place",
            "SELECT record FROM notices ORDER BY place",
            "SELECT student || char(0) || problem || char(0) || path || char(0) || work.grade || char(0)"
            " || (grades.key IS NULL) || coalesce(message, '') FROM work LEFT JOIN grades ON grades.key = work.grade"
            " LEFT JOIN faults ON faults.key = work.grade ORDER BY place",
        ):
            for (value,) in self._run(statement):
                part = value if isinstance(value, bytes) else value.encode()
                digest.update(len(part).to_bytes(4, "little") + part)
        return digest.hexdigest()

    # -- pages -----------------------------------------------------------------------------------

    def page_stamp(self, path: str) -> str | None:
        """What the page at `path`, relative to the directory, was made from."""
        row = self._run("SELECT stamp FROM pages WHERE path = ?", path).fetchone()
        return None if row is None else str(row[0])

    def stamp_page(self, path: str, problem: str, stamp: str, undrawn: str = "") -> None:
        """The page was written; plainly, where `undrawn` says why it could not be drawn."""
        self._run("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", path, problem, stamp)
        if undrawn:
            self._run("INSERT OR REPLACE INTO undrawn VALUES (?, ?)", path, undrawn)
        else:
            self._run("DELETE FROM undrawn WHERE path = ?", path)

    def undrawn(self) -> dict[str, str]:
        """Path of each page that was written plainly -> why it could not be drawn."""
        return dict(self._run("SELECT path, why FROM undrawn ORDER BY path"))

    def pages(self, problem: str) -> list[str]:
        """Paths of all pages on a problem."""
        return [path for (path,) in self._run("SELECT path FROM pages WHERE problem = ?", problem)]

    def forget_page(self, path: str) -> None:
        """The page was removed."""
        for table in ("pages", "undrawn"):
            self._run(f"DELETE FROM {table} WHERE path = ?", path)
