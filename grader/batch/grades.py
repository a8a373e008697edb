"""What came of the work that was handed in: grades by their keys, and faults of the grader's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from grader.batch.database import Database, stored
from grader.batch.model import Row, Task
from grader.model import Grade, Status


class Grades(Database):
    """The part of the store that grading fills."""

    def tasks(self) -> list[Task]:
        """What has no grade yet, in the order of the results."""
        rows = self._run(
            "SELECT work.grade, problem, content, student, path FROM work LEFT JOIN grades ON key = work.grade"
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

    def works(self) -> Iterator[Row]:
        """The answers that count, without their grades; with the fault of each that has none."""
        rows = self._run(
            "SELECT place, student, problem, path, content, late, handed_in, grade, message"
            " FROM work LEFT JOIN faults ON key = grade WHERE chosen ORDER BY place"
        )
        for place, student, problem, path, content, late, handed_in, key, fault in rows:
            yield Row(student, problem, path, key, None, fault, content, bool(late), handed_in, place)

    def marks(self) -> dict[str, tuple[int, int]]:
        """Key of each grade -> what changes when it is written anew."""
        return {key: (row, size) for key, row, size in self._run("SELECT key, rowid, length(grade) FROM grades")}

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
