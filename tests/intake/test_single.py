"""One submission by its path: what is taken, and what is said of the rest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.errors import GraderError, SubmissionError, UsageError
from grader.intake.single import read_submission

from .conftest import Tree, code, notebook, write_tree

TAKEN: dict[str, tuple[Tree, str, str]] = {
    "py": ({"hw/02.py": code("02")}, "hw/02.py", "02.py"),
    "ipynb": ({"hw/02.ipynb": notebook("02")}, "hw/02.ipynb", "02.ipynb"),
    "upper-case-suffix": ({"hw/02.PY": code("02")}, "hw/02.PY", "02.PY"),
    "folder-prefers-submission-py": (
        {"hw/submission.py": "a = 1", "hw/submission.ipynb": notebook("02"), "hw/x.py": code("02")},
        "hw",
        "submission.py",
    ),
    "folder-then-the-notebook": (
        {"hw/submission.ipynb": notebook("02"), "hw/x.py": code("02")},
        "hw",
        "submission.ipynb",
    ),
    "folder-with-one-file": ({"hw/whatever.py": "x = 1", "hw/notes.txt": ""}, "hw", "whatever.py"),
    "folder-where-one-defines-the-names": ({"hw/a.py": "x = 1", "hw/b.py": code("02")}, "hw", "b.py"),
    "folder-of-the-problem": ({"hw/stub.py": code("02"), "hw/mine.py": code("02")}, "hw", "mine.py"),
    "byte-order-mark": ({"hw/02.py": b"\xef\xbb\xbfx = 1\r\n"}, "hw/02.py", "02.py"),
    "latin-1": ({"hw/02.py": "# -*- coding: latin-1 -*-\nx = 'é'".encode("latin-1")}, "hw/02.py", "02.py"),
}


@pytest.mark.parametrize(("tree", "path", "main"), TAKEN.values(), ids=TAKEN)
def test_taken(tmp_path: Path, tree: Tree, path: str, main: str) -> None:
    write_tree(tmp_path, tree)
    submission = read_submission(tmp_path / path, student="ann", names=("build_conv", "conv_with_bias"))
    assert submission.main.name == main
    assert submission.main.content == (tmp_path / "hw" / main).read_bytes()
    assert submission.path == main, "whoever reads a report is not told where somebody works"
    assert submission.student == "ann"
    assert len(submission.sha256) == 64


@pytest.mark.parametrize("given", ["hw/02.py", "{here}/hw/02.py"])
def test_a_path_is_told_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    write_tree(tmp_path, {"hw/02.py": code("02")})
    monkeypatch.chdir(tmp_path)
    assert read_submission(Path(given.format(here=tmp_path))).path == str(Path("hw", "02.py"))


REFUSED: dict[str, tuple[Tree, str, type[GraderError], str, str]] = {
    "no-such-file": ({"hw/conv.py": "x = 1"}, "hw/cnv.py", UsageError, "there is no", "hw/conv.py?"),
    "no-such-folder": ({"hw/conv.py": "x"}, "he/conv.py", UsageError, "there is no", "either"),
    "other-kind": ({"hw/a.txt": "x"}, "hw/a.txt", UsageError, "neither a .py nor a .ipynb", ""),
    "archive": ({"hw/a.zip": "PK"}, "hw/a.zip", UsageError, "neither a .py nor a .ipynb", "grade batch"),
    "empty-folder": ({"hw/": ""}, "hw", UsageError, "no .py and no .ipynb; it is empty", "submission.py"),
    "folder-without-code": ({"hw/a.pdf": "x"}, "hw", UsageError, "there is a.pdf", "submission.py"),
    "several": (
        {"hw/a.py": "x = 1", "hw/b.py": "x = 1"},
        "hw",
        UsageError,
        "several code files.*a.py, b.py",
        "",
    ),
    "several-that-fit": ({"hw/a.py": code("02"), "hw/b.py": code("02")}, "hw", UsageError, "several", ""),
    "empty": ({"hw/02.py": " \r\n\t"}, "hw/02.py", SubmissionError, "is empty", ""),
    "only-a-mark": ({"hw/02.py": b"\xef\xbb\xbf"}, "hw/02.py", SubmissionError, "is empty", ""),
    "too-large": ({"hw/02.py": "#" * 1_000_001}, "hw/02.py", SubmissionError, "1.0 MB", ""),
    "binary": ({"hw/02.py": b"\x7fELF\x02\0\0"}, "hw/02.py", SubmissionError, "binary", ""),
    "zeros": ({"hw/02.py": b"x = 1\n" + b"\0" * 20}, "hw/02.py", SubmissionError, "binary", ""),
    "no-notebook": ({"hw/02.ipynb": "<html>"}, "hw/02.ipynb", SubmissionError, "not a notebook", ""),
    "folder-called-py": ({"hw/02.py/x.txt": "x"}, "hw/02.py", UsageError, "no .py and no .ipynb", ""),
}


@pytest.mark.parametrize(("tree", "path", "error", "words", "hint"), REFUSED.values(), ids=REFUSED)
def test_refused(tmp_path: Path, tree: Tree, path: str, error: type[GraderError], words: str, hint: str) -> None:
    write_tree(tmp_path, tree)
    with pytest.raises(error, match=words) as caught:
        read_submission(tmp_path / path, names=("build_conv",))
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize("make", [lambda p: p.symlink_to("/etc/passwd"), os.mkfifo], ids=["link", "fifo"])
@pytest.mark.parametrize("path", ["hw/submission.py", "hw"])
def test_special_files_are_refused(tmp_path: Path, make: object, path: str) -> None:
    (tmp_path / "hw").mkdir()
    make(tmp_path / "hw" / "submission.py")  # type: ignore[operator]
    with pytest.raises(SubmissionError, match="not a regular file"):
        read_submission(tmp_path / path)


def test_a_linked_folder_is_refused(tmp_path: Path) -> None:
    write_tree(tmp_path, {"hw/submission.py": "x = 1"})
    (tmp_path / "link").symlink_to("hw")
    with pytest.raises(SubmissionError, match="symbolic link"):
        read_submission(tmp_path / "link")


def test_helpers_beside_it_go_along(tmp_path: Path) -> None:
    tree = {
        "hw/submission.py": "import tools\nimport lib.more\nimport stub\nopen('points.csv')",
        "hw/tools.py": "x = 1",
        "hw/lib/__init__.py": "",
        "hw/lib/more.py": "x = 1",
        "hw/points.csv": "1,2",
        "hw/stub.py": "x = 1",
        "hw/problem.yaml": "title: x",
        "hw/unrelated.py": "x = 1",
        "hw/submission.ipynb": notebook("02"),
    }
    write_tree(tmp_path, tree)
    (tmp_path / "hw" / "passwd.csv").symlink_to("/etc/passwd")
    submission = read_submission(tmp_path / "hw")
    names = [file.name for file in submission.extra]
    assert names == ["lib/__init__.py", "lib/more.py", "points.csv", "tools.py"]


def test_limit_is_the_callers(tmp_path: Path) -> None:
    write_tree(tmp_path, {"02.py": "#" * 101})
    assert len(read_submission(tmp_path / "02.py", max_bytes=101).main.content) == 101
    with pytest.raises(SubmissionError, match="101 bytes; at most 100 bytes"):
        read_submission(tmp_path / "02.py", max_bytes=100)


BELOW: dict[str, tuple[str, Tree, list[str]]] = {
    "data-in-a-folder": (
        "open('data/train.csv')",
        {"data/train.csv": "1", "data/more.csv": "1", "other/train.csv": "2"},
        ["data/train.csv"],
    ),
    "parts-joined": ("Path('data') / 'raw' / 'a.txt'", {"data/raw/a.txt": "1"}, ["data/raw/a.txt"]),
    "modules-without-init": ("from src.net import Net", {"src/net.py": "x = 1"}, ["src/net.py"]),
    "named-by-a-helper": (
        "import tools",
        {"tools.py": "from io_ import read", "io_.py": "open('data/train.csv')", "data/train.csv": "1"},
        ["data/train.csv", "io_.py", "tools.py"],
    ),
    "hidden-checks": (
        "open('problems/02/checks/test_a.py'); open('solutions/02/a.txt')",
        {"problems/02/checks/test_a.py": "", "solutions/02/a.txt": ""},
        [],
    ),
    "checks-of-the-problem": (
        "import checks.test_a; open('checks/test_a.py'); open('data/a.csv')",
        {"problem.yaml": "title: x", "checks/__init__.py": "", "checks/test_a.py": "", "data/a.csv": ""},
        ["data/a.csv"],
    ),
    "own-folder-called-checks": ("import checks.mine", {"checks/mine.py": "x = 1"}, ["checks/mine.py"]),
}


@pytest.mark.parametrize(("source", "tree", "taken"), BELOW.values(), ids=BELOW)
def test_files_in_folders_that_are_named_go_along(tmp_path: Path, source: str, tree: Tree, taken: list[str]) -> None:
    write_tree(tmp_path, {"answer.py": source, **tree})
    assert [file.name for file in read_submission(tmp_path / "answer.py").extra] == taken


def test_a_file_in_a_linked_folder_stays(tmp_path: Path) -> None:
    write_tree(tmp_path, {"hw/answer.py": "open('data/train.csv')", "elsewhere/train.csv": "1"})
    (tmp_path / "hw" / "data").symlink_to(tmp_path / "elsewhere")
    assert read_submission(tmp_path / "hw").extra == ()


def test_the_nearest_files_come_first(tmp_path: Path) -> None:
    many = {f"aaa/{number}.png": "x" for number in range(1_100)}
    write_tree(tmp_path, {"answer.py": "open('aaa/1.png'); open('zzz.csv')", "zzz.csv": "1", **many})
    assert [file.name for file in read_submission(tmp_path / "answer.py").extra] == ["aaa/1.png", "zzz.csv"]
