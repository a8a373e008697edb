"""Classes as people lay them out, one of each kind: everybody has the newest answer, or all of it is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from grader.intake.choosing import Undecided
from grader.intake.collect import collect
from grader.intake.model import Intake

from .conftest import COURSE, Tree, code, notebook, write_tree, zipped

OLD = "the older version"
_BOTH = ("01", "02")
_HEAD = "ref: refs/heads/main"


def _older(number: str) -> str:
    return code(number, OLD)


def _clones(*names: str, number: str = "01") -> dict[str, str]:
    return {f"{name}/x.py": code(number) for name in names} | {f"{name}/.git/HEAD": _HEAD for name in names}


def _everybody(names: str, numbers: str = "01 02") -> dict[str, str]:
    return dict.fromkeys(names.split(), numbers)


READ: dict[str, tuple[Tree, dict[str, str]]] = {
    "groups, whose problem is a word and a number": (
        {f"Gruppe {team} - Aufgabe {int(n)}.py": code(n) for team in (1, 2, 5) for n in _BOTH},
        {f"Gruppe {team}": "01 02" for team in (1, 2, 5)},
    ),
    "ids of a letter and a number": (
        {f"a{number:02}/{n}.py": code(n) for number in (1, 2, 5, 7) for n in _BOTH},
        _everybody("a01 a02 a05 a07"),
    ),
    "such ids in rounds": (
        {
            f"Round {r}/a{number:02}/{n}.py": code(n) if r == 2 else _older(n)
            for r in (1, 2)
            for number in (1, 2, 5, 7)
            for n in _BOTH
        },
        _everybody("a01 a02 a05 a07"),
    ),
    "such ids in sections": (
        {f"Section {1 + number % 2}/s{number:02}/{n}.py": code(n) for number in (1, 2, 3, 5) for n in _BOTH},
        _everybody("s01 s02 s03 s05"),
    ),
    "such ids in problems' folders": (
        {
            f"{place}/s{number:02}.py": code(place[:2])
            for number in (1, 2, 5)
            for place in ("01-maxpool", "02-conv-bias")
        },
        _everybody("s01 s02 s05"),
    ),
    "problems' folders in Spanish": (
        {f"Tarea {int(n)}/{who}.py": code(n) for who in ("ana", "beto", "cesar") for n in _BOTH},
        _everybody("ana beto cesar"),
    ),
    "problems' folders in Japanese": (
        {f"課題{int(n)}/{who}.py": code(n) for who in ("田中", "佐藤", "鈴木") for n in _BOTH},
        _everybody("田中 佐藤 鈴木"),
    ),
    "problems' folders called lab": (
        {f"Lab {int(n)}/{who}/x.py": code(n) for who in ("ana", "beto", "cem") for n in _BOTH},
        _everybody("ana beto cem"),
    ),
    "sections called lab": (
        {
            f"Lab {1 + place % 2}/{who}/{n}.py": code(n)
            for place, who in enumerate(("ana", "beto", "cem", "dan"))
            for n in _BOTH
        },
        _everybody("ana beto cem dan"),
    ),
    "rounds by date": (
        {
            f"2026-03-0{day}/{who}/02.py": code("02") if day == 8 else _older("02")
            for day in (1, 8)
            for who in ("jane", "bob")
        },
        _everybody("jane bob", "02"),
    ),
    "a second Bob": (
        {"Bob/02.py": code("02"), "Bob 2/02.py": code("02"), "Ann/02.py": code("02")},
        {"Ann": "02", "Bob": "02", "Bob 2": "02"},
    ),
    "names that Windows reserves": (
        {f"{name}/02.py": code("02") for name in ("con", "aux", "nul", "com1")},
        _everybody("con aux nul com1", "02"),
    ),
    "names that differ in case": (
        {"Jane/02.py": code("02"), "jane/01.py": code("01"), "JANE/02.py": code("02")},
        {"Jane": "02", "jane": "01", "JANE": "02"},
    ),
    "an archive in an archive, and one beside a folder": (
        {
            "jane.zip": zipped({"a.zip": zipped({"02.py": code("02")})}),
            "jane/01.py": code("01"),
            "bob/02.py": code("02"),
        },
        {"bob": "02", "jane": "01 02"},
    ),
    "numbers of students in file names": (
        {f"{who}_{n}.py": code(n) for who in ("101", "102", "103") for n in _BOTH},
        _everybody("101 102 103"),
    ),
    "three repositories, two of which begin alike": (
        _clones("hw-mary-ann", "hw-mary-joe", "hw-bob"),
        _everybody("bob mary-ann mary-joe", "01"),
    ),
    "repositories of teams": (_clones("hw-team-1", "hw-team-2", "hw-team-3"), _everybody("team-1 team-2 team-3", "01")),
    "Moodle's blind marking": (
        {f"Teilnehmer/in_{number}_assignsubmission_file_/02.py": code("02") for number in (101, 102)},
        _everybody("101 102", "02"),
    ),
    "Teams, without versions": (
        {f"Submitted files/{who}/HW 02/02.py": code("02") for who in ("Jane Doe", "Al")}
        | {"Working files/Jane Doe/HW 02/02.py": _older("02")},
        {"Al": "02", "Jane Doe": "02"},
    ),
    "Sakai, several submitters": (
        {
            "HW 02/Doe, Jane(jdoe)/Adjuntos/02.py": code("02"),
            "HW 02/Doe, Jane(jdoe)/timestamp.txt": "2026-03-01T12:30:00.123Z",
            "HW 02/Roe, Bob(broe); Poe,(cpoe)/Adjuntos/02.py": code("02"),
            "HW 02/Roe, Bob(broe); Poe,(cpoe)/timestamp.txt": "2026-03-01T12:31:00Z",
        },
        _everybody("broe cpoe jdoe", "02"),
    ),
    "Sakai, without folders": (
        {
            "HW 02/Doe, Jane(jdoe)_Submission attachment(s)_02.py": code("02"),
            "HW 02/Roe, Bob(broe)__submissionText.html": "<p>see mail</p>",
        },
        {"broe": "", "jdoe": "02"},
    ),
    "a folder for feedback": (
        {f"{who}/02.py": code("02") for who in ("jane", "bob")} | {"feedback/jane.txt": "well done"},
        _everybody("bob jane", "02"),
    ),
}

READ |= {
    f"problems' numbers written {digits}": (
        {
            f"{who}_{digit}.py": code(n)
            for who in ("ann", "田中", "علي")
            for digit, n in zip(digits, _BOTH, strict=True)
        },
        _everybody("ann 田中 علي"),
    )
    for digits in ("１２", "①②", "١٢", "१२")
} | {
    "names that hidden characters tell apart": (
        {f"x{mark}y/{n}.py": code(n) for mark in ("\u200e", "\u200f", "\x01", " ", "\u00a0") for n in _BOTH},
        dict.fromkeys(("x\\u200ey", "x\\u200fy", "x\\x01y", "x y", "x\\xa0y"), "01 02"),
    ),
}

REFUSED: dict[str, Tree] = {
    f"names and numbers in one word: {form}": {
        f"{form.format(who, n, int(n))}.py": code(n) for who in ("ann", "bob", "田中") for n in _BOTH
    }
    for form in ("{0}{2}", "{0}{1}", "{0}hw{2}", "{0}課題{2}", "課題{2}{0}")
} | {
    "two repositories that begin alike": _clones("hw-mary-ann", "hw-mary-joe"),
    "two such repositories of a problem": _clones("conv-bias-mary-ann", "conv-bias-mary-joe", number="02"),
    "the zips of two such repositories": {
        f"hw-mary-{who}-main.zip": zipped({f"hw-mary-{who}-main/01.py": code("01")}) for who in ("ann", "joe")
    },
    "namesakes of Brightspace": {
        f"{number}-99 - Anna Doe - Mar {day}, 2026 1230 PM/02.py": code("02") for number, day in ((1234, 1), (5678, 2))
    },
    "users of Blackboard that begin alike, without receipts": {
        f"HW_02_j_{who}_attempt_2026-03-01-12-30-00_02.py": code("02") for who in ("doe", "smith")
    },
    "a folder called old beside students'": {
        f"{who}/02.py": code("02") for who in ("jane", "bob", "cy", "dee", "eve", "old")
    },
    "a file called old beside students'": {f"{who}_02.py": code("02") for who in ("jane", "bob", "cy", "dee", "old")},
    "one name in two sections": {
        f"Section {place}/{who}/02.py": code("02")
        for place, who in (("A", "Ann"), ("A", "Bob"), ("B", "Ann"), ("B", "Cy"))
    },
}

NEWER = {
    ("02.py", "02 - Kopie.py"),
    ("02.py", "02 - 副本.py"),
    ("02.py", "02 - bản sao.py"),
    ("02 - Copy.py", "02 - Copy (2).py"),
    ("02 (9).py", "02 (10).py"),
    ("02_1.py", "02_2.py"),
    ("02_v9.py", "02_v10.py"),
    ("02_1.2.py", "02_1.10.py"),
    ("02_260228.py", "02_260301.py"),
    ("02_280226.py", "02_010326.py"),
    ("02_28.02.py", "02_01.03.py"),
    ("02_28Feb.py", "02_1Mar.py"),
    ("02_28.02.2026.py", "02_01.03.2026.py"),
    ("02_03-01-2026.py", "02_03-15-2026.py"),
    ("02_1772000000.py", "02_1772100000.py"),
    ("02_neu.py", "02_neueste.py"),
    ("02_broken.py", "02.py"),
    ("02_before_feedback.py", "02_after_feedback.py"),
    ("02_final.py", "02_final2.py"),
    ("draft/02.py", "submit/02.py"),
    ("try1.py", "try2.py"),
    ("Untitled.py", "Untitled1.py"),
    ("20260228/02.py", "20260301/02.py"),
    ("02.py.bak", "02.py"),
}

NAMES = {
    "cp437": ("Jörg Müller", "Bob Roe"),
    "cp850": ("Jörg Müller", "Bob Roe"),
    "cp1252": ("Zoë d’Arc", "Bob Roe"),
    "cp1251": ("Ольга Ким", "Иван Петров"),
    "cp866": ("Иван Петров", "Ольга Смирнова"),
    "cp932": ("田中太郎", "佐藤花子"),
    "gbk": ("张伟", "李娜"),
    "big5": ("陳大文", "林美玲"),
    "euc-kr": ("김철수", "이영희"),
    "utf-8": ("Łukasz Zażółć", "Bob Roe"),
}


def _who(intake: Intake) -> dict[str, str]:
    found = {student.id: [work.problem[:2] for work in intake.work if work.student == student.id]
             for student in intake.students}  # fmt: skip
    return {student: " ".join(sorted(own)) for student, own in found.items()}


def _stale(intake: Intake) -> list[str]:
    return [work.submission.path for work in intake.work if OLD.encode() in work.submission.main.content]


@pytest.mark.parametrize("kind", READ)
def test_everybody_is_read(kind: str, tmp_path: Path) -> None:
    tree, wanted = READ[kind]
    intake = collect(write_tree(tmp_path / "class", tree), COURSE)
    assert _who(intake) == wanted
    assert not _stale(intake)
    (tmp_path / "class.zip").write_bytes(zipped({name: text for name, text in tree.items() if not name.endswith("/")}))
    assert _who(collect(tmp_path / "class.zip", COURSE)) == wanted


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_doubtful_is_refused(kind: str, tmp_path: Path) -> None:
    with pytest.raises(Undecided):
        collect(write_tree(tmp_path / "class", REFUSED[kind]), COURSE)


@pytest.mark.parametrize(("older", "newer"), sorted(NEWER))
def test_the_newer_of_two_names_is_taken(older: str, newer: str, tmp_path: Path) -> None:
    others = {f"s{letter}na/02.py": code("02") for letter in "abcdefghijklmnopqrstuvwxyz"}
    tree = others | {f"jane/{older}": _older("02"), f"jane/{newer}": code("02")}
    intake = collect(write_tree(tmp_path / "class", tree), COURSE)
    assert not _stale(intake)
    assert _who(intake)["jane"] == "02"


def test_a_notebook_and_its_export_are_one_answer(tmp_path: Path) -> None:
    tree = {"jane/02.ipynb": notebook("02"), "jane/02.py": code("02"), "bob/02.py": code("02")}
    assert _who(collect(write_tree(tmp_path / "class", tree), COURSE)) == {"bob": "02", "jane": "02"}


@pytest.mark.parametrize("encoding", NAMES)
def test_names_of_an_archive_are_decoded(encoding: str, tmp_path: Path) -> None:
    class Legacy(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 (zipfile's own hook)
            return self.filename.encode(encoding), self.flag_bits

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in NAMES[encoding]:
            archive.writestr(Legacy(f"{name}/02.py", (2026, 3, 1, 12, 0, 0)), code("02"))
    (tmp_path / "class.zip").write_bytes(file.getvalue())
    assert _who(collect(tmp_path / "class.zip", COURSE)) == dict.fromkeys(NAMES[encoding], "02")


def test_a_roster_says_which_folder_is_nobodys(tmp_path: Path) -> None:
    tree = {f"{who}/02.py": code("02") for who in ("jane", "old")} | {"solutions/02.py": code("02")}
    (tmp_path / "roster.csv").write_text("id,name\njane,Jane Doe\nold,Ann Old\n", encoding="utf-8")
    intake = collect(write_tree(tmp_path / "class", tree), COURSE, roster=tmp_path / "roster.csv")
    assert _who(intake) == {"jane": "02", "old": "02"}
    assert [notice.path for notice in intake.notices] == ["solutions"]
