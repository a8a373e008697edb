"""Plain CSV for a spreadsheet: one row a student, one column a problem, in points.

It is written as Excel opens it by a double click everywhere: UTF-8 with a byte order mark, commas, CRLF.
"""

from __future__ import annotations

from grader.exports.model import TOTAL, ExportFormat, ExportRequest, Filled, Gradebook, Person
from grader.exports.spreadsheet_cells import defused_throughout, points
from grader.intake.csv_files import Dialect, ListTable
from grader.model import Status
from grader.reports.shown import part_sentence, ruling_sentence
from grader.reports.wording import signed

_CONTACTS = ("sis_id", "login", "email", "section", "tutor")


def to_csv(gradebook: Gradebook) -> bytes:
    """The class's results as a table. A problem without a result counts nothing; `remarks` says why."""
    contacts = [name for name in _CONTACTS if any(getattr(p.student, name) for p in gradebook.people)]
    heading = ["student", "name", *contacts, "late", *(problem.slug for problem in gradebook.problems)]
    rows = [[*heading, "total", "out_of", "percent", "remarks"]]
    rows += [_row(gradebook, person, contacts) for person in gradebook.people]
    dialect = Dialect()
    return ListTable(dialect, tuple(tuple(map(dialect.cell, row)) for row in rows)).encode()


def _row(gradebook: Gradebook, person: Person, contacts: list[str]) -> list[str]:
    student = person.student
    scores = [gradebook.score(person, problem.slug) for problem in gradebook.problems]
    total = gradebook.score(person, TOTAL) if person.results else 0.0
    return [
        *(defused_throughout(text) for text in (student.id, student.name)),
        *(defused_throughout(getattr(student, name)) for name in contacts),
        "late" if student.late else "",
        *map(_points, scores),
        _points(total),
        points(gradebook.points),
        _points(None if total is None else 100 * total / gradebook.points if gradebook.points else 0.0),
        defused_throughout("; ".join(_remarks(gradebook, person))),
    ]


def _points(value: float | None) -> str:
    return "" if value is None else points(value)


def _remarks(gradebook: Gradebook, person: Person) -> list[str]:
    """Why a cell is empty, or holds no points that checks gave."""
    if not person.results:
        return [person.why_not()]
    remarks = []
    for problem in gradebook.problems:
        result = person.results.get(problem.slug)
        if result is None:
            remarks.append(f"{problem.slug}: {person.why_not(problem.slug)}")
            continue
        if result.status is not Status.GRADED:
            remarks.append(f"{problem.slug}: {result.status.replace('_', ' ')}")
        if result.waiting:
            remarks.append(f"{problem.slug}: {points(result.score)} so far; {result.waiting}")
        for part in result.manual:
            if part.points is not None:
                remarks.append(
                    f"{problem.slug}: {points(part.points)} of {points(part.max_points)}, {part_sentence(part)}"
                )
        for ruling in result.rulings:
            remarks.append(f"{problem.slug}: {signed(ruling.points)}, {ruling_sentence(ruling)}")
    return remarks


def _make(request: ExportRequest) -> Filled:
    return Filled({(): to_csv(request.gradebook)}, request.gradebook.grades)


FORMAT = ExportFormat("csv", "export.csv", _make)
