"""From words to work: problems, paths, several at once, and slips of the keyboard."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.cli.targets import Target, find_targets
from grader.errors import UsageError
from tests.conftest import ROOT, grade

SLUGS = ("01-maxpool", "02-conv-bias")
ANSWER = (ROOT / "solutions/02-conv-bias/solution.py").read_text(encoding="utf-8")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of two problems, the current folder; the second has an answer in it."""
    root = tmp_path / "course"
    for slug in SLUGS:
        folder = root / "problems" / slug
        folder.mkdir(parents=True)
        for name in ("problem.yaml", "stub.py"):
            (folder / name).write_bytes((ROOT / "problems" / slug / name).read_bytes())
    (root / "problems/02-conv-bias/submission.py").write_text(ANSWER, encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "my answer.py").write_text(ANSWER, encoding="utf-8")
    (tmp_path / "elsewhere" / "empty.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "elsewhere" / "02.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "of-one").mkdir()
    (tmp_path / "of-one" / "answer.py").write_text(ANSWER, encoding="utf-8")
    monkeypatch.chdir(root)
    return root


FOUND = [
    pytest.param(["02"], [("02-conv-bias", None)], id="number"),
    pytest.param(["problems/02-conv-bias"], [("02-conv-bias", None)], id="folder"),
    pytest.param(["problems/02-conv-bias/"], [("02-conv-bias", None)], id="folder-with-slash"),
    pytest.param(["01", "02"], [("01-maxpool", None), ("02-conv-bias", None)], id="several"),
    pytest.param(["02", "conv-bias"], [("02-conv-bias", None)], id="the-same-twice"),
    pytest.param(["all"], [("02-conv-bias", None)], id="all-that-are-begun"),
    pytest.param(
        ["problems/02-conv-bias/submission.py"],
        [("02-conv-bias", "problems/02-conv-bias/submission.py")],
        id="file-of-a-problem",
    ),
    pytest.param(["../elsewhere/my answer.py"], [("02-conv-bias", "../elsewhere/my answer.py")], id="file-elsewhere"),
    pytest.param(["../elsewhere/02.py"], [("02-conv-bias", "../elsewhere/02.py")], id="file-by-its-name"),
    pytest.param(["../of-one"], [("02-conv-bias", "../of-one")], id="folder-elsewhere"),
    pytest.param(
        ["02", "../elsewhere/my answer.py"], [("02-conv-bias", "../elsewhere/my answer.py")], id="problem-and-its-file"
    ),
    pytest.param(
        ["01", "../elsewhere/my answer.py"],
        [("01-maxpool", None), ("02-conv-bias", "../elsewhere/my answer.py")],
        id="problem-and-the-file-of-another",
    ),
    pytest.param(
        ["01", "../elsewhere/empty.py"], [("01-maxpool", "../elsewhere/empty.py")], id="problem-for-an-unclear-file"
    ),
    pytest.param(
        ["01", "problems/02-conv-bias/submission.py"],
        [("01-maxpool", None), ("02-conv-bias", "problems/02-conv-bias/submission.py")],
        id="problem-and-the-own-file-of-another",
    ),
]


@pytest.mark.parametrize(("words", "expected"), FOUND)
def test_found(here: Path, words: list[str], expected: list[tuple[str, str | None]]) -> None:
    found = [(target.slug, str(target.submission) if target.submission else None) for target in find_targets(words)]
    assert found == expected


@pytest.mark.parametrize("word", [".", "submission.py", "./submission.py"])
def test_inside_a_problems_folder(here: Path, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here / "problems" / "02-conv-bias")
    (target,) = find_targets([word])
    assert target.slug == "02-conv-bias"


def test_a_folder_called_like_a_problem_stands_for_the_problem(here: Path) -> None:
    (here / "02").mkdir()
    assert [(target.slug, target.submission) for target in find_targets(["02"])] == [("02-conv-bias", None)]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        pytest.param("problems/02-conv-bia", "There is no problems/02-conv-bia; ", id="cut-short"),
        pytest.param("problems/02", "", id="number"),
        pytest.param("problems/02-conv-bias/", "", id="folder"),
        pytest.param("conv", "", id="beginning-of-a-name"),
    ],
)
def test_a_path_that_is_not_there_is_not_taken_silently(
    here: Path, word: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (target,) = find_targets([word])
    assert target.slug == "02-conv-bias"
    told = f"{said}the problem that begins like that is 02-conv-bias.\n" if said else ""
    assert capsys.readouterr().err == told
    # Once as well where a file stands beside it, be it an answer to that problem or to another one.
    (here.parent / "elsewhere" / "01.py").write_text("x = 1\n", encoding="utf-8")
    for file, count in (("my answer.py", 1), ("01.py", 2)):
        assert len(find_targets([word, f"../elsewhere/{file}"])) == count
        assert capsys.readouterr().err == told


REFUSED = [
    pytest.param(["strat", "02"], "did you mean grade start 02?", id="command"),
    pytest.param(["wacth", "02"], "did you mean grade watch 02?", id="command-inside"),
    pytest.param(["conv-bais"], "did you mean 02-conv-bias?", id="problem"),
    pytest.param(["problems/01-maxpool/submission.py"], "grade start 01", id="file-not-begun"),
    pytest.param(["../elsewhere/empty.py"], "grade PROBLEM --submission", id="file-of-no-problem"),
    pytest.param(["../elsewhere/my-answer.py"], "my answer.py", id="file-with-a-typo"),
]


@pytest.mark.parametrize(("words", "hint"), REFUSED)
def test_refused_with_what_to_do(here: Path, words: list[str], hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_targets(words)
    assert hint in (caught.value.hint or "")


def test_outside_a_course_a_slip_is_still_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        find_targets(["strat", "02"])
    assert caught.value.hint == "did you mean grade start 02?"


def test_targets_are_values(here: Path) -> None:
    (one,) = find_targets(["02"])
    assert one == Target(one.course, "02-conv-bias")


@pytest.mark.parametrize("option", ["--json", "--html", "--submission"])
def test_what_is_for_one_problem_is_refused_for_several(course: Path, option: str) -> None:
    ran = grade("02", "problems/02-conv-bias/stub.py", "problems/02-conv-bias/", option, "x", cwd=course)
    assert ran.code == 2
    assert f"{option} goes with one problem" in ran.err


def test_two_files_for_one_problem_are_refused(course: Path) -> None:
    ran = grade("02", "problems/02-conv-bias/stub.py", "--submission", "x.py", cwd=course)
    assert ran.code == 2
    assert "problems/02-conv-bias/stub.py and --submission x.py are two files" in ran.err


def test_lines_of_one_problem_name_their_files(course: Path) -> None:
    one = course / "problems/02-conv-bias"
    (one / "mine.py").write_bytes((ROOT / "solutions/02-conv-bias/solution.py").read_bytes())
    ran = grade(f"{one}/mine.py", f"{one}/stub.py", "--public-only", cwd=course)
    assert [line.split()[1:3] for line in ran.out.splitlines()] == [
        ["02-conv-bias,", "mine.py"],
        ["02-conv-bias,", "stub.py"],
    ]


SLIPS = {
    "option-of-the-command-meant": (
        ["batc", "work", "--out", "results"],
        "did you mean grade batch work --out results?",
    ),
    "flag-of-the-command-meant": (["strat", "02", "--notebook"], "did you mean grade start 02 --notebook?"),
    "a-file-that-is-gone": (["02", "--submission", "gone.py"], "grade start 02 writes a new one from the stub"),
}


@pytest.mark.parametrize(("words", "hint"), SLIPS.values(), ids=SLIPS)
def test_a_slip_beside_an_option_is_still_known(course: Path, words: list[str], hint: str) -> None:
    ran = grade(*words, cwd=course)
    assert ran.code == 2
    assert hint in ran.err


def test_version_and_usage_of_a_problem(course: Path) -> None:
    assert grade("02", "--version", cwd=course).out.startswith("grade, version")
    ran = grade("02", "--jsn", "x", cwd=course)
    assert ran.code == 2
    assert "Usage: grade PROBLEM… [OPTIONS]" in ran.err
    assert "--json" in ran.err


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("0", "02-conv-bias"), ("pa", "pack"), ("start 0", "02-conv-bias"), ("02 --op", "--open")],
    ids=["problem", "command", "problem-of-a-command", "option"],
)
def test_a_shell_is_told_how_to_go_on(course: Path, typed: str, offered: str) -> None:
    words = f"grade {typed}"
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" ")), "_GRADE_COMPLETE": "bash_complete"}
    program = "import sys; sys.argv[0] = 'grade'; from grader.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=course, env={**os.environ, **asked}, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert offered in done.stdout.split("plain,")[1].strip()
