"""The batch's memory: one SQLite file that is right whenever the process is killed.

Write-ahead logging: a grade is there as soon as `save` returns, and a kill at any moment leaves either the state
before a transaction or the one after it. One process has the store open for writing at a time; the directory's lock
sees to that.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

import msgspec

from grader.batch.database import Found, speaking, stored
from grader.batch.model import Row, Task
from grader.batch.outputs import PRIVATE_FILE
from grader.batch.shelf import Files
from grader.errors import UsageError
from grader.intake.model import Intake, Notice, NoticeKind, Student, Work
from grader.intake.text import natural
from grader.model import Grade, Status, Submission

STORE = "batch.db"
_SCHEMA = 2
_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- What was handed in, as of the last intake.
-- A round is one download; of the works of several rounds, those that count are chosen.
CREATE TABLE IF NOT EXISTS rounds (round INTEGER PRIMARY KEY, source TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS students (
    place INTEGER PRIMARY KEY, record BLOB NOT NULL, round INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS notices (
    place INTEGER PRIMARY KEY, record BLOB NOT NULL, round INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS work (
    place INTEGER PRIMARY KEY, student TEXT NOT NULL, problem TEXT NOT NULL, path TEXT NOT NULL,
    content TEXT NOT NULL, grade TEXT NOT NULL, late INTEGER NOT NULL DEFAULT 0, handed_in TEXT NOT NULL DEFAULT '',
    round INTEGER NOT NULL DEFAULT 1, chosen INTEGER NOT NULL DEFAULT 1);
CREATE INDEX IF NOT EXISTS work_by_grade ON work (grade);
CREATE TABLE IF NOT EXISTS contents (name TEXT PRIMARY KEY, files BLOB NOT NULL, shape BLOB NOT NULL);
-- What came of it, whether or not it is still asked for.
CREATE TABLE IF NOT EXISTS grades (key TEXT PRIMARY KEY, status TEXT NOT NULL, grade BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS faults (key TEXT PRIMARY KEY, message TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (path TEXT PRIMARY KEY, problem TEXT NOT NULL, stamp TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS undrawn (path TEXT PRIMARY KEY, why TEXT NOT NULL) WITHOUT ROWID;
"""
# Columns that a directory of the first schema lacks.
_FROM_1 = (
    *(f"ALTER TABLE {table} ADD COLUMN round INTEGER NOT NULL DEFAULT 1" for table in ("students", "notices", "work")),
    "ALTER TABLE work ADD COLUMN late INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE work ADD COLUMN handed_in TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE work ADD COLUMN chosen INTEGER NOT NULL DEFAULT 1",
)
_INTAKE = "intake"
PUBLISHED = "published"
"""The fact that says what the published files were made from."""
_CHOOSE_LAST = (
    "UPDATE work SET chosen = (round = (SELECT MAX(round) FROM work AS w"
    " WHERE w.student = work.student AND w.problem = work.problem))"
)
_KEPT_PAGES_KB = 512
"""The database's memory: small and fixed, so that a large class costs the driver no more than a small one."""


class Store:
    """An open store. Use as a context manager; errors of the database are raised as HarnessError."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / STORE
        # Made before it is opened: the database's own files beside it are as private as it is.
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE))
        with speaking(self._path):
            self._connection = sqlite3.connect(self._path, isolation_level=None, timeout=30)
            self._run("PRAGMA journal_mode = WAL")
            self._run("PRAGMA synchronous = NORMAL")
            self._run(f"PRAGMA cache_size = -{_KEPT_PAGES_KB}")
            self._connection.executescript(_TABLES)
            schema = self.fact("schema")
            if schema == "1":
                self._upgrade()
                schema = str(_SCHEMA)
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

    def _run(self, statement: str, *values: object) -> Found:
        with speaking(self._path):
            return Found(self._connection.execute(statement, values), self._path)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._run("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._run("COMMIT")

    def _upgrade(self) -> None:
        with self._transaction():
            for statement in _FROM_1:
                self._run(statement)
            self._run("INSERT INTO rounds SELECT 1, '' WHERE EXISTS (SELECT 1 FROM work)")
            self.note("schema", str(_SCHEMA))

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
        """Drop every grade, and the note that anything was published."""
        with self._transaction():
            for table in ("grades", "faults", "pages", "undrawn"):
                self._run(f"DELETE FROM {table}")
            self.note(PUBLISHED, "")

    def rounds(self) -> dict[int, str]:
        """Round -> where it was collected from."""
        return dict(self._run("SELECT round, source FROM rounds ORDER BY round"))

    def problems(self) -> set[str]:
        """Slugs of those that somebody handed in for."""
        return {slug for (slug,) in self._run("SELECT DISTINCT problem FROM work")}

    def contents_of(self, round: int) -> set[tuple[str, str, str]]:
        """(student, problem, content) of a round's works."""
        return set(self._run("SELECT student, problem, content FROM work WHERE round = ?", round))

    def handed_in(self, rounds: Iterable[int], problems: Iterable[str]) -> set[tuple[str, str]]:
        """(student, problem) of the works of some rounds."""
        wanted, asked = set(rounds), set(problems)
        rows = self._run("SELECT student, problem, round FROM work")
        return {(student, problem) for student, problem, round in rows if round in wanted and problem in asked}

    def put_intake(
        self,
        intake: Intake,
        filed: Sequence[tuple[Work, str, str]],
        content_of: Callable[[str], tuple[bytes, bytes]],
        source: str,
        problems: Sequence[str],
        *,
        beside: int | None = None,
    ) -> None:
        """Put an intake from `source` in place of all rounds, or as the round `beside` the others.

        `filed` holds each work with its content's name and its grade's key; `content_of` is asked for the encoded
        files and the shape of contents that are new. Results are in the order of `problems`.
        """
        number = beside or 1
        students = [msgspec.msgpack.encode(student) for student in intake.students]
        notices = [msgspec.msgpack.encode(notice) for notice in intake.notices]
        rows = [
            (work.student, work.problem, work.submission.path, content, key, work.late, work.handed_in)
            for work, content, key in filed
        ]
        if self._run("SELECT 1 FROM faults LIMIT 1").fetchone() is not None:
            self._run("DELETE FROM faults")
        others = {} if beside is None else {n: where for n, where in self.rounds().items() if n != beside}
        digest = hashlib.sha256(msgspec.msgpack.encode((students, notices, rows, source, number, others))).hexdigest()
        if self.fact(_INTAKE) == digest:
            return
        which, values = ("", ()) if beside is None else (" WHERE round = ?", (number,))
        with self._transaction():
            for table in ("students", "notices", "work", "rounds"):
                self._run(f"DELETE FROM {table}{which}", *values)
            self._run("INSERT INTO rounds VALUES (?, ?)", number, source)
            for student in students:
                self._run("INSERT INTO students (record, round) VALUES (?, ?)", student, number)
            for notice in notices:
                self._run("INSERT INTO notices (record, round) VALUES (?, ?)", notice, number)
            for (_, content, _), row in zip(filed, rows, strict=True):
                self._run(
                    "INSERT INTO work (student, problem, path, content, grade, late, handed_in, round)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    *row,
                    number,
                )
                if self._run("SELECT 1 FROM contents WHERE name = ?", content).fetchone() is None:
                    self._run("INSERT INTO contents VALUES (?, ?, ?)", content, *content_of(content))
            self._run("DELETE FROM contents WHERE name NOT IN (SELECT content FROM work)")
            if others:
                self._sort(problems)
            self._run(_CHOOSE_LAST)
            self.note(_INTAKE, digest)

    def _sort(self, problems: Sequence[str]) -> None:
        """Number the works of all rounds anew: by student, problem and round."""
        order = {problem: index for index, problem in enumerate(problems)}
        rows = sorted(
            self._run("SELECT place, student, problem, round FROM work"),
            key=lambda row: (natural(row[1]), row[1], order.get(row[2], len(order)), row[2], row[3], row[0]),
        )
        # Below zero first: a place is taken until its work has moved.
        for place, (before, *_) in enumerate(rows, 1):
            self._run("UPDATE work SET place = ? WHERE place = ?", -place, before)
        self._run("UPDATE work SET place = -place")

    def choose(self, place: int, student: str, problem: str) -> None:
        """Let the work at `place` be the one that counts."""
        self._run("UPDATE work SET chosen = (place = ?) WHERE student = ? AND problem = ?", place, student, problem)

    def choose_last(self) -> None:
        """Let the works of the last round that has one count."""
        self._run(_CHOOSE_LAST)

    def students(self) -> list[Student]:
        """In the order of the results: natural order of the ids, whichever round they are of."""
        rows = self._run("SELECT record FROM students ORDER BY round, place")
        found: dict[str, Student] = {}
        for (record,) in rows:
            student = stored(record, Student, self._path)
            found[student.id] = _joined(found[student.id], student) if student.id in found else student
        return sorted(found.values(), key=lambda student: (natural(student.id), student.id))

    def notices(self) -> list[Notice]:
        """All notices on the hand-ins; whoever handed in in another round is not missing."""
        there = {student for (student,) in self._run("SELECT DISTINCT student FROM work")}
        rows = self._run("SELECT record FROM notices ORDER BY round, place")
        notices = [stored(record, Notice, self._path) for (record,) in rows]
        return [note for note in notices if note.kind is not NoticeKind.MISSING or note.student not in there]

    def submission(self, content: str) -> Submission:
        """The content as it goes before the checks: nobody's, so that its grade serves all who handed it in."""
        row = self._run("SELECT files FROM contents WHERE name = ?", content).fetchone()
        with speaking(self._path):
            main, extra, sha256 = msgspec.msgpack.decode(row[0], type=Files)
        return Submission("", main, extra, None, sha256)

    def shapes(self, problem: str) -> Iterator[tuple[str, bytes]]:
        """(student, shape of the answer) of everyone's answer to a problem."""
        yield from self._run(
            "SELECT student, shape FROM work JOIN contents ON name = content WHERE problem = ? AND chosen"
            " ORDER BY place",
            problem,
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
        """Keep a grade. The work says whose it is."""
        nobodys = msgspec.structs.replace(grade, student=None, submission="")
        with self._transaction():
            encoded = msgspec.msgpack.encode(nobodys)
            self._run("INSERT OR REPLACE INTO grades VALUES (?, ?, ?)", key, str(grade.status), encoded)
            self._run("DELETE FROM faults WHERE key = ?", key)

    def save_fault(self, key: str, message: str) -> None:
        """Note that the grader itself failed; the next run tries again."""
        self._run("INSERT OR REPLACE INTO faults VALUES (?, ?)", key, message)

    def rows(self, key: str | None = None) -> Iterator[Row]:
        """The answers that count, by student and problem, with their grades; or those with the grade under `key`."""
        return self._rows("work.grade = ? AND chosen", key) if key is not None else self._rows("chosen")

    def all_rows(self) -> Iterator[Row]:
        """The answers of all rounds, whether or not they count."""
        return self._rows("1")

    def refile(self, keys: Iterable[tuple[int, str]]) -> None:
        """Put the works at some places under new keys, and forget what grades were under these."""
        with self._transaction():
            for place, key in keys:
                self._run("UPDATE work SET grade = ? WHERE place = ?", key, place)
                self._run("DELETE FROM grades WHERE key = ?", key)
                self._run("DELETE FROM faults WHERE key = ?", key)

    def rivals(self) -> Iterator[Row]:
        """Answers of one student to one problem in several rounds, side by side, the oldest first."""
        several = "(SELECT COUNT(*) FROM work AS w WHERE w.student = work.student AND w.problem = work.problem) > 1"
        return self._rows(several)

    def _rows(self, which: str, *values: object) -> Iterator[Row]:
        rows = self._run(
            "SELECT place, student, problem, path, content, late, handed_in, work.grade, grades.grade, message"
            " FROM work LEFT JOIN grades ON grades.key = work.grade LEFT JOIN faults ON faults.key = work.grade"
            f" WHERE {which} ORDER BY place",
            *values,
        )
        for place, student, problem, path, content, late, handed_in, key, encoded, fault in rows:
            grade = None
            if encoded is not None:
                kept = stored(encoded, Grade, self._path)
                grade = msgspec.structs.replace(kept, student=student, submission=path)
            yield Row(student, problem, path, key, grade, fault, content, bool(late), handed_in, place)

    def outcome(self) -> tuple[dict[Status, int], list[tuple[str, str, str]]]:
        """How many answers ended how; and (student, problem, message) of each that the grader failed to grade."""
        counts = self._run(
            "SELECT status, COUNT(*) FROM work JOIN grades ON key = work.grade WHERE chosen"
            " GROUP BY status ORDER BY status"
        )
        faults = self._run("SELECT student, problem, message FROM work JOIN faults ON key = work.grade ORDER BY place")
        return {Status(status): count for status, count in counts}, list(faults)

    def state(self) -> str:
        """A digest that changes with anything that the published files are made from."""
        digest = hashlib.sha256()
        for statement in (
            "SELECT record FROM students ORDER BY round, place",
            "SELECT record FROM notices ORDER BY round, place",
            "SELECT student || char(0) || problem || char(0) || path || char(0) || work.grade || char(0)"
            " || late || char(0) || handed_in || char(0) || round || char(0) || chosen || char(0)"
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


def _joined(first: Student, later: Student) -> Student:
    """What two rounds know of one student."""
    return Student(
        first.id,
        first.name if first.name != first.id else later.name,
        first.late or later.late,
        first.sis_id or later.sis_id,
        first.login or later.login,
        first.email or later.email,
    )
