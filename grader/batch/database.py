"""SQLite, and what it stores encoded, with errors that say which file is broken and what to do about it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from grader.errors import HarnessError

_Stored = TypeVar("_Stored")


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
            row = self.fetchone()
            if row is None:
                return
            yield row

    def fetchone(self) -> Any:
        """The next row, or None."""
        with speaking(self._path):
            return self._cursor.fetchone()


def stored(encoded: bytes, kind: type[_Stored], path: Path) -> _Stored:
    """What the database at `path` holds encoded."""
    with speaking(path):
        return msgspec.msgpack.decode(encoded, type=kind)
