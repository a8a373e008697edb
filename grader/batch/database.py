"""SQLite, and what it stores encoded, with errors that say which file is broken and what to do about it.

Write-ahead logging: what a transaction has written is there as soon as it ends, and a kill at any moment leaves either
the state before it or the one after it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec

from grader.batch.outputs import PRIVATE_FILE
from grader.batch.tables import FROM_1, SCHEMA, TABLES
from grader.errors import HarnessError, UsageError

_Stored = TypeVar("_Stored")
_AT_ONCE = 16
"""Rows that are fetched together: few, since one may hold all the files of an answer."""
_KEPT_PAGES_KB = 512
"""The database's memory: small and fixed, so that a large class costs the driver no more than a small one."""


@contextlib.contextmanager
def speaking(path: Path) -> Iterator[None]:
    """Raise HarnessError for what goes wrong inside with the database at `path`."""
    try:
        yield
    except (sqlite3.Error, msgspec.DecodeError) as error:
        raise HarnessError(
            f"{path}: {error}", hint="is the disk full, or the file damaged? a new --out begins anew"
        ) from error


class Found:
    """Rows of a query. A damaged file may show only when they are fetched."""

    def __init__(self, cursor: sqlite3.Cursor, path: Path) -> None:
        self._cursor = cursor
        self._path = path

    def __iter__(self) -> Iterator[Any]:
        while True:
            with speaking(self._path):
                rows = self._cursor.fetchmany(_AT_ONCE)
            if not rows:
                return
            yield from rows

    def fetchone(self) -> Any:
        """The next row, or None."""
        with speaking(self._path):
            return self._cursor.fetchone()


def stored(encoded: bytes, kind: type[_Stored], path: Path) -> _Stored:
    """What the database at `path` holds encoded."""
    with speaking(path):
        return msgspec.msgpack.decode(encoded, type=kind)


class Database:
    """An open database of a batch. Use as a context manager; its errors are raised as HarnessError."""

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        """`shared` says that threads use it, one at a time."""
        self._path = path
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise UsageError(
                f"{path.parent} cannot be written, and its database needs that even to be read",
                hint="copy the folder to where you may write",
            )
        # Made before it is opened: the database's own files beside it are as private as it is. One that is there is
        # never opened by us: to close it would drop the locks of every connection that this process has to it.
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE))
        with speaking(self._path):
            self._connection = sqlite3.connect(
                self._path, isolation_level=None, timeout=30, check_same_thread=not shared
            )
            self._run("PRAGMA journal_mode = WAL")
            self._run("PRAGMA synchronous = NORMAL")
            self._run(f"PRAGMA cache_size = -{_KEPT_PAGES_KB}")
            self._connection.executescript(TABLES)
            schema = self.fact("schema")
            if schema == "1":
                self._upgrade()
                schema = str(SCHEMA)
            if schema is None:
                self.note("schema", str(SCHEMA))
        if schema not in (None, str(SCHEMA)):
            raise UsageError(f"{path.parent} was made by another version of the grader", hint="name a new --out")

    def __enter__(self) -> Self:
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
            for statement in FROM_1:
                self._run(statement)
            self._run("INSERT INTO rounds SELECT 1, '' WHERE EXISTS (SELECT 1 FROM work)")
            self.note("schema", str(SCHEMA))

    def version(self) -> int:
        """Another one after each change through another connection."""
        return int(self._run("PRAGMA data_version").fetchone()[0])

    def fact(self, name: str) -> str | None:
        """What was noted under `name`."""
        row = self._run("SELECT value FROM facts WHERE name = ?", name).fetchone()
        return None if row is None else str(row[0])

    def note(self, name: str, value: str) -> None:
        """Note something; an earlier value is replaced."""
        self._run("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, value)
