"""Moodle: worksheets in any language, joined by the participant's number."""

from __future__ import annotations

import msgspec
import pytest

from grader.errors import UsageError
from grader.exports import UnmatchedKind
from grader.exports.formats.moodle import fill
from grader.exports.model import FAULT, NOTHING, Gradebook, Person
from grader.intake.model import Student

from .conftest import table

ENGLISH = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"',
    '"Participant 101","Ann Lee",a@x.edu,"Submitted for grading - ",,10.00,Yes,"Monday, 1 May 2023, 9:00 AM",-,',
    '"Participant 102","Bob Ray",b@x.edu,"Submitted for grading - ",1.00,10.00,Yes,-,-,"<p>- see ""me""</p>"',
    '"Participant 900","No Body",n@x.edu,"No submission - ",,10.00,Yes,-,-,',
)
GERMAN = (
    'ID,"Vollständiger Name",ID-Nummer,Status,Bewertung,Bestwertung,"Bewertung kann geändert werden"',
    'Teilnehmer/in101,"Ann Lee",9101,"Zur Bewertung abgegeben",,"10,00",Ja',
    'Teilnehmer/in102,"Bob Ray",9102,"Zur Bewertung abgegeben","1,50","10,00",Ja',
)
SHEETS = {
    "english": (ENGLISH, 4, ["10", "3.33", ""]),
    "german": (GERMAN, 4, ["10", "3,33"]),
    "spanish": (
        (
            "Identificador,Nombre completo,Estado,Calificación,Calificación máxima,Puede cambiarse",
            "Participante101,Ann,Enviado,,10.00,Sí",
            "Participante102,Bob,Enviado,,10.00,Sí",
        ),
        3,
        ["10", "3.33"],
    ),
    "japanese": (
        (
            "識別子,フルネーム,ステータス,評点,最大評点",
            "参加者101,Ann,提出済み,,10.00",
            "参加者102,Bob,提出済み,,10.00",
        ),
        3,
        ["10", "3.33"],
    ),
    "arabic": (("المعرف,الاسم,الحالة,الدرجة,الدرجة القصوى", "المشارك102,Bob,x,,10.00"), 3, ["3.33"]),
    "unheard-of": (("Qq,Ww,Ee,Rr,Tt", "Zz 101,Ann,x,,10.00", "Zz 102,Bob,x,,10.00"), 3, ["10", "3.33"]),
    "blind": (("Identifier,Status,Grade,Maximum Grade", "Participant 101,x,,10.00"), 2, ["10"]),
    "another-constant-number": (
        (
            "Identifier,Full name,ID number,Cohort,Status,Grade,Maximum Grade",
            "Participant 101,Ann,,2024,x,,10.00",
            "Participant 102,Bob,,2024,x,,10.00",
        ),
        5,
        ["10", "3.33"],
    ),
    "number-of-another-kind": (
        (
            "Identifier,Full name,ID number,Status,Grade,Maximum Grade",
            "Participant 101,Ann,s900,x,,10.00",
            "Participant 102,Bob,s901,x,,10.00",
        ),
        4,
        ["10", "3.33"],
    ),
    "no-maximum": (("Identifier,Full name,Grade", "Participant 101,Ann,", "Participant 102,Bob,"), 2, ["10", "3.33"]),
    "scaled": (("Identifier,Full name,Grade,Maximum Grade", "Participant 101,Ann,,100.00"), 2, ["100"]),
    "whole-numbers-only": (
        ("Identifier,Full name,Grade,Maximum Grade", "Participant 1010,Ann,,10", "Participant 10,Bob,,10"),
        2,
        ["", ""],
    ),
    "by-address": (
        ("Identifier,Full name,Email address,Status,Grade,Maximum Grade", "Participant 7,A,Ann@Example.edu,x,,10"),
        4,
        ["10"],
    ),
    "by-name": (("Identifier,Full name,Status,Grade,Maximum Grade", "Participant 7,Lee Ann,x,,10"), 3, ["10"]),
}


@pytest.mark.parametrize(("lines", "column", "grades"), SHEETS.values(), ids=SHEETS)
def test_grades_by_number(gradebook: Gradebook, lines: tuple[str, ...], column: int, grades: list[str]) -> None:
    content = ("\n".join(lines) + "\n").encode()
    after = table(fill(gradebook, content, "Grades-DL-Max pooling-12").content)
    assert [row[column] for row in after[1:]] == grades
    before = table(content)
    for old, new in zip(before, after, strict=True):
        assert old[:column] + old[column + 1 :] == new[:column] + new[column + 1 :]


def test_other_cells_keep_their_quotes(gradebook: Gradebook) -> None:
    content = ("\r\n".join(ENGLISH) + "\r\n").encode()
    lines = fill(gradebook, content, "maxpool").content.decode().split("\r\n")
    assert lines[1] == ENGLISH[1].replace(",,10.00", ",10,10.00")
    assert lines[2] == ENGLISH[2].replace(",1.00,", ",3.33,")
    assert lines[3] == ENGLISH[3]


def test_what_found_no_counterpart(gradebook: Gradebook) -> None:
    filled = fill(gradebook, "\n".join(ENGLISH).encode(), "maxpool")
    assert [(u.kind, u.name) for u in filled.unmatched] == [
        (UnmatchedKind.ROW, "Participant 900, No Body"),
        (UnmatchedKind.STUDENT, '=HYPERLINK("http://x";"Eve")'),
    ]
    assert filled.notes == (
        "01-maxpool: goes into the worksheet 'maxpool'",
        "1 cells held another grade before",
    )


@pytest.mark.parametrize(
    ("name", "grades"),
    [
        ("Grades-DL101-Max pooling-4711", ["10", "3.33"]),
        ("Bewertungen-02-conv-bias", ["3.33", "0"]),
        ("Grades-DL101-Week 3-max-pooling-4711 (1)", ["10", "3.33"]),
    ],
    ids=["title", "slug", "second-download"],
)
def test_which_problem_it_is_for(gradebook: Gradebook, name: str, grades: list[str]) -> None:
    lines = ("Identifier,Full name,Status,Grade,Maximum Grade", "Participant 101,A,x,,10", "Participant 102,B,x,,10")
    rows = table(fill(gradebook, "\n".join(lines).encode(), name).content)
    assert [row[3] for row in rows[1:]] == grades


LINES = ("Identifier,Full name,Status,Grade,Maximum Grade", "Participant 101,A,x,,10", "Participant 102,B,x,,10")


@pytest.mark.parametrize(
    ("name", "by_hand", "grades"),
    [
        ("Grades-DL101-Exercise 2-4712", {"01-maxpool": "4711", "02-conv-bias": "4712"}, ["3.33", "0"]),
        ("worksheet", {"total": "worksheet"}, ["7.5", "2.08"]),
    ],
    ids=["number", "total-by-name"],
)
def test_named_by_hand(gradebook: Gradebook, name: str, by_hand: dict[str, str], grades: list[str]) -> None:
    rows = table(fill(gradebook, "\n".join(LINES).encode(), name, by_hand).content)
    assert [row[3] for row in rows[1:]] == grades


@pytest.mark.parametrize(
    "name", ["worksheet", "Grades-DL101-Exercise 2-4712", "Grades-DL101-Quiz 1-1", "Grades-DL-Max pooling resit-9"]
)
def test_a_worksheet_that_does_not_name_a_problem_is_refused(gradebook: Gradebook, name: str) -> None:
    with pytest.raises(UsageError, match="names a problem that was graded") as error:
        fill(gradebook, "\n".join(LINES).encode(), name, {"01-maxpool": "4711"})
    assert "--column" in (error.value.hint or "")


def test_who_answers_nothing_is_told_why_in_a_comment(gradebook: Gradebook) -> None:
    why = {
        "101": "",
        "102": "",
        "103": f"{FAULT}: x",
        "104": "a <b>.pdf is neither code;=1",
        "105": NOTHING,
        "106": "y",
    }
    people = tuple(
        Person(Student(number, number), {} if reason else gradebook.people[0].results, {"": reason})
        for number, reason in why.items()
    )
    before = ["Not graded: x.", "by hand", "", "Not graded: earlier", "", "by hand"]
    lines = ["Identifier,Full name,Status,Grade,Maximum Grade,Feedback comments"]
    lines += [f"Participant {number},A,x,,10,{comment}" for number, comment in zip(why, before, strict=True)]
    filled = fill(msgspec.structs.replace(gradebook, people=people), "\n".join(lines).encode(), "maxpool")
    assert [row[3:] for row in table(filled.content)[1:]] == [
        ["10", "10", ""],
        ["10", "10", "by hand"],
        ["", "10", ""],
        ["", "10", "Not graded: a &lt;b&gt;.pdf is neither code;'=1"],
        ["", "10", ""],
        ["", "10", "by hand"],
    ]
    told = [unmatched.reason.rpartition("; ")[2] for unmatched in filled.unmatched]
    left = "the cell is left as it is"
    assert told == [left, "the student is told in 'Feedback comments'", left, left]


def test_cells_that_a_spreadsheet_would_run(gradebook: Gradebook) -> None:
    lines = ("Identifier,Full name,Status,Grade,Maximum Grade,Online text", 'Participant 101,=1+1,x,,10,"+cmd|x"')
    rows = table(fill(gradebook, "\n".join(lines).encode(), "maxpool").content)
    assert rows[1] == ["Participant 101", "'=1+1", "x", "10", "10", "'+cmd|x"]


WRONG = {
    "canvas": ("Student,ID,Section,HW\nAnn,1,A,\n", "not a grading worksheet"),
    "no-rows": ("Identifier,Grade\n", "no rows"),
    "scale": (
        'Identifier,Full name,Status,Grade,Scale\nParticipant 1,A,x,,"bad\ngood"\nParticipant 2,B,x,,"bad\ngood"\n',
        "no column for a grade in points",
    ),
    "words": ("Identifier,Full name,Status,Grade\nParticipant 1,A,x,good\n", "no column for a grade in points"),
    "same-number": ("Identifier,Grade\nParticipant 1,\nParticipant 1,\n", "not a grading worksheet"),
}


@pytest.mark.parametrize(("text", "words"), WRONG.values(), ids=WRONG)
def test_no_worksheet(gradebook: Gradebook, text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        fill(gradebook, text.encode(), "maxpool")
