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
from collections.abc import Iterator, Mapping, Sequence
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
from grader.batch.rulings import Rules
from grader.batch.store import Store
from grader.errors import GraderError
from grader.intake.model import Notice, Student
from grader.model import Grade, Problem, Submission
from grader.problem import Course, open_course
from grader.problem.courserules import COURSE_FILE
from grader.reports.model import CheckStatistics, ClassEntry, ClassReport, Learner
from grader.reports.statistics import ClassCounting


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
    sources: tuple[str, ...]
    """The names of the downloads, round by round."""
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


class _Ruled(msgspec.Struct, frozen=True):
    """An answer as it is published, and what that was made of."""

    found: Row
    """With the outline of what the checks found."""
    adjustments: Sequence[Adjustment]
    published: Row

    def still_holds(self, found: Row, adjustments: Sequence[Adjustment]) -> bool:
        """Whether the same comes of it, the course's rules being as they were."""
        return (
            found.grade is self.found.grade
            and adjustments == self.adjustments
            and msgspec.structs.replace(found, grade=None) == msgspec.structs.replace(self.found, grade=None)
        )


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
        self._found: list[Row] = []
        self._made_of: dict[tuple[str, str], tuple[object, ...]] = {}
        """(student, problem) -> what its outline in `_found` was made of."""
        self._ruled: dict[tuple[str, str], _Ruled] = {}
        self._ruled_by: object = None
        self._counting = ClassCounting()

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
                self._state = self._read(self._state, anew=not self._seen or seen[0] != self._seen[0])
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

    def _read(self, before: ClassState | None, *, anew: bool) -> ClassState:
        """The class as it is now; the store is read where it has something new."""
        wrong = self._read_rules(before.wrong if before is not None else "")
        if anew or before is None:
            self._read_grades()
            self._found = self._listed()
            students = {student.id: student for student in self._store.students()}
            notices, sources = tuple(self._store.notices()), tuple(self._store.sources())
        else:
            students, notices, sources = dict(before.students), before.notices, before.sources
        answers, refused = self._rule()
        wrong = wrong or refused
        if before is not None and self._same(before, students, answers, notices, sources, wrong):
            return before
        return ClassState(
            (before.number if before is not None else 0) + 1,
            self._batch,
            students,
            answers,
            notices,
            sources,
            self._report(students, answers),
            wrong,
        )

    def _same(
        self,
        before: ClassState,
        students: Mapping[str, Student],
        answers: Mapping[tuple[str, str], Row],
        notices: tuple[Notice, ...],
        sources: tuple[str, ...],
        wrong: str,
    ) -> bool:
        """Whether nothing has changed but what no page shows, such as that results were written."""
        return (
            self._batch is before.batch
            and list(answers) == list(before.answers)
            and all(answers[each] is row for each, row in before.answers.items())
            and (students, notices, sources, wrong) == (before.students, before.notices, before.sources, before.wrong)
        )

    def _read_rules(self, wrong: str) -> str:
        """Bring the rules up to date; why they could not be read, where that is so."""
        stamps, asked = self._stamps(), self._store.problems()
        changed = [new != old for new, old in zip(stamps, self._rules, strict=True)]
        try:
            if changed[0] or (wrong and any(changed)) or asked - {problem.slug for problem in self._batch.problems}:
                self._batch, wrong = open_batch(self.directory, open_course(self.root)), ""
            elif any(changed):
                course = Course(self.root, tuple(problem.slug for problem in self._batch.course))
                rules = Rules.of(self._batch.rules.course, course, self.directory)
                self._batch, wrong = msgspec.structs.replace(self._batch, rules=rules), ""
        except GraderError as error:
            wrong = error.message
        self._rules = stamps
        return wrong

    def _rule(self) -> tuple[dict[tuple[str, str], Row], str]:
        """The answers as they are published; and why a rule could not be followed, where one could not."""
        judge, adjustments, known = BatchJudge(self._batch), self._batch.rules.by_answer(), set(self._problems)
        kept = self._ruled if self._ruled_by == self._batch.rules.course else {}
        self._ruled, self._ruled_by = {}, self._batch.rules.course
        answers, refused = {}, ""
        for found in self._found:
            if found.problem not in known:
                continue
            place = found.student, found.problem
            mine = adjustments.get(place, ())
            ruled = kept.get(place)
            if ruled is None or not ruled.still_holds(found, mine):
                try:
                    ruled = _Ruled(found, mine, judge.rule(found))
                except GraderError as error:
                    refused = refused or error.message
                    answers[place] = found
                    continue
            self._ruled[place] = ruled
            answers[place] = ruled.published
        return answers, refused

    @property
    def _problems(self) -> list[str]:
        return [problem.slug for problem in self._batch.problems]

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

    def _listed(self) -> list[Row]:
        """The answers that count, each with the outline of what its checks found; the very same where it has not
        changed."""
        before = {(row.student, row.problem): row for row in self._found}
        rows = []
        for row in self._store.works():
            kept = self._outlines.get(row.key)
            old = before.get((row.student, row.problem))
            if kept is not None:
                made_of = (row.key, row.path, kept[0])
                if old is not None and self._made_of.get((row.student, row.problem)) == made_of:
                    grade = old.grade
                else:
                    grade = msgspec.structs.replace(kept[1], student=row.student, submission=row.path)
                self._made_of[row.student, row.problem] = made_of
                row = msgspec.structs.replace(row, grade=grade)
            rows.append(row)
        return rows

    def _report(self, students: Mapping[str, Student], answers: Mapping[tuple[str, str], Row]) -> ClassReport:
        answered = {problem for _, problem in answers}
        return self._counting.report(
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
