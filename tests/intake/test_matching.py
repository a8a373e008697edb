"""Which file answers which problem, what goes along with it, and what is said of the rest."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from grader.intake.collect import collect
from grader.intake.model import Intake
from grader.intake.naming import Names, Strength, split_copy
from grader.intake.ownname import beside, own_name

from .conftest import COURSE, Tree, answers, code, notebook, reasons, said, write_tree, zipped

NAMES = Names(COURSE)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("02", "02"),
        ("2", "02"),
        ("problem 2", "02"),
        ("hw2", "02"),
        ("HW_02_final", "02"),
        ("ex3-v2", "03"),
        ("Übung 3", "03"),
        ("conv-bias", "02"),
        ("ConvBias", "02"),
        ("Max_Pooling", "01"),
        ("my maxpool solution", "01"),
        ("2024-03-02", None),
        ("maxpool_2", "01"),
        ("mnist", "05"),
        ("functional", "03"),
        ("conv2d", None),
        ("s0123456", None),
        ("submission", None),
        ("1_2", None),
        ("04", None),
    ],
)
def test_name_speaks_of_a_problem(name: str, number: str | None) -> None:
    found = NAMES.best(name)
    assert (found and found[:2]) == number


@pytest.mark.parametrize(
    ("stem", "rest"),
    [
        ("alice_02", "alice"),
        ("02-alice", "alice"),
        ("alice-conv-bias-doe", "alice_doe"),
        ("hw2_Alice Doe_final", "Alice Doe_final"),
        ("final_02_Alice Doe", "Alice Doe"),
        ("Alice Doe_02_final", "Alice Doe"),
        ("Alice Copy_02", "Alice Copy"),
        ("02_Lab", "Lab"),
        ("02", ""),
        ("submission_02", ""),
        ("alice_02_v3", "alice"),
        ("New Main_02", "New Main"),
    ],
)
def test_what_is_left_of_a_name_is_the_student(stem: str, rest: str) -> None:
    hits = [hit for hit in NAMES.hits(stem) if hit.strength >= Strength.NUMBER]
    assert own_name(beside(stem, hits)) == rest


@pytest.mark.parametrize(
    ("stem", "dashes", "text", "copy"),
    [
        ("02", True, "02", 0),
        ("02 (3)", False, "02", 3),
        ("02-1", True, "02", 1),
        ("02-1", False, "02-1", 0),
        ("02 - Copy", False, "02", 1),
        ("02 - Copy (2)", False, "02", 2),
        ("conv-02", True, "conv-02", 0),
    ],
)
def test_mark_of_a_second_copy(stem: str, dashes: bool, text: str, copy: int) -> None:
    found = split_copy(stem, dashes=dashes)
    assert (found.text, found.copy) == (text, copy)


MATCHES: dict[str, tuple[Tree, list[tuple[str, str]], list[tuple[str, str]]]] = {
    "by-number": ({"a/02.py": code("02")}, [("02", "a/02.py")], []),
    "by-title": ({"a/Max pooling.py": "x = 1"}, [("01", "a/Max pooling.py")], []),
    "by-folder": ({"a/02-conv-bias/x.py": "x = 1"}, [("02", "a/02-conv-bias/x.py")], []),
    "by-archive": ({"a/hw2.zip": zipped({"x.py": "x = 1"})}, [("02", "a/hw2.zip/x.py")], []),
    "by-functions": ({"a/whatever.py": code("03")}, [("03", "a/whatever.py")], []),
    "by-one-function": ({"a/x.py": "def to_nchw(x): ..."}, [("03", "a/x.py")], []),
    "by-assignment": ({"a/x.py": "to_nchw = lambda x: x[None, None]"}, [("03", "a/x.py")], []),
    "by-word": ({"a/mnist.py": "x = 1"}, [("05", "a/mnist.py")], []),
    "old-line-ends": ({"a/x.py": "\ufeff" + code("03").replace("\n", "\r")}, [("03", "a/x.py")], []),
    "functions-overrule-a-number": (
        {"a/hw1.py": code("03")},
        [("03", "a/hw1.py")],
        [("a/hw1.py", "note")],
    ),
    "number-holds-where-functions-say-nothing": ({"a/hw1.py": "oops("}, [("01", "a/hw1.py")], []),
    "name-is-not-overruled": (
        {"a/maxpool.py": code("03")},
        [("01", "a/maxpool.py"), ("03", "a/maxpool.py")],
        [],
    ),
    "one-notebook-for-all": (
        {"a/homework 1.ipynb": notebook("01", "02", "03")},
        [("01", "a/homework 1.ipynb"), ("02", "a/homework 1.ipynb"), ("03", "a/homework 1.ipynb")],
        [],
    ),
    "own-file-before-a-file-of-all": (
        {"a/all.ipynb": notebook("01", "02"), "a/02.py": code("02")},
        [("01", "a/all.ipynb"), ("02", "a/02.py")],
        [],
    ),
    "py-before-ipynb": (
        {"a/02.py": code("02"), "a/02.ipynb": notebook("02")},
        [("02", "a/02.py")],
        [("a/02.ipynb", "double")],
    ),
    "notebook-with-the-functions-before-py-without": (
        {"a/02.py": "print('see notebook')", "a/02.ipynb": notebook("02")},
        [("02", "a/02.ipynb")],
        [("a/02.py", "double")],
    ),
    "second-copy-is-newer": (
        {"a/02.py": code("02"), "a/02 (1).py": code("02"), "a/02 (2).py": "broken("},
        [("02", "a/02 (2).py")],
        [("a/02 (1).py", "double"), ("a/02.py", "double")],
    ),
    "answer-before-its-test": (
        {"a/02.py": code("02"), "a/test_02.py": "def test_it(): ..."},
        [("02", "a/02.py")],
        [("a/test_02.py", "double")],
    ),
    "nothing-known": ({"a/x.py": "y = 1"}, [], [("a", "empty"), ("a/x.py", "unmatched")]),
    "no-code": ({"a/report.pdf": "%PDF"}, [], [("a", "empty"), ("a/report.pdf", "unmatched")]),
    "empty-file": ({"a/02.py": "\n \n"}, [], [("a", "empty"), ("a/02.py", "empty")]),
    "utf-16": ({"a/02.py": code("02").encode("utf-16")}, [("02", "a/02.py")], []),
    "binary": ({"a/02.py": b"\x7fELF\0\0"}, [], [("a", "empty"), ("a/02.py", "refused")]),
    "no-notebook": ({"a/02.ipynb": "import torch"}, [], [("a", "empty"), ("a/02.ipynb", "refused")]),
    "readme-goes-without-saying": (
        {"a/02.py": code("02"), "a/README.md": "hello", "a/LICENSE": "MIT"},
        [("02", "a/02.py")],
        [],
    ),
}


@pytest.mark.parametrize(("tree", "expected", "notices"), MATCHES.values(), ids=MATCHES)
def test_match(
    tree: Tree,
    expected: list[tuple[str, str]],
    notices: list[tuple[str, str]],
    gather: Callable[[Tree], Intake],
) -> None:
    # A second student, so that the folder around the first is not taken for the class.
    intake = gather({**tree, "z/01.py": code("01")})
    assert [(number, path) for student, number, path in answers(intake) if student == "a"] == expected
    assert said(intake) == notices


def test_a_single_problem_takes_files_that_say_nothing(tmp_path: Path) -> None:
    tree = {
        "ann/submission.py": "x = 1",
        "bob/Untitled3.ipynb": notebook("03"),
        "cy/cy.py": "x = 1",
        "dee/01.py": "x = 1",
        "eve/maxpool.py": "x = 1",
    }
    intake = collect(write_tree(tmp_path / "class", tree), COURSE[1:2])
    assert [student for student, _, _ in answers(intake)] == ["ann", "bob", "cy"]
    assert [path for path, kind in said(intake) if kind == "unmatched"] == ["dee/01.py", "eve/maxpool.py"]


def test_download_named_after_a_problem_is_for_that_problem(tmp_path: Path) -> None:
    (tmp_path / "DL101-Convolution with a bias-4711.zip").write_bytes(
        zipped(
            {
                "Jane_1_assignsubmission_file/draft.py": "x = 1",
                "Bob_2_assignsubmission_file/01.py": code("01"),
            }
        )
    )
    intake = collect(tmp_path / "DL101-Convolution with a bias-4711.zip", COURSE)
    assert [(student, number) for student, number, _ in answers(intake)] == [("1", "02"), ("2", "01")]


def test_an_untouched_stub_is_no_answer(tmp_path: Path) -> None:
    stub = code("02", "write this")
    write_tree(tmp_path / "02", {"stub.py": stub})
    course = [msgspec.structs.replace(COURSE[1], folder=str(tmp_path / "02"))]
    untouched = stub.replace("\n", " \r\n") + "\n\n"
    tree = {"ann/stub.py": untouched, "bob/stub.py": stub + "x = 1", "cy/submission.py": stub, "cy/stub.py": stub}
    intake = collect(write_tree(tmp_path / "class", tree), course)
    assert [path for _, _, path in answers(intake)] == ["bob/stub.py", "cy/submission.py"]
    assert said(intake) == [("ann", "empty")]


HELPERS = {
    "imported": ("import utils\n", {"utils.py": "X = 1"}, ["utils.py"]),
    "from": ("from utils import X\n", {"utils.py": "X = 1"}, ["utils.py"]),
    "through-a-helper": (
        "import a\n",
        {"a.py": "import b", "b.py": "open('c.csv')", "c.csv": "1"},
        ["a.py", "b.py", "c.csv"],
    ),
    "package": (
        "from lib.tools import X\n",
        {"lib/__init__.py": "", "lib/tools.py": "X = 1"},
        ["lib/__init__.py", "lib/tools.py"],
    ),
    "data-by-name": ("open('weights.txt')\n", {"weights.txt": "1 2 3"}, ["weights.txt"]),
    "not-mentioned": ("# utils are nice\n", {"utils.py": "X = 1"}, []),
}


@pytest.mark.parametrize(("line", "beside", "taken"), HELPERS.values(), ids=HELPERS)
def test_helpers_go_along(
    line: str, beside: dict[str, str], taken: list[str], gather: Callable[[Tree], Intake]
) -> None:
    tree = {"ann/02.py": line + code("02"), **{f"ann/{name}": text for name, text in beside.items()}}
    intake = gather({**tree, "bob/01.py": code("01")})
    (work,) = (work for work in intake.work if work.student == "ann")
    assert [file.name for file in work.submission.extra] == taken
    left = {f"ann/{name}" for name in beside if name not in taken}
    assert {path for path, _ in said(intake)} == left


def test_helpers_on_canvas_get_their_own_names_back(gather: Callable[[Tree], Intake]) -> None:
    intake = gather({
        "doejane_12_34_02.py": "import utils\n" + code("02"),
        "doejane_12_35_utils.py": "X = 'old'",
        "doejane_12_36_utils-1.py": "X = 'new'",
    })  # fmt: skip
    (extra,) = intake.work[0].submission.extra
    assert (extra.name, extra.content) == ("utils.py", b"X = 'new'")


def test_digest_is_the_files_own_where_it_stands_alone(tmp_path: Path) -> None:
    alone = collect(write_tree(tmp_path / "one", {"ann_02.py": code("02")}), COURSE)
    assert alone.work[0].submission.sha256 == hashlib.sha256(code("02").encode()).hexdigest()
    tree = {"ann/02.py": "import x\n" + code("02"), "ann/x.py": "A = 1", "bob/": ""}
    before = collect(write_tree(tmp_path / "two", tree), COURSE).work[0].submission.sha256
    after = collect(write_tree(tmp_path / "two", {"ann/x.py": "A = 2"}), COURSE).work[0].submission.sha256
    assert before != after


def test_reasons_are_sentences_that_name_what_was_taken_instead(tmp_path: Path) -> None:
    tree = {"ann/02.py": code("02"), "ann/02.ipynb": notebook("02"), "bob/x.rar": "Rar!"}
    told = reasons(collect(write_tree(tmp_path / "class", tree), COURSE))
    assert told == {
        "ann/02.ipynb": "is a second answer to 02-conv-bias; ann/02.py was taken",
        "bob": "holds nothing that can be graded; there is only x.rar",
        "bob/x.rar": "is a .rar archive, which is not opened; a .zip is",
    }


NEWEST: dict[str, tuple[Tree, str]] = {
    "version": ({"a/maxpool_v1.py": code("01"), "a/maxpool_v2.py": code("01")}, "a/maxpool_v2.py"),
    "old": ({"a/hw1.py": code("01"), "a/hw1_old.py": code("01")}, "a/hw1.py"),
    "backup-in-german": ({"a/hw1.py": code("01"), "a/hw1_Sicherung.py": code("01")}, "a/hw1.py"),
    "date": ({"a/01_2025-10-05.py": code("01"), "a/01_2025-10-1.py": code("01")}, "a/01_2025-10-05.py"),
    "date-day-first": ({"a/02 5.3.2026.py": code("02"), "a/02 28.2.2026.py": code("02")}, "a/02 5.3.2026.py"),
    "final": ({"a/draft_01.py": code("01"), "a/final_01.py": code("01")}, "a/final_01.py"),
    "final-after-version": ({"a/01_v3.py": code("01"), "a/01_final.py": code("01")}, "a/01_final.py"),
    "attempt": ({"a/attempt2/01.py": code("01"), "a/attempt10/01.py": code("01")}, "a/attempt10/01.py"),
    "folder": ({"a/new/01.py": code("01"), "a/old/01.py": code("01")}, "a/new/01.py"),
    "archive-folder": ({"a/Archive/01.py": code("01"), "a/hw/01.py": code("01")}, "a/hw/01.py"),
    "copy": ({"a/02 - Copy.py": code("02"), "a/02.py": code("02")}, "a/02 - Copy.py"),
    "copy-in-french": ({"a/Copie de 02.py": code("02"), "a/02.py": code("02")}, "a/Copie de 02.py"),
    "copy-in-japanese": ({"a/02のコピー.py": code("02"), "a/02.py": code("02")}, "a/02のコピー.py"),
    "copy-in-no-list": ({"a/02_abschrift.py": code("02"), "a/02.py": code("02")}, "a/02_abschrift.py"),
    "copy-on-a-mac": ({"a/02 2.py": code("02"), "a/02.py": code("02")}, "a/02 2.py"),
    "less-is-no-copy": ({"a/02_notes.py": "x = 1", "a/02.py": code("02")}, "a/02.py"),
    "in-a-folder-called-old": ({"a/old/draft_01.py": code("01"), "a/old/01_final.py": code("01")}, "a/old/01_final.py"),
    "for-what-it-seems": ({"a/02.py.txt": code("02"), "a/02.py": code("02")}, "a/02.py"),
}


@pytest.mark.parametrize(("tree", "newest"), NEWEST.values(), ids=NEWEST)
def test_the_newest_version_counts_and_the_choice_is_told(tree: Tree, newest: str, tmp_path: Path) -> None:
    intake = collect(write_tree(tmp_path / "class", {**tree, "z/03.py": code("03")}), COURSE)
    assert [path for student, _, path in answers(intake) if student == "a"] == [newest]
    (other,) = set(tree) - {newest}
    assert newest in reasons(intake)[other]


def test_times_in_an_archive_decide_before_names(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for name, day in (("a/01_v1.py", 9), ("a/01_v2.py", 3), ("z/03.py", 1)):
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, day, 12, 0, 0)), code(name[2:4]))
    assert ("a", "01", "a/01_v1.py") in answers(collect(tmp_path / "class.zip", COURSE))
