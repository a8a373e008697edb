"""The last step: the files that people and other programs read, made from the store alone.

    results.jsonl   one result.json a line, by student and problem
    scores.csv      one row a student, one column a problem, in percent of its points; total
    students.json   who they are, for `grade export`
    notices.csv     every file that was not used as it was, and every fault of the grader's, with the reason
    pages/          one page a student and problem
    index.html      the class

All but the pages are written anew, each in one step. Nothing in them depends on the order in which workers finished.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import grader
from grader.batch.judge import BatchJudge
from grader.batch.model import Batch, Row
from grader.batch.outputs import INDEX, NOTICES, PAGES, PRIVATE_FILE, RESULTS, SCORES, STUDENTS
from grader.batch.pages import PageWriter, page_path
from grader.batch.remarks import fault_reason, remarks
from grader.batch.similarity import alike
from grader.batch.store import Store
from grader.batch.tokens import read_shape, shape_of
from grader.common.atomic import replacing
from grader.common.outfile import write_own
from grader.exports import students_to_json
from grader.exports.cells import defused_throughout
from grader.intake import Student
from grader.model import Grade, Problem
from grader.reports import classpage
from grader.reports.json import encode_grade
from grader.reports.model import Alike, ClassEntry, ClassNotice, Learner
from grader.reports.statistics import class_report
from grader.reports.text import number


def prepare() -> None:
    """Make ready what publishing needs whatever there is to publish."""
    classpage.prepare()


def publish(batch: Batch) -> bytes:
    """Write everything. Run aside: statistics and similarity need the whole class at once."""
    with Store(batch.out) as store:
        _sweep(batch.out)
        book = _Book(batch, store, BatchJudge(batch), store.students())
        _write_results(book)
        _write_scores(book)
        book.write(STUDENTS, students_to_json(book.students, remarks(batch, store)))
        _write_pages(book)
        _write_notices(book)
        _write_index(book)
    return b""


@dataclass(frozen=True)
class _Book:
    """All there is to publish."""

    batch: Batch
    store: Store
    judge: BatchJudge
    students: list[Student]

    def rows(self) -> Iterator[Row]:
        """The answers that count, with their published grades."""
        return self.judge.rows(self.store)

    @cached_property
    def answered(self) -> list[Problem]:
        """The problems that somebody handed in for: totals are out of their points, in every file alike."""
        answered = self.store.problems()
        return [problem for problem in self.batch.problems if problem.slug in answered]

    def write(self, name: str, content: bytes) -> None:
        """Put a file into the batch's directory, for its owner's eyes."""
        write_own(self.batch.out / name, content, mode=PRIVATE_FILE)


def _sweep(directory: Path) -> None:
    """Remove what a killed run was about to put in place."""
    for pattern in (".*.tmp", f"{PAGES}/*/.*.tmp"):
        for path in directory.glob(pattern):
            path.unlink(missing_ok=True)


def _write_results(book: _Book) -> None:
    with replacing(book.batch.out / RESULTS, mode=PRIVATE_FILE) as file:
        for row in book.rows():
            if row.grade is not None:
                file.write(encode_grade(row.grade, indent=None))


def _write_scores(book: _Book) -> None:
    """What was not handed in is an empty cell and counts nothing; what we failed to grade leaves the total empty."""
    graded: dict[str, dict[str, Grade]] = {student.id: {} for student in book.students}
    failed = set()
    for row in book.rows():
        if row.grade is not None:
            graded[row.student][row.problem] = row.grade
        else:
            failed.add(row.student)
    table = [["student", *(problem.slug for problem in book.batch.problems), "total"]]
    points = _points(book)
    for student, grades in graded.items():
        percents = [grades[p.slug].percent if p.slug in grades else None for p in book.batch.problems]
        total = min(100.0, 100 * sum(grade.score for grade in grades.values()) / points) if points else 0.0
        cells = ["" if percent is None else number(percent) for percent in percents]
        table.append([student, *cells, "" if student in failed else number(total)])
    book.write(SCORES, _csv(table))


def _points(book: _Book) -> float:
    """The most that anyone can have: what the grades are out of, which course.yaml may have changed."""
    most = {problem.slug: 0.0 for problem in book.answered}
    for row in book.rows():
        if row.grade is not None:
            most[row.problem] = max(most[row.problem], row.grade.max_score)
    return sum(most.values())


def _write_notices(book: _Book) -> None:
    table = [["path", "kind", "student", "problem", "reason"]]
    table += [[n.path, str(n.kind), n.student or "", n.problem or "", n.reason] for n in book.store.notices()]
    table += [[row.path, "fault", row.student, row.problem, fault_reason(row)] for row in _faults(book)]
    table += [[row.path, "page", row.student, row.problem, reason] for row, reason in _undrawn(book)]
    table += [["", "note", student, problem, reason] for student, problem, reason in _uncompared(book)]
    book.write(NOTICES, _csv(table))


def _write_pages(book: _Book) -> None:
    with PageWriter(book.batch.out, {problem.slug: problem for problem in book.batch.problems}, book.store) as writer:
        writer.remove_others([writer.write(row.key, row.grade) for row in book.rows() if row.grade is not None])


def _write_index(book: _Book) -> None:
    notices = [ClassNotice(note.path, f"{_about(note.student)}{note.reason}") for note in book.store.notices()]
    notices += [ClassNotice(row.path, f"{_about(row.student)}{fault_reason(row)}") for row in _faults(book)]
    notices += [ClassNotice(row.path, f"{_about(row.student)}{reason}") for row, reason in _undrawn(book)]
    report = class_report(
        book.batch.source.resolve().stem,
        book.answered,
        [Learner(student.id, student.name, student.late) for student in book.students],
        (ClassEntry(row.grade, page_path(row.student, row.problem)) for row in book.rows() if row.grade is not None),
        notices,
        _alike(book),
        [f"graded {time.strftime('%Y-%m-%d %H:%M')}", f"torchgrade {grader.__version__}"],
    )
    book.write(INDEX, classpage.class_page(report, NOTICES).encode("utf-8", "replace"))


def _alike(book: _Book) -> Iterator[Alike]:
    for problem in book.batch.problems:
        stub = shape_of("stub.py", (Path(problem.folder) / "stub.py").read_bytes())
        answers = ((student, read_shape(shape)) for student, shape in book.store.shapes(problem.slug))
        for group in alike(answers, stub):
            yield Alike(problem.slug, group.students, group.similarity)


def _faults(book: _Book) -> Iterator[Row]:
    return (row for row in book.rows() if row.grade is None)


def _undrawn(book: _Book) -> Iterator[tuple[Row, str]]:
    """Answers whose page is a plain one, and what a list says of it."""
    why = book.store.undrawn()
    if why:
        for row in book.rows():
            if (reason := why.get(page_path(row.student, row.problem))) is not None:
                yield row, f"is graded, but its page could not be drawn: {reason}"


def _uncompared(book: _Book) -> Iterator[tuple[str, str, str]]:
    """(student, problem, reason) of answers that are compared with others in part, or not at all."""
    for problem in book.batch.problems:
        for student, encoded in book.store.shapes(problem.slug):
            if why := read_shape(encoded).unread:
                yield student, problem.slug, f"cannot be compared with others as it is, for likeness: {why}"


def _about(student: str | None) -> str:
    return f"{student}: " if student else ""


def _csv(table: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([map(defused_throughout, row) for row in table])
    return text.getvalue().encode("utf-8", "replace")
