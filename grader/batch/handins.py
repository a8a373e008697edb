"""What was handed in, as the store keeps it: rounds, students, works and their contents, notices."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from grader.batch.database import Database, speaking, stored
from grader.batch.shelf import Files
from grader.intake.folding import natural
from grader.intake.model import Intake, Notice, NoticeKind, Student, Work
from grader.model import Submission

_INTAKE = "intake"
_CHOOSE_LAST = (
    "UPDATE work SET chosen = (round = (SELECT MAX(round) FROM work AS w"
    " WHERE w.student = work.student AND w.problem = work.problem))"
)


class HandIns(Database):
    """The part of the store that an intake fills."""

    def rounds(self) -> dict[int, str]:
        """Round -> where it was collected from."""
        return dict(self._run("SELECT round, source FROM rounds ORDER BY round"))

    def sources(self) -> list[str]:
        """The names of the downloads, round by round."""
        return [Path(source).name for source in self.rounds().values()]

    def problems(self) -> set[str]:
        """Slugs of those that somebody handed in for."""
        return {slug for (slug,) in self._run("SELECT DISTINCT problem FROM work")}

    def contents_of(self, round: int) -> set[tuple[str, str, str]]:
        """(student, problem, content) of a round's works."""
        return set(self._run("SELECT student, problem, content FROM work WHERE round = ?", round))

    def handed_in(self, rounds: Iterable[int], problems: Iterable[str]) -> dict[tuple[str, str], str]:
        """(student, problem) -> path, of the works of some rounds."""
        wanted, asked = set(rounds), set(problems)
        rows = self._run("SELECT student, problem, path, round FROM work")
        return {(who, what): path for who, what, path, round in rows if round in wanted and what in asked}

    def counted_before(self, round: int) -> dict[tuple[str, str], tuple[str, str]]:
        """(student, problem) -> path and content of the last answer in rounds before one."""
        rows = self._run("SELECT student, problem, path, content FROM work WHERE round < ? ORDER BY round", round)
        return {(student, problem): (path, content) for student, problem, path, content in rows}

    def put_intake(
        self,
        intake: Intake,
        filed: Sequence[tuple[Work, str, str]],
        contents_of: Callable[[Sequence[str]], Iterable[tuple[bytes, bytes]]],
        source: str,
        problems: Sequence[str],
        *,
        beside: int | None = None,
    ) -> None:
        """Put an intake from `source` in place of all rounds, or as the round `beside` the others.

        `filed` holds each work with its content's name and its grade's key; `contents_of` is asked for the encoded
        files and the shapes of contents that are new. Results are in the order of `problems`.
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
            for row in rows:
                self._run(
                    "INSERT INTO work (student, problem, path, content, grade, late, handed_in, round)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    *row,
                    number,
                )
            known = {name for (name,) in self._run("SELECT name FROM contents")}
            new = list(dict.fromkeys(content for _, content, _ in filed if content not in known))
            for name, kept in zip(new, contents_of(new), strict=True):
                self._run("INSERT INTO contents VALUES (?, ?, ?)", name, *kept)
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
        """All notices on the hand-ins. Who is missing is said once, and of nobody who handed in in another round,
        though it be nothing that can be graded."""
        rows = self._run("SELECT record FROM notices ORDER BY round, place")
        notices = [stored(record, Notice, self._path) for (record,) in rows]
        rows = self._run("SELECT record FROM students")
        known = Counter(stored(record, Student, self._path).id for (record,) in rows)
        missing = Counter(note.student for note in notices if note.kind is NoticeKind.MISSING)
        found: dict[object, Notice] = {}
        for place, note in enumerate(notices):
            if note.kind is not NoticeKind.MISSING:
                found[place] = note
            elif note.student is not None and missing[note.student] == known[note.student]:
                found.setdefault(note.student, note)
        return list(found.values())

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


def _joined(first: Student, later: Student) -> Student:
    """What two rounds know of one student."""
    return Student(
        first.id,
        first.name if first.name != first.id else later.name,
        first.late or later.late,
        first.sis_id or later.sis_id,
        first.login or later.login,
        first.email or later.email,
        first.section or later.section,
        first.tutor or later.tutor,
    )
