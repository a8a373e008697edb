"""Canvas: grades into a gradebook that was exported from the course.

    Student,ID,SIS User ID,SIS Login ID,Section,Max pooling (4711),Current Score
        Points Possible,,,,,10.00,(read only)
    "Doe, Jane",12345,S001,jdoe,A,,

A row is found by ID, SIS id, login, then name; a column by the title, slug or number of the problem. Only
cells of those rows in those columns are written, as points out of the column's own points possible. Cells
that say EX (excused) or N/A (not assigned) are left alone, as are the totals, which Canvas computes.
"""

from __future__ import annotations

import re

from grader.errors import UsageError
from grader.exports.cells import to_number
from grader.exports.model import Asked, Filled, Gradebook, Person, Unmatched, UnmatchedKind
from grader.exports.template import Template, decimal_mark, match_people, read_template
from grader.intake.naming import Names, Strength
from grader.intake.text import folded, name_keys

_IDENTITY = {
    "id": "id",
    "sis user id": "sis_id",
    "sis login id": "login",
    "student": "name",
    "lastname": "last",
    "firstname": "first",
    "section": "section",
    "integration id": "integration",
    "root account": "root",
}
_TITLE_AND_ID = re.compile(r"(.*?)\s*\([0-9]+\)\s*", re.DOTALL)
_COMPUTED = re.compile(
    r"(?:Current|Final|Override) (?:Score|Points|Grade|Status)(?: \(.*\))?\Z", re.DOTALL | re.IGNORECASE
)
_LEFT_ALONE = {"EX": "is excused in Canvas", "N/A": "has not been assigned it in Canvas"}


def fill(gradebook: Gradebook, content: bytes) -> Filled:
    """The gradebook `content` with the class's points in it.

    Raises:
        UsageError: if it is no gradebook from Canvas.
    """
    template = read_template(content, "a gradebook from Canvas")
    places = {_IDENTITY[folded(cell)]: i for i, cell in enumerate(template.heading) if folded(cell) in _IDENTITY}
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
    columns, unmatched = _columns(gradebook, template, places, possible)
    used = [possible, *students] if possible is not None else students
    template.decimal = decimal_mark(template.value(row, column) for row in used for column in columns.values())
    matched, ambiguous = _rows(gradebook, template, places, students)
    notes = _scales(gradebook, template, columns, possible)
    for row in students:
        template.defuse(row)
        person = matched.get(row)
        if person is not None and person.results.keys() & columns.keys():
            unmatched += _write(gradebook, template, row, person, columns, possible)
        else:
            unmatched.append(Unmatched(UnmatchedKind.ROW, _called(template, places, row), "has no result here"))
    unmatched += _without_row(gradebook, matched, ambiguous)
    return Filled(template.encode(), template.written, tuple(unmatched), (*notes, *template.notes()))


def _is_points_possible(template: Template, row: int) -> bool:
    return template.value(row, 0).startswith("Points Possible")


def _called(template: Template, places: dict[str, int], row: int) -> str:
    name = template.value(row, places.get("name"))
    full = f"{template.value(row, places.get('first'))} {template.value(row, places.get('last'))}".strip()
    return name or full or template.value(row, places["id"])


def _columns(
    gradebook: Gradebook, template: Template, places: dict[str, int], possible: int | None
) -> tuple[dict[str, int], list[Unmatched]]:
    """Problem -> its column, and the problems without one."""
    names = Names(gradebook.problems)
    candidates: dict[str, list[tuple[int, int]]] = {}
    for column, heading in enumerate(template.heading):
        read_only = possible is not None and _is_words(template.value(possible, column))
        if column <= max(places.values()) or _COMPUTED.search(heading) or read_only:
            continue
        match = _TITLE_AND_ID.fullmatch(heading)
        title = match[1] if match else heading
        for problem in gradebook.problems:
            if (strength := _strength(problem, title, names)) > 0:
                candidates.setdefault(problem.slug, []).append((strength, column))
    columns, unmatched = {}, []
    for problem in gradebook.problems:
        found = candidates.get(problem.slug, [])
        best = [column for strength, column in found if strength == max(found)[0]]
        if len(best) == 1:
            columns[problem.slug] = best[0]
        elif best:
            several = " and ".join(template.heading[column] for column in best)
            unmatched.append(Unmatched(UnmatchedKind.PROBLEM, problem.slug, f"could be {several}"))
        else:
            reason = f"no column is called {problem.title!r}, {problem.slug} or has its number"
            unmatched.append(Unmatched(UnmatchedKind.PROBLEM, problem.slug, reason))
    return columns, unmatched


def _is_words(text: str) -> bool:
    """Whether points possible are no number: "(read only)" in the site's language."""
    return bool(text) and to_number(text) is None


def _strength(problem: Asked, title: str, names: Names) -> int:
    if folded(title) in (folded(problem.title), folded(problem.slug)):
        return 10
    hits = [hit for hit in names.hits(title) if hit.strength >= Strength.NUMBER]
    return int(hits[0].strength) if names.best(title, Strength.NUMBER) == problem.slug else 0


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


def _scales(gradebook: Gradebook, template: Template, columns: dict[str, int], possible: int | None) -> list[str]:
    notes = []
    for problem in gradebook.problems:
        if problem.slug in columns and possible is not None:
            most = to_number(template.value(possible, columns[problem.slug]))
            if most and most != problem.points:
                notes.append(f"{problem.slug}: {problem.points:g} points here are {most:g} in Canvas; scaled")
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
    for problem in gradebook.problems:
        result, column = person.results.get(problem.slug), columns.get(problem.slug)
        if result is None or column is None:
            continue
        if (word := template.value(row, column).upper()) in _LEFT_ALONE:
            reason = f"{problem.slug}: {_LEFT_ALONE[word]}; left alone"
            left.append(Unmatched(UnmatchedKind.STUDENT, person.student.name, reason))
            continue
        most = to_number(template.value(possible, column)) if possible is not None else None
        scale = most / problem.points if most and problem.points else 1.0
        template.write(row, column, result.score * scale)
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
