"""What the store holds, as the desk's pages need it: read again when, and only when, something has changed.

A class of three hundred has thousands of grades, each with all that was said of it. The desk keeps outlines, without
what students' code made, and reads a grade again only where it was written anew; so a page comes at once, and a class
can be looked at while it is graded.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from grader.batch.adjustments import ADJUSTMENTS, Adjustment
from grader.batch.again import open_batch
from grader.batch.earlier import stamps
from grader.batch.judge import BatchJudge
from grader.batch.lock import LOCK
from grader.batch.model import Batch, Row
from grader.batch.outlines import outlined
from grader.batch.pages import page_path
from grader.batch.store import Store
from grader.errors import GraderError
from grader.intake.model import Notice, Student
from grader.model import Grade, Problem, Submission
from grader.problem import Course, open_course
from grader.problem.courserules import COURSE_FILE
from grader.reports.model import CheckStatistics, ClassEntry, ClassReport, Learner
from grader.reports.statistics import class_report


@dataclass(frozen=True)
class ClassState:
    """The class at one moment."""

    number: int
    """Another one whenever anything has changed."""
    batch: Batch
    students: Mapping[str, Student]
    answers: Mapping[tuple[str, str], Row]
    """(student, problem) -> the answer that counts; its grade is the outline of the published one."""
    notices: tuple[Notice, ...]
    report: ClassReport
    wrong: str = ""
    """Why rules could not be read; then those from before hold."""

    @property
    def graded(self) -> int:
        return sum(row.grade is not None for row in self.answers.values())

    @property
    def faults(self) -> list[Row]:
        """Answers that the grader failed to grade."""
        return [row for row in self.answers.values() if row.grade is None and row.fault is not None]

    @cached_property
    def problems(self) -> dict[str, Problem]:
        return {problem.slug: problem for problem in self.batch.problems}

    @cached_property
    def folders(self) -> dict[str, str]:
        """Folder in the address of a student's pages -> the student's id; the same as on disk."""
        return {folder_of(student): student for student in self.students}

    @cached_property
    def compared(self) -> bytes:
        """A digest that changes with whatever is compared for likeness."""
        rows = [(row.student, row.problem, row.content, row.path) for row in self.answers.values()]
        versions = [(problem.slug, problem.version) for problem in self.batch.problems]
        earlier = tuple(stamps(self.batch.earlier))
        return hashlib.sha256(
            msgspec.msgpack.encode((rows, versions, self.batch.rules.course.groups, earlier))
        ).digest()

    @cached_property
    def order(self) -> list[str]:
        """Ids as the class's page lists them."""
        return [row.learner.id for row in self.report.rows]

    @cached_property
    def checks(self) -> dict[tuple[str, str], CheckStatistics]:
        """(problem, check) -> how the class fared."""
        return {(problem.slug, check.id): check for problem in self.report.problems for check in problem.checks}

    def adjustments(self, student: str, problem: str) -> tuple[list[Adjustment], list[Adjustment]]:
        """Those of the course and those of this batch, in their order."""
        rules = self.batch.rules
        first, second = (
            [each for each in found if (each.student, each.problem) == (student, problem)]
            for found in (rules.of_course, rules.of_batch)
        )
        return first, second


def folder_of(student: str) -> str:
    """The part of an address that stands for a student."""
    return page_path(student, "x").split("/")[1]


def answer_address(student: str, problem: str) -> str:
    """Where an answer's page is, below the desk's address; not quoted."""
    return f"answer/{folder_of(student)}/{problem}"


class Classroom:
    """A batch's directory, looked at. Threads may share it. Use as a context manager."""

    def __init__(self, directory: Path, course: Course) -> None:
        self.directory = directory
        self.root = course.root
        self._lock = threading.RLock()
        self._batch = open_batch(directory, course)
        self._store = Store(directory, shared=True)
        self._outlines: dict[str, tuple[tuple[int, int], Grade]] = {}
        self._seen: tuple[object, ...] = ()
        self._state: ClassState | None = None
        self._rules = self._stamps()

    def __enter__(self) -> Classroom:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._store.__exit__(None, None, None)

    @property
    def at_work(self) -> bool:
        """Whether a command is at work in the directory."""
        import fcntl

        try:
            fd = os.open(self.directory / LOCK, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(fd)
        return False

    def state(self) -> ClassState:
        """The class as it is now. Raises GraderError where the store cannot be read."""
        with self._lock:
            seen = (self._store.version(), self._stamps())
            if self._state is None or seen != self._seen:
                self._state = self._read(self._state)
                self._seen = seen
            return self._state

    def submission(self, content: str) -> Submission:
        """The files of an answer."""
        with self._lock:
            return self._store.submission(content)

    def whole(self, row: Row) -> Row:
        """An answer with its whole grade, as it was found, before any ruling."""
        with self._lock:
            return next((each for each in self._store.rows(row.key) if each.place == row.place), row)

    def shapes(self, problem: str) -> tuple[tuple[str, bytes], ...]:
        """(student, shape of the answer) of everyone's answer to a problem."""
        with self._lock:
            return tuple(self._store.shapes(problem))

    def rounds(self) -> dict[int, str]:
        """Round -> where it was collected from."""
        with self._lock:
            return self._store.rounds()

    def _stamps(self) -> tuple[object, ...]:
        return tuple(
            _stamp(path) for path in (self.root / COURSE_FILE, self.root / ADJUSTMENTS, self.directory / ADJUSTMENTS)
        )

    def _read(self, before: ClassState | None) -> ClassState:
        wrong = before.wrong if before is not None else ""
        stamps, asked = self._stamps(), self._store.problems()
        if stamps != self._rules or asked - {problem.slug for problem in self._batch.problems}:
            try:
                self._batch = open_batch(self.directory, open_course(self.root))
                wrong = ""
            except GraderError as error:
                wrong = error.message
            self._rules = stamps
        self._read_grades()
        students = {student.id: student for student in self._store.students()}
        judge = BatchJudge(self._batch)
        answers = {}
        known = {problem.slug for problem in self._batch.problems}
        for row in self._listed():
            if row.problem in known:
                try:
                    row = judge.rule(row)
                except GraderError as error:
                    wrong = wrong or error.message
                answers[row.student, row.problem] = row
        return ClassState(
            (before.number if before is not None else 0) + 1,
            self._batch,
            students,
            answers,
            tuple(self._store.notices()),
            self._report(students, answers),
            wrong,
        )

    def _read_grades(self) -> None:
        """Bring the outlines up to date."""
        marks = self._store.marks()
        self._outlines = {key: kept for key, kept in self._outlines.items() if marks.get(key) == kept[0]}
        new = marks.keys() - self._outlines.keys()
        rows: Iterator[Row] = self._store.rows()
        if len(new) < len(marks) // 8:
            rows = (row for key in new for row in self._store.rows(key))
        for row in rows:
            if row.grade is not None and row.key in new and row.key not in self._outlines:
                self._outlines[row.key] = marks[row.key], outlined(row.grade)

    def _listed(self) -> Iterator[Row]:
        for row in self._store.works():
            kept = self._outlines.get(row.key)
            grade = None
            if kept is not None:
                grade = msgspec.structs.replace(kept[1], student=row.student, submission=row.path)
            yield msgspec.structs.replace(row, grade=grade)

    def _report(self, students: Mapping[str, Student], answers: Mapping[tuple[str, str], Row]) -> ClassReport:
        answered = {problem for _, problem in answers}
        return class_report(
            self._batch.title or self._batch.source.stem,
            [problem for problem in self._batch.problems if problem.slug in answered],
            map(Learner.of, students.values()),
            (
                ClassEntry(row.grade, answer_address(row.student, row.problem))
                for row in answers.values()
                if row.grade is not None
            ),
            capped=self._batch.rules.capped,
        )


def _stamp(path: Path) -> tuple[int, int, int] | None:
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_mtime_ns, found.st_size, found.st_ino
    return None
