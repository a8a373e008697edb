"""Canvas: grades into a gradebook that was exported from the course.

    Student,ID,SIS User ID,SIS Login ID,Section,Max pooling (4711),Current Score
        Points Possible,,,,,10.00,(read only)
    "Doe, Jane",12345,S001,jdoe,A,,

A row is found by ID, SIS id, login, then name; a column by the exact title or slug of the problem, or by the
assignment's number where that was given by hand (`columns`). Only cells of those rows in those columns are written, as
points out of the column's own points possible. Cells
that say EX (excused) or N/A (not assigned) are left alone, as are the totals, which Canvas computes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from grader.errors import UsageError
from grader.exports.columns import Column, choose
from grader.exports.model import TOTAL, ExportFormat, ExportRequest, Filled, Gradebook, Person, Unmatched, UnmatchedKind
from grader.exports.spreadsheet_cells import to_number
from grader.exports.template import Template, decimal_mark, match_people, points_of, read_template
from grader.intake.folding import folded, name_keys
from grader.intake.headings import roles

_OTHERS = {"section": "section", "integration id": "integration", "root account": "root"}
"""Headings of the students' own columns, besides those that every class list has."""
_TITLE_AND_ID = re.compile(r"(?P<title>.*?)\s*\((?P<id>[0-9]+)\)\s*", re.DOTALL)
_COMPUTED = re.compile(
    r"(?:Current|Final|Override) (?:Score|Points|Grade|Status)(?: \(.*\))?\Z", re.DOTALL | re.IGNORECASE
)
_LEFT_ALONE = {"EX": "is excused in Canvas", "N/A": "has not been assigned it in Canvas"}


def fill(gradebook: Gradebook, content: bytes, by_hand: Mapping[str, str] | None = None) -> Filled:
    """The gradebook `content` with the class's points in it; `by_hand` names columns for problems.

    Raises:
        UsageError: if it is no gradebook from Canvas, or no column is certainly a problem's.
    """
    template = read_template(content, "a gradebook from Canvas")
    places = {role: column for column, role in roles(template.heading).items()}
    places |= {_OTHERS[folded(cell)]: i for i, cell in enumerate(template.heading) if folded(cell) in _OTHERS}
    if "id" not in places or not places.keys() & {"name", "last"}:
        raise UsageError(
            "The template is not a gradebook from Canvas: it has no columns Student and ID",
            hint="In Canvas: Grades, Export, Export Entire Gradebook.",
        )
    possible = next((row for row in range(1, len(template.rows)) if _is_points_possible(template, row)), None)
    students = [
        row
        for row in range(1, len(template.rows))
        if not _is_points_possible(template, row)
        and any(template.value(row, places.get(key)) for key in ("id", "sis_id", "login", "name", "last"))
    ]
    chosen = choose(gradebook.problems, _columns(template, places, possible), by_hand or {}, "gradebook")
    columns = {problem: column.place for problem, column in chosen.items()}
    unmatched = _without_column(gradebook, columns)
    used = [possible, *students] if possible is not None else students
    template.decimal = decimal_mark(template.value(row, column) for row in used for column in columns.values())
    matched, ambiguous = _rows(gradebook, template, places, students)
    notes = _scales(gradebook, template, columns, possible)
    for row in students:
        template.defuse(row)
        person = matched.get(row)
        if person is not None:
            unmatched += _write(gradebook, template, row, person, columns, possible)
        else:
            unmatched.append(Unmatched(UnmatchedKind.ROW, _called(template, places, row), "is nobody in these results"))
    unmatched += _without_row(gradebook, matched, ambiguous)
    told = [f"{problem}: goes into the column {column.heading!r}" for problem, column in chosen.items()]
    return Filled({(): template.encode()}, template.written, tuple(unmatched), (*told, *notes, *template.notes()))


def _make(request: ExportRequest) -> Filled:
    return fill(request.gradebook, request.template, request.columns)


FORMAT = ExportFormat(
    "canvas", "canvas.csv", _make, template_from="In Canvas: Grades, Export, Export Entire Gradebook."
)


def _is_points_possible(template: Template, row: int) -> bool:
    # Canvas indents the words, in whatever language they are.
    first = template.rows[row][0].value
    return first.startswith("    ") or first.strip().startswith("Points Possible")


def _called(template: Template, places: dict[str, int], row: int) -> str:
    name = template.value(row, places.get("name"))
    full = f"{template.value(row, places.get('first'))} {template.value(row, places.get('last'))}".strip()
    return name or full or template.value(row, places["id"])


def _columns(template: Template, places: dict[str, int], possible: int | None) -> list[Column]:
    """The columns of assignments: those behind the students' own, but for the totals."""
    found = []
    for place, heading in enumerate(template.heading):
        read_only = possible is not None and _is_words(template.value(possible, place))
        if place <= max(places.values()) or not heading or _COMPUTED.search(heading) or read_only:
            continue
        match = _TITLE_AND_ID.fullmatch(heading)
        found.append(Column(place, heading, (match["title"] if match else heading,), match["id"] if match else ""))
    return found


def _is_words(text: str) -> bool:
    """Whether points possible are no number: "(read only)" in the site's language."""
    return bool(text) and to_number(text) is None


def _rows(
    gradebook: Gradebook, template: Template, places: dict[str, int], students: list[int]
) -> tuple[dict[int, Person], set[str]]:
    def cell(key: str, row: int) -> list[str]:
        return [folded(template.value(row, places.get(key)))]

    return match_people(
        gradebook.people,
        students,
        [
            (lambda row: [template.value(row, places["id"])], lambda p: [p.student.id]),
            (lambda row: cell("sis_id", row), lambda p: [folded(p.student.sis_id), folded(p.student.id)]),
            (
                lambda row: cell("login", row),
                lambda p: [folded(p.student.login), folded(p.student.email), folded(p.student.id)],
            ),
            (lambda row: name_keys(_called(template, places, row)), lambda p: name_keys(p.student.name)),
        ],
    )


def _without_column(gradebook: Gradebook, columns: dict[str, int]) -> list[Unmatched]:
    if TOTAL in columns:
        return []
    return [
        Unmatched(UnmatchedKind.PROBLEM, problem.slug, f"no column is called {problem.title!r} or {problem.slug}")
        for problem in gradebook.problems
        if problem.slug not in columns
    ]


def _scales(gradebook: Gradebook, template: Template, columns: dict[str, int], possible: int | None) -> list[str]:
    notes = []
    for problem, column in columns.items():
        most = to_number(template.value(possible, column)) if possible is not None else None
        points = points_of(gradebook, problem)
        if most and most != points:
            notes.append(f"{problem}: {points:g} points here are {most:g} in Canvas; scaled")
    return notes


def _write(
    gradebook: Gradebook,
    template: Template,
    row: int,
    person: Person,
    columns: dict[str, int],
    possible: int | None,
) -> list[Unmatched]:
    """Write one student's points; return what was left alone."""
    left = []
    for problem, column in columns.items():
        score = gradebook.score(person, problem)
        if score is None:
            reason = f"{problem}: {person.why_not(problem)}; the cell is left as it is"
            left.append(Unmatched(UnmatchedKind.STUDENT, person.student.name, reason))
            continue
        if (word := template.value(row, column).upper()) in _LEFT_ALONE:
            reason = f"{problem}: {_LEFT_ALONE[word]}; left alone"
            left.append(Unmatched(UnmatchedKind.STUDENT, person.student.name, reason))
            continue
        most = to_number(template.value(possible, column)) if possible is not None else None
        points = points_of(gradebook, problem)
        template.write(row, column, score * most / points if most and points else score)
    return left


def _without_row(gradebook: Gradebook, matched: dict[int, Person], ambiguous: set[str]) -> list[Unmatched]:
    """Students with results for whom there is no row, or no single one."""
    found = {person.student.id for person in matched.values()}
    missing = [person for person in gradebook.people if person.results and person.student.id not in found]
    return [
        Unmatched(
            UnmatchedKind.STUDENT,
            person.student.name,
            "could be several rows of the template" if person.student.id in ambiguous else "has no row in the template",
        )
        for person in missing
    ]
