"""The batch's memory: one SQLite file that is right whenever the process is killed.

One process has the store open for writing at a time; the directory's lock sees to that.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from grader.batch.grades import Grades
from grader.batch.handins import HandIns

STORE = "batch.db"
PUBLISHED = "published"
"""The fact that says what the published files were made from."""
WAITING = "waiting"
"""The fact that says how many answers wait for a person."""


class Store(HandIns, Grades):
    """An open store: hand-ins, their grades, and what was published of them."""

    def __init__(self, directory: Path, *, shared: bool = False) -> None:
        """`shared` says that threads use it, one at a time."""
        super().__init__(directory / STORE, shared=shared)

    def forget(self) -> None:
        """Drop every grade, and the note that anything was published."""
        with self._transaction():
            for table in ("grades", "faults", "pages", "undrawn"):
                self._run(f"DELETE FROM {table}")
            self.note(PUBLISHED, "")

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
