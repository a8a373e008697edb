"""Moodle: grades into a grading worksheet that was downloaded from the assignment.

    Identifier,"Full name",Status,Grade,"Maximum Grade","Grade can be changed",...
    "Participant 1234567","Jane Doe","Submitted for grading - ",,10.00,Yes,...

    ID,"Vollständiger Name",Status,Bewertung,Bestwertung,...
    Teilnehmer/in1234567,"Jane Doe","Zur Bewertung abgegeben",,"10,00",...

Headings and words come in the site's language, so the columns are known by what is in them: the identifier is
the first column whose cells are one word with different numbers behind it; the grade stands directly before
the maximum, which is one positive number in every row. The number in the identifier is also in the folder
names of Moodle's download, which makes it the student's id.

Where the worksheet has the column *Feedback comments*, the reason why a hand-in could not be graded goes there: Moodle
shows it to the student. A comment that somebody else wrote stays. Moodle takes comments of rows without a grade as well
(``process_import_grades`` of assignfeedback_offline), reads them as HTML, and knows the column by its heading in the
site's language alone.

A worksheet belongs to one assignment, whose name and number Moodle puts into the file's name:
``Grades-DL101-Max pooling-4711.csv``. The name must be a problem's exactly, or the number given by hand.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from grader.errors import UsageError
from grader.exports.columns import Column, choose
from grader.exports.model import ExportFormat, ExportRequest, Filled, Gradebook, Person, Unmatched, UnmatchedKind
from grader.exports.spreadsheet_cells import defused_throughout, to_number
from grader.exports.template import Template, decimal_mark, match_people, points_of, read_template
from grader.intake.folding import folded, name_keys, words
from grader.intake.naming import split_copy

_IDENTIFIER = re.compile(r"(?P<word>.*\D)(?P<number>[0-9]{1,18})", re.DOTALL)
_ASSIGNMENT = re.compile(r"(?P<title>.+)-(?P<id>[0-9]{1,18})", re.DOTALL)
_GRADE = words(
    "grade bewertung note nota calificación valutazione voto cijfer beoordeling ocena оценка оцінка 評点 評定 "
    "成绩 成績 分數 성적 betyg karakter arvosana arviointi známka hodnocení hodnotenie osztályzat értékelés notă "
    "βαθμός not ציון הדרגה الدرجة kalifikazioa qualificació cualificación pažymys hinne vērtējums"
)
"""The heading of the grade in some languages, for worksheets where the maximum does not give it away."""
_COMMENTS = frozenset(
    (
        *("feedback comments", "feedback als kommentar", "comentarios de retroalimentación", "commenti"),
        *("feedback par commentaires", "comentaris de retroalimentació", "comentários de feedback", "评语反馈"),
        *("отзыв в виде комментария", "feedback iruzkinak", "تعليقات الإفادة"),
    )
)
"""How assignfeedback_comments calls itself in the language packs ar ca de en es eu fr it pt ru zh_cn."""
_OURS = "Not graded: "
"""The beginning of a comment that an earlier export may have written."""


def fill(gradebook: Gradebook, content: bytes, name: str, by_hand: Mapping[str, str] | None = None) -> Filled:
    """The worksheet `content`, whose file is called `name`, with the class's grades in it.

    `by_hand` names, for a problem, the number of the assignment or the name of the file.

    Raises:
        UsageError: if it is no grading worksheet, one that takes no numbers, or not certainly a problem's.
    """
    template = read_template(content, "a grading worksheet from Moodle")
    rows = [row for row in range(1, len(template.rows)) if any(cell.value.strip() for cell in template.rows[row])]
    identifier = _identifier_column(gradebook, template, rows)
    grade, maximum = _grade_column(template, rows, identifier)
    template.decimal = decimal_mark(
        template.value(row, column) for row in rows for column in (grade, maximum) if column is not None
    )
    problem, told = _problem(gradebook, name, grade, by_hand or {})
    most = to_number(template.value(rows[0], maximum)) if maximum is not None else None
    points = points_of(gradebook, problem)
    matched, ambiguous = _match(gradebook, template, rows, range(identifier, grade))
    comments = [
        column for column in range(grade, len(template.heading)) if folded(template.heading[column]) in _COMMENTS
    ]
    unmatched = []
    for row in rows:
        template.defuse(row)
        called = f"{template.value(row, identifier)}, {template.value(row, identifier + 1)}"
        person = matched.get(row)
        if person is None:
            unmatched.append(Unmatched(UnmatchedKind.ROW, called, "is nobody in these results"))
        elif (score := gradebook.score(person, problem)) is None:
            said = _comment(template, row, comments, person.answers_nothing(problem))
            reason = f"{problem}: {person.why_not(problem)}; {said or 'the cell is left as it is'}"
            unmatched.append(Unmatched(UnmatchedKind.ROW, called, reason))
        else:
            template.write(row, grade, score * most / points if most and points else score)
            _comment(template, row, comments, "")
    unmatched += _without_row(gradebook, problem, matched, ambiguous)
    scaled = [f"{points:g} points here are {most:g} in Moodle; scaled"] if most and most != points else []
    return Filled({(): template.encode()}, template.written, tuple(unmatched), (told, *scaled, *template.notes()))


def _make(request: ExportRequest) -> Filled:
    return fill(request.gradebook, request.template, request.template_name, request.columns)


FORMAT = ExportFormat(
    "moodle",
    "moodle.csv",
    _make,
    template_from="In Moodle: the assignment, View all submissions, Download grading worksheet.",
)


def _comment(template: Template, row: int, columns: list[int], reason: str) -> str:
    """Say the reason in the comment, unless somebody else wrote one; without a reason take back our own.

    Returns where it was said.
    """
    if len(columns) != 1:
        return ""
    before = template.value(row, columns[0])
    if before and not before.startswith(_OURS):
        return ""
    if before or reason:
        text = defused_throughout(_OURS + html.escape(reason, quote=False)) if reason else ""
        template.say(row, columns[0], text)
    return f"the student is told in {template.heading[columns[0]]!r}" if reason else ""


def _without_row(
    gradebook: Gradebook, problem: str, matched: Mapping[int, Person], ambiguous: set[str]
) -> list[Unmatched]:
    """Students with a grade for whom there is no row, or no single one."""
    found = {person.student.id for person in matched.values()}
    return [
        Unmatched(
            UnmatchedKind.STUDENT,
            person.student.name,
            "could be several rows of the worksheet"
            if person.student.id in ambiguous
            else "has no row in the worksheet",
        )
        for person in gradebook.people
        if person.student.id not in found and gradebook.score(person, problem) is not None
    ]


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


def _problem(gradebook: Gradebook, name: str, place: int, by_hand: Mapping[str, str]) -> tuple[str, str]:
    """The problem, or the total, that the worksheet is for, and a word on why."""
    stem = split_copy(name).text
    match = _ASSIGNMENT.fullmatch(stem)
    title, number = (match["title"], match["id"]) if match else (stem, "")
    # Moodle joins its word for grades, the course, and the assignment by hyphens; each of them may hold some.
    parts = title.split("-")
    names = tuple(dict.fromkeys(["-".join(parts[start:]) for start in range(len(parts))] + [stem, name]))
    column = Column(place, name, names, number)
    # A course names the numbers of all worksheets; the others' do not concern this one.
    known = {problem: named for problem, named in by_hand.items() if named in (number, name, stem)}
    chosen = choose(gradebook.problems, [column], known, "worksheet")
    (problem,) = chosen
    return problem, f"{problem}: goes into the worksheet {name!r}"


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
