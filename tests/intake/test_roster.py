"""The class list: names for numbers, and who handed in nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.intake import Student, collect
from grader.intake.roster import Row, read_roster

from .conftest import COURSE, code, reasons, said, write_tree

HEADINGS = {
    "plain": ("id,name\n7,Ann Lee\n", Row("7", "Ann Lee")),
    "byte-order-mark": ("\ufeffid,name\n7,Ann Lee\n", Row("7", "Ann Lee")),
    "semicolons": ("Student ID;Full Name\r\n7;Ann Lee\r\n", Row("7", "Ann Lee")),
    "tabs": ("ID\tNAME\n7\tAnn Lee", Row("7", "Ann Lee")),
    "extra-columns": ("group,name,id\nA,Ann Lee,7\n", Row("7", "Ann Lee")),
    "first-and-last": ("id,First Name,Last Name\n7,Ann,Lee\n", Row("7", "Ann Lee")),
    "german": (
        "Matrikelnummer;Vorname;Nachname;E-Mail-Adresse\n7;Ann;Lee;a@x.de\n",
        Row("7", "Ann Lee", "a@x.de"),
    ),
    "no-heading": ("7,Ann Lee\n8,Bob\n", Row("7", "Ann Lee")),
    "one-column": ("7\n8\n", Row("7", "")),
    "last-name-first": ('id,name\n7,"Lee, Ann"\n', Row("7", "Ann Lee")),
    "student-is-the-id": ("student,email\nann,a@x.de\n", Row("a@x.de", "ann", "a@x.de")),
    "canvas": (
        "Student,ID,SIS User ID,SIS Login ID,Section,HW (1)\n"
        "    Points Possible,,,,,10\n"
        '"Lee, Ann",7,S7,alee,A,\n',
        Row("7", "Ann Lee", "", "alee", "S7"),
    ),
    "moodle": (
        "Identifier,Full name,Email address,Status\nParticipant 7,Ann Lee,a@x.de,No submission\n",
        Row("Participant 7", "Ann Lee", "a@x.de"),
    ),
    "classroom": (
        '"identifier","github_username","github_id","name"\n"S7","ann-lee","99",""\n',
        Row("S7", "", "", "ann-lee"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "row"), HEADINGS.values(), ids=HEADINGS)
def test_headings_are_read_tolerantly(text: str, row: Row) -> None:
    assert read_roster(text.encode(), "roster.csv")[0] == row


@pytest.mark.parametrize("content", [b"", b"\n\n", b'id,name\n"7,Ann'], ids=["empty", "blank", "unclosed"])
def test_no_roster_at_all(content: bytes) -> None:
    with pytest.raises(UsageError, match=r"roster\.csv"):
        read_roster(content, "roster.csv")


MATCHES = {
    "by-id": ("7,Ann Lee", "7", Student("7", "Ann Lee")),
    "by-id-of-any-case": ("ALEE,Ann Lee", "alee", Student("alee", "Ann Lee", sis_id="ALEE")),
    "by-moodle-number": ("Participant 7,Ann Lee", "7", Student("7", "Ann Lee", sis_id="Participant 7")),
    "by-name": ("7,Ann Lee", "Lee_Ann", Student("Lee_Ann", "Ann Lee", sis_id="7")),
    "by-squashed-name": ("7,Ann Mary Lee", "leeannmary", Student("leeannmary", "Ann Mary Lee", sis_id="7")),
}


@pytest.mark.parametrize(("line", "folder", "student"), MATCHES.values(), ids=MATCHES)
def test_row_is_a_students(tmp_path: Path, line: str, folder: str, student: Student) -> None:
    tree = {
        f"{folder}/02.py": code("02"),
        "zoe/02.py": code("02"),
        "roster.csv": f"id,name\n{line}\nzoe,Zoe\n",
    }
    intake = collect(write_tree(tmp_path / "class", tree), COURSE)
    assert intake.students[0] == student
    assert intake.notices == ()


def test_who_handed_in_nothing_is_there_too(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("id,name\nann,Ann Lee\nbob,Bob Ray\nbob,Bob Ray\n")
    root = write_tree(tmp_path / "class", {"ann/02.py": code("02"), "eve/02.py": code("02")})
    intake = collect(root, COURSE, roster=tmp_path / "list.csv")
    assert [(student.id, student.name) for student in intake.students] == [
        ("ann", "Ann Lee"),
        ("bob", "Bob Ray"),
        ("eve", "eve"),
    ]
    assert [(notice.kind, notice.student, notice.reason) for notice in intake.notices] == [
        ("missing", "bob", "Bob Ray handed in nothing"),
        ("note", "bob", "Bob Ray is on it twice, or could be several students"),
        ("note", "eve", "eve handed in but is not on it"),
    ]


def test_two_students_of_one_name_are_not_guessed_apart(tmp_path: Path) -> None:
    tree = {
        "leeann_7_70_02.py": code("02"),
        "leeann_8_80_02.py": code("02"),
        "roster.csv": "name,email\nAnn Lee,a@x.de\n",
    }
    intake = collect(write_tree(tmp_path / "class", tree), COURSE)
    assert [student.name for student in intake.students] == ["leeann", "leeann"]
    assert ("roster.csv", "note") in said(intake)


def test_a_roster_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("id,name\n")
    root = write_tree(tmp_path / "class", {"ann/02.py": code("02")})
    with pytest.raises(UsageError, match="There is no roster") as error:
        collect(root, COURSE, roster=tmp_path / "rooster.csv")
    assert "roster.csv?" in (error.value.hint or "")


def test_every_student_is_missing(tmp_path: Path) -> None:
    intake = collect(write_tree(tmp_path / "class", {"roster.csv": "id,name\n7,Ann\n8,Bob\n"}), COURSE)
    assert [student.name for student in intake.students] == ["Ann", "Bob"]
    assert reasons(intake) == {"roster.csv": "Bob handed in nothing"}
