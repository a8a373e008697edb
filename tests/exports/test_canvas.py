"""Canvas: which cells of the downloaded gradebook are filled, and that all others are as they were."""

from __future__ import annotations

import codecs

import pytest

from grader.errors import UsageError
from grader.exports import UnmatchedKind
from grader.exports.formats.canvas import fill
from grader.exports.model import Gradebook

from .conftest import table

HEADING = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Max pooling (11),Convolution with a bias (12),Essay (13),Final Score"
)
POINTS = "    Points Possible,,,,,10.00,6.00,5.00,(read only)"
ROWS = (
    '"Lee, Ann",101,S1,alee,"A, B",,,4.5,80.1',
    '"Ray, Bob",102,S2,bray,A,1.00,,,',
    '"Eve, E",103,,,A,,,,',
    '"Ünal, Zoë",104,,,A,,,,',
    '"Student, Test",999,,,A,,,,',
)


LEFT = "nothing handed in; the cell is left as it is"


def sheet(*rows: str, heading: str = HEADING, points: str = POINTS) -> bytes:
    return ("\r\n".join((heading, points, *(rows or ROWS))) + "\r\n").encode()


def test_grades_go_where_they_belong_and_nothing_else_changes(gradebook: Gradebook) -> None:
    filled = fill(gradebook, sheet())
    assert filled.content.decode().splitlines() == [
        HEADING,
        POINTS,
        '"Lee, Ann",101,S1,alee,"A, B",10,2,4.5,80.1',
        '"Ray, Bob",102,S2,bray,A,3.33,0,,',
        '"Eve, E",103,,,A,0.5,,,',
        '"Ünal, Zoë",104,,,A,,,,',
        '"Student, Test",999,,,A,,,,',
    ]
    assert filled.grades == 5
    assert [(u.kind, u.name, u.reason) for u in filled.unmatched] == [
        (
            UnmatchedKind.STUDENT,
            '=HYPERLINK("http://x";"Eve")',
            "02-conv-bias: nothing handed in; the cell is left as it is",
        ),
        (UnmatchedKind.STUDENT, "Zoë Ünal", "01-maxpool: nothing handed in; the cell is left as it is"),
        (UnmatchedKind.STUDENT, "Zoë Ünal", "02-conv-bias: nothing handed in; the cell is left as it is"),
        (UnmatchedKind.ROW, "Student, Test", "is nobody in these results"),
    ]
    assert filled.notes == (
        "01-maxpool: goes into the column 'Max pooling (11)'",
        "02-conv-bias: goes into the column 'Convolution with a bias (12)'",
        "1 cells held another grade before",
    )


ROW_BY = {
    "id": ("Somebody,101,,,A,,,,", True),
    "sis-id": ("Somebody,,s1,,A,,,,", True),
    "login": ("Somebody,,,ALEE,A,,,,", True),
    "login-is-the-address": ("Somebody,,,ann@example.edu,A,,,,", True),
    "name": ('"Lee, Ann",,,,A,,,,', True),
    "name-the-other-way": ("Ann Lee,,,,A,,,,", True),
    "another-id": ("Somebody,7,,,A,,,,", False),
}


@pytest.mark.parametrize(("row", "found"), ROW_BY.values(), ids=ROW_BY)
def test_row_is_found_by(gradebook: Gradebook, row: str, found: bool) -> None:
    filled = fill(gradebook, sheet(row))
    assert table(filled.content)[2][5:7] == (["10", "2"] if found else ["", ""])
    missing = {u.name: u.reason for u in filled.unmatched if u.kind is UnmatchedKind.STUDENT}
    assert ("Ann Lee" in missing) != found
    assert missing["Bob Ray"] == "has no row in the template"


def test_a_name_never_takes_a_row_from_an_id(gradebook: Gradebook) -> None:
    rows = table(fill(gradebook, sheet('"Lee, Ann",555,,,A,,,,', '"Ray, Bob",101,,,A,,,,', "x,102,,,A,,,,")).content)
    assert [row[5] for row in rows[2:]] == ["", "10", "3.33"]


def test_two_rows_of_one_name_are_nobodys(gradebook: Gradebook) -> None:
    filled = fill(gradebook, sheet('"Lee, Ann",,,,A,,,,', "Ann Lee,,,,B,,,,"))
    assert [row[5] for row in table(filled.content)[2:]] == ["", ""]
    assert "could be several rows of the template" in [u.reason for u in filled.unmatched if u.name == "Ann Lee"]


EXACT = {
    "title": "Max pooling (11)",
    "title-without-id": "Max Pooling",
    "slug": "01-maxpool (11)",
    "slug-without-number": "Maxpool (11)",
    "number-and-title": "1. Max pooling (11)",
    "padded-number-and-title": "01: Max pooling (11)",
}


def one_column(heading: str) -> bytes:
    return sheet(
        "x,101,,,A,", heading=f"Student,ID,SIS User ID,SIS Login ID,Section,{heading}", points="Points Possible,,,,,10"
    )


@pytest.mark.parametrize("heading", EXACT.values(), ids=EXACT)
def test_column_is_found_by_its_exact_name(gradebook: Gradebook, heading: str) -> None:
    filled = fill(gradebook, one_column(heading))
    assert table(filled.content)[2][5] == "10"
    assert [u.name for u in filled.unmatched if u.kind is UnmatchedKind.PROBLEM] == ["02-conv-bias"]


OTHERS = {
    "slug-in-a-sentence": "Week 3: maxpool! (11)",
    "number": "Problem 1 (11)",
    "quiz-of-that-number": "Quiz 1 (11)",
    "number-alone": "01 (11)",
    "date": "Exam 2025-01-02 (11)",
    "title-and-more": "Max pooling resit (11)",
    "id-is-no-number-of-a-problem": "Essay (1)",
    "computed": "Maxpool Final Score",
}


@pytest.mark.parametrize("heading", OTHERS.values(), ids=OTHERS)
def test_a_column_that_does_not_name_the_problem_is_not_written(gradebook: Gradebook, heading: str) -> None:
    with pytest.raises(UsageError, match="names a problem that was graded") as error:
        fill(gradebook, one_column(heading))
    assert "--column 01-maxpool=" in (error.value.hint or "")


BY_HAND = {"id": "11", "name": "Week 3: Quiz", "heading": "week 3: quiz (11)"}


@pytest.mark.parametrize("named", BY_HAND.values(), ids=BY_HAND)
def test_a_column_named_by_hand(gradebook: Gradebook, named: str) -> None:
    filled = fill(gradebook, one_column("Week 3: Quiz (11)"), {"01-maxpool": named})
    assert table(filled.content)[2][5] == "10"
    assert "01-maxpool: goes into the column 'Week 3: Quiz (11)'" in filled.notes


def test_the_total_goes_where_it_was_sent(gradebook: Gradebook) -> None:
    filled = fill(gradebook, one_column("Homework (11)"), {"total": "11"})
    assert table(filled.content)[2][5] == "7.5", "12 of 16 points, out of the column's 10"


BAD_HAND = {
    "no-such-column": ({"01-maxpool": "12"}, "has no column 12"),
    "two-for-one-column": ({"01-maxpool": "11", "02-conv-bias": "11"}, "would go into one column"),
}


@pytest.mark.parametrize(("by_hand", "says"), BAD_HAND.values(), ids=BAD_HAND)
def test_what_was_named_by_hand_must_be_there(gradebook: Gradebook, by_hand: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        fill(gradebook, one_column("Max pooling (11)"), by_hand)


def test_two_columns_for_one_problem_are_refused_and_listed(gradebook: Gradebook) -> None:
    heading = "Student,ID,Section,Max pooling (1),Maxpool (2)"
    with pytest.raises(UsageError, match=r"2 columns .* 01-maxpool: 'Max pooling \(1\)', 'Maxpool \(2\)'"):
        fill(gradebook, sheet("x,101,A,,", heading=heading, points="Points Possible,,,10,10"))


def test_the_exact_title_wins(gradebook: Gradebook) -> None:
    heading = "Student,ID,Section,Maxpool bonus (1),Max pooling (2)"
    filled = fill(gradebook, sheet("x,101,A,,", heading=heading, points="Points Possible,,,10,10"))
    assert table(filled.content)[2][3:] == ["", "10"]


@pytest.mark.parametrize("word", ["EX", "ex", "N/A"])
def test_excused_is_left_alone(gradebook: Gradebook, word: str) -> None:
    filled = fill(gradebook, sheet(f"x,101,,,A,{word},,,"))
    assert table(filled.content)[2][5:7] == [word, "2"]
    assert any("left alone" in u.reason and u.name == "Ann Lee" for u in filled.unmatched)


def test_points_are_out_of_the_columns_own(gradebook: Gradebook) -> None:
    filled = fill(gradebook, sheet("x,102,,,A,,,,", points="Points Possible,,,,,100.00,6,5,"))
    assert table(filled.content)[2][5] == "33.33"
    assert "01-maxpool: 10 points here are 100 in Canvas; scaled" in filled.notes


def test_first_and_last_name_columns_and_a_hidden_row(gradebook: Gradebook) -> None:
    heading = "LastName,FirstName,ID,SIS Login ID,Section,Max pooling (11)"
    content = sheet(",,,,,Manual Posting", "Points Possible,,,,,10", "Lee,Ann,,,A,", heading=heading, points=",,,,,")
    filled = fill(gradebook, content)
    assert table(filled.content)[4][5] == "10"
    assert [u.kind for u in filled.unmatched].count(UnmatchedKind.ROW) == 0


def test_a_gradebook_in_spanish(gradebook: Gradebook) -> None:
    heading = "Estudiante,ID,ID de usuario del SIS,ID de inicio de sesión del SIS,Sección,Max pooling (11)"
    content = sheet("x,,S1,,A,", "y,,,bray,A,", heading=heading, points="    Puntos posibles,,,,,100.00")
    assert [row[5] for row in table(fill(gradebook, content).content)[1:]] == ["100.00", "100", "33.33"]


DIALECTS = {
    "mark": (codecs.BOM_UTF8, "utf-8", ",", "\n"),
    "utf-16": (codecs.BOM_UTF16_LE, "utf-16-le", "\t", "\r\n"),
    "semicolons": (b"", "utf-8", ";", "\r\n"),
    "windows": (b"", "cp1252", ";", "\r\n"),
}


@pytest.mark.parametrize(("bom", "encoding", "separator", "end"), DIALECTS.values(), ids=DIALECTS)
def test_written_back_as_it_was(gradebook: Gradebook, bom: bytes, encoding: str, separator: str, end: str) -> None:
    lines = ["Student,ID,Section,Max pooling (11)", "Points Possible,,,10", "Ünal,104,A,", "x,102,Ä,"]
    before = bom + (end.join(lines).replace(",", separator) + end).encode(encoding)
    after = fill(gradebook, before).content
    lines[3] = "x,102,Ä,3.33"
    assert after == bom + (end.join(lines).replace(",", separator) + end).encode(encoding)


def test_decimal_comma_where_the_gradebook_has_it(gradebook: Gradebook) -> None:
    rows = ["Student;ID;Section;Max pooling (11)", "Points Possible;;;10,00", "x;102;A;"]
    assert fill(gradebook, "\n".join(rows).encode()).content.decode().splitlines()[2] == "x;102;A;3,33"
    quoted = ["Student,ID,Section,Max pooling (11)", 'Points Possible,,,"10,00"', "x,102,A,"]
    assert fill(gradebook, "\n".join(quoted).encode()).content.decode().splitlines()[2] == 'x,102,A,"3,33"'


def test_names_that_a_spreadsheet_would_run(gradebook: Gradebook) -> None:
    filled = fill(gradebook, sheet("\"=cmd|'/c calc'!A1\",101,,,@A,,,-1.5,-"))
    assert table(filled.content)[2] == ["'=cmd|'/c calc'!A1", "101", "", "", "'@A", "10", "2", "-1.5", "-"]
    assert any("apostrophe" in note for note in filled.notes)


def test_rows_of_any_length(gradebook: Gradebook) -> None:
    filled = fill(gradebook, sheet("x,101", "y,102,,,A,,,,,,=1+1"))
    assert table(filled.content)[2:] == [
        ["x", "101", "", "", "", "10", "2"],
        ["y", "102", "", "", "A", "3.33", "0", "", "", "", "'=1+1"],
    ]


@pytest.mark.parametrize(
    "content",
    [b"", b"Student,ID\n", b"a,b\n1,2\n", b"Identifier,Grade\nParticipant 1,\n", b'Student,ID\n"x'],
    ids=["empty", "no-rows", "other", "moodle", "damaged"],
)
def test_no_gradebook(gradebook: Gradebook, content: bytes) -> None:
    with pytest.raises(UsageError, match="not a gradebook from Canvas"):
        fill(gradebook, content)
