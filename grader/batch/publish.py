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
from pathlib import Path

import grader
from grader.batch.model import Batch, Row
from grader.batch.outputs import INDEX, NOTICES, PAGES, RESULTS, SCORES, STUDENTS
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
from grader.reports.model import Alike, Entry, Learner, Notice
from grader.reports.statistics import class_report
from grader.reports.text import number


def prepare() -> None:
    """Make ready what publishing needs whatever there is to publish."""
    classpage.prepare()


def publish(batch: Batch) -> bytes:
    """Write everything. Run aside: statistics and similarity need the whole class at once."""
    with Store(batch.out) as store:
        _sweep(batch.out)
        students = store.students()
        _write_results(batch, store)
        _write_scores(batch, store, students)
        write_own(batch.out / STUDENTS, students_to_json(students, remarks(batch, store)))
        _write_pages(batch, store)
        _write_notices(batch, store)
        _write_index(batch, store, students)
    return b""


def _sweep(directory: Path) -> None:
    """Remove what a killed run was about to put in place."""
    for pattern in (".*.tmp", f"{PAGES}/*/.*.tmp"):
        for path in directory.glob(pattern):
            path.unlink(missing_ok=True)


def _write_results(batch: Batch, store: Store) -> None:
    with replacing(batch.out / RESULTS) as file:
        for row in store.rows():
            if row.grade is not None:
                file.write(encode_grade(row.grade, indent=None))


def _answered(batch: Batch, store: Store) -> list[Problem]:
    """The problems that somebody handed in for: totals are out of their points, in every file alike."""
    answered = store.problems()
    return [problem for problem in batch.problems if problem.slug in answered]


def _write_scores(batch: Batch, store: Store, students: list[Student]) -> None:
    """What was not handed in is an empty cell and counts nothing; what we failed to grade leaves the total empty."""
    graded: dict[str, dict[str, Grade]] = {student.id: {} for student in students}
    failed = set()
    for row in store.rows():
        if row.grade is not None:
            graded[row.student][row.problem] = row.grade
        else:
            failed.add(row.student)
    table = [["student", *(problem.slug for problem in batch.problems), "total"]]
    points = sum(problem.points for problem in _answered(batch, store))
    for student, grades in graded.items():
        percents = [grades[p.slug].percent if p.slug in grades else None for p in batch.problems]
        total = min(100.0, 100 * sum(grade.score for grade in grades.values()) / points) if points else 0.0
        cells = ["" if percent is None else number(percent) for percent in percents]
        table.append([student, *cells, "" if student in failed else number(total)])
    write_own(batch.out / SCORES, _csv(table))


def _write_notices(batch: Batch, store: Store) -> None:
    table = [["path", "kind", "student", "problem", "reason"]]
    table += [[n.path, str(n.kind), n.student or "", n.problem or "", n.reason] for n in store.notices()]
    table += [[row.path, "fault", row.student, row.problem, fault_reason(row)] for row in _faults(store)]
    table += [[row.path, "page", row.student, row.problem, reason] for row, reason in _undrawn(store)]
    write_own(batch.out / NOTICES, _csv(table))


def _write_pages(batch: Batch, store: Store) -> None:
    with PageWriter(batch.out, {problem.slug: problem for problem in batch.problems}, store) as writer:
        writer.remove_others([writer.write(row.key, row.grade) for row in store.rows() if row.grade is not None])


def _write_index(batch: Batch, store: Store, students: list[Student]) -> None:
    notices = [Notice(note.path, f"{_about(note.student)}{note.reason}") for note in store.notices()]
    notices += [Notice(row.path, f"{_about(row.student)}{fault_reason(row)}") for row in _faults(store)]
    notices += [Notice(row.path, f"{_about(row.student)}{reason}") for row, reason in _undrawn(store)]
    report = class_report(
        batch.source.resolve().stem,
        _answered(batch, store),
        [Learner(student.id, student.name, student.late) for student in students],
        (Entry(row.grade, page_path(row.student, row.problem)) for row in store.rows() if row.grade is not None),
        notices,
        _alike(batch, store),
        [f"graded {time.strftime('%Y-%m-%d %H:%M')}", f"torchgrade {grader.__version__}"],
    )
    write_own(batch.out / INDEX, classpage.class_page(report, NOTICES).encode("utf-8", "replace"))


def _alike(batch: Batch, store: Store) -> Iterator[Alike]:
    for problem in batch.problems:
        stub = shape_of("stub.py", (Path(problem.folder) / "stub.py").read_bytes())
        answers = ((student, read_shape(shape)) for student, shape in store.shapes(problem.slug))
        for group in alike(answers, stub):
            yield Alike(problem.slug, group.students, group.similarity)


def _faults(store: Store) -> Iterator[Row]:
    return (row for row in store.rows() if row.grade is None)


def _undrawn(store: Store) -> Iterator[tuple[Row, str]]:
    """Answers whose page is a plain one, and what a list says of it."""
    why = store.undrawn()
    if why:
        for row in store.rows():
            if (reason := why.get(page_path(row.student, row.problem))) is not None:
                yield row, f"is graded, but its page could not be drawn: {reason}"


def _about(student: str | None) -> str:
    return f"{student}: " if student else ""


def _csv(table: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([map(defused_throughout, row) for row in table])
    return text.getvalue().encode("utf-8", "replace")
