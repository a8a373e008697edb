"""Moodle: grades into a grading worksheet that was downloaded from the assignment.

    Identifier,"Full name",Status,Grade,"Maximum Grade","Grade can be changed",...
    "Participant 1234567","Jane Doe","Submitted for grading - ",,10.00,Yes,...

    ID,"Vollständiger Name",Status,Bewertung,Bestwertung,...
    Teilnehmer/in1234567,"Jane Doe","Zur Bewertung abgegeben",,"10,00",...

Headings and words come in the site's language, so the columns are known by what is in them: the identifier is
the first column whose cells are one word with different numbers behind it; the grade stands directly before
the maximum, which is one positive number in every row. The number in the identifier is also in the folder
names of Moodle's download, which makes it the student's id.

A worksheet belongs to one assignment: to the only problem there is, else to the one that the file's name
speaks of (Moodle puts the assignment's name there), else to all problems together.
"""

from __future__ import annotations

import re

from grader.errors import UsageError
from grader.exports.cells import to_number
from grader.exports.model import Asked, Filled, Gradebook, Person, Unmatched, UnmatchedKind
from grader.exports.template import Template, decimal_mark, match_people, read_template
from grader.intake.naming import Names, Strength
from grader.intake.text import folded, name_keys, words

_IDENTIFIER = re.compile(r"(?P<word>.*\D)(?P<number>[0-9]{1,18})", re.DOTALL)
_GRADE = words(
    "grade bewertung note nota calificación valutazione voto cijfer beoordeling ocena оценка оцінка 評点 評定 "
    "成绩 成績 分數 성적 betyg karakter arvosana arviointi známka hodnocení hodnotenie osztályzat értékelés notă "
    "βαθμός not ציון הדרגה الدرجة kalifikazioa qualificació cualificación pažymys hinne vērtējums"
)
"""The heading of the grade in some languages; only looked at where the maximum does not give it away."""


def fill(gradebook: Gradebook, content: bytes, name: str) -> Filled:
    """The worksheet `content`, whose file is called `name`, with the class's grades in it.

    Raises:
        UsageError: if it is no grading worksheet, or one that takes no numbers.
    """
    template = read_template(content, "a grading worksheet from Moodle")
    rows = [row for row in range(1, len(template.rows)) if any(cell.value.strip() for cell in template.rows[row])]
    identifier = _identifier_column(gradebook, template, rows)
    grade, maximum = _grade_column(template, rows, identifier)
    template.decimal = decimal_mark(
        template.value(row, column) for row in rows for column in (grade, maximum) if column is not None
    )
    problems, note = _problems(gradebook, name)
    most = to_number(template.value(rows[0], maximum)) if maximum is not None else None
    matched, ambiguous = _match(gradebook, template, rows, range(identifier, grade))
    unmatched = []
    for row in rows:
        template.defuse(row)
        person = matched.get(row)
        if person is not None and any(problem.slug in person.results for problem in problems):
            template.write(row, grade, _grade(person, problems, most))
        else:
            called = f"{template.value(row, identifier)}, {template.value(row, identifier + 1)}"
            unmatched.append(Unmatched(UnmatchedKind.ROW, called, "has no result here"))
    found = {person.student.id for person in matched.values()}
    for person in gradebook.people:
        if person.student.id not in found and any(problem.slug in person.results for problem in problems):
            several = person.student.id in ambiguous
            reason = "could be several rows of the worksheet" if several else "has no row in the worksheet"
            unmatched.append(Unmatched(UnmatchedKind.STUDENT, person.student.name, reason))
    return Filled(
        template.encode(),
        template.written,
        tuple(unmatched),
        (*note, *_scale(problems, most), *template.notes()),
    )


def _identifier_column(gradebook: Gradebook, template: Template, rows: list[int]) -> int:
    """The column of "Participant 123" in whatever language; of several, the one with most of the class's numbers."""
    known = {person.student.id for person in gradebook.people}
    found: list[tuple[int, int]] = []
    for column in range(len(template.heading)):
        matches = [_IDENTIFIER.fullmatch(template.value(row, column)) for row in rows]
        numbers = {match["number"] for match in matches if match}
        words_before = {match["word"] for match in matches if match}
        if len(numbers) == len(rows) and len(words_before) == 1:
            found.append((len(numbers & known), -column))
    if not found:
        raise UsageError(
            "The template is not a grading worksheet from Moodle: no column holds identifiers such as "
            "'Participant 123'",
            hint="In Moodle: the assignment, View all submissions, Grading action, Download grading worksheet.",
        )
    return -max(found)[1]


def _grade_column(template: Template, rows: list[int], identifier: int) -> tuple[int, int | None]:
    """(the grade's column, the maximum's)."""
    found = [
        column - 1 for column in range(identifier + 2, len(template.heading)) if _is_maximum(template, rows, column)
    ]
    named = [column for column in found if folded(template.heading[column]) in _GRADE]
    if found:
        column = (named or found)[-1]
        return column, column + 1
    for column, heading in enumerate(template.heading):
        if column > identifier and folded(heading) in _GRADE and _takes_numbers(template, rows, column):
            return column, None
    raise UsageError(
        "The worksheet has no column for a grade in points; its headings are: " + ", ".join(template.heading),
        hint="An assignment that is graded on a scale of words takes no points.",
    )


def _is_maximum(template: Template, rows: list[int], column: int) -> bool:
    """Whether a column is one positive number throughout, and the one before holds nothing larger, or nothing."""
    numbers = {to_number(template.value(row, column)) for row in rows}
    most = numbers.pop()
    if numbers or most is None or most <= 0:
        return False
    before = [to_number(text) for row in rows if (text := template.value(row, column - 1))]
    return all(value is not None and 0 <= value <= most for value in before)


def _takes_numbers(template: Template, rows: list[int], column: int) -> bool:
    """Whether a column holds numbers or nothing, and no scale of words is listed behind it, one word a line."""
    texts = [template.value(row, column) for row in rows]
    scale = {template.value(row, column + 1) for row in rows}
    listed = len(scale) == 1 and "\n" in scale.pop()
    return not listed and all(not text or to_number(text) is not None for text in texts)


def _problems(gradebook: Gradebook, name: str) -> tuple[tuple[Asked, ...], tuple[str, ...]]:
    """The problems that the worksheet is for, and a word on why."""
    if len(gradebook.problems) == 1:
        return gradebook.problems, ()
    slug = Names(gradebook.problems).best(name, Strength.CERTAIN)
    if slug is None:
        count = len(gradebook.problems)
        return gradebook.problems, (f"the worksheet's name speaks of no problem: it got the total of all {count}",)
    return tuple(p for p in gradebook.problems if p.slug == slug), (f"the worksheet is for {slug}, by its name",)


def _grade(person: Person, problems: tuple[Asked, ...], most: float | None) -> float:
    score = sum(person.results[problem.slug].score for problem in problems if problem.slug in person.results)
    points = sum(problem.points for problem in problems)
    return score * most / points if most and points else score


def _scale(problems: tuple[Asked, ...], most: float | None) -> list[str]:
    points = sum(problem.points for problem in problems)
    return [f"{points:g} points here are {most:g} in Moodle; scaled"] if most and most != points else []


def _match(
    gradebook: Gradebook, template: Template, rows: list[int], columns: range
) -> tuple[dict[int, Person], set[str]]:
    """Row -> person: by the number; where a class did not come from Moodle, by any other cell, then by the name.

    `columns` are those from the identifier to the grade.
    """

    def number(row: int) -> list[str]:
        match = _IDENTIFIER.fullmatch(template.value(row, columns[0]))
        return [match["number"]] if match else []

    def others(row: int) -> list[str]:
        return [folded(template.value(row, column)) for column in columns[1:]]

    def contacts(person: Person) -> list[str]:
        student = person.student
        return [folded(key) for key in (student.email, student.sis_id, student.login, student.id)]

    def names(row: int) -> set[str]:
        return name_keys(template.value(row, columns[0] + 1))

    levels = [
        (number, lambda person: [person.student.id]),
        (others, contacts),
        (names, lambda person: name_keys(person.student.name)),
    ]
    return match_people(gradebook.people, rows, levels)
