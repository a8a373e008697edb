"""What a course gives: files beside every answer, and packages to import; at home, in a batch and from a kit alike."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from grader.bench import Bench
from grader.errors import HarnessError, ProblemFileError
from grader.grade import Given, grade_one
from grader.intake.single import read_submission
from grader.model import Grade, Problem
from grader.problem import find_course
from tests.checking.small import small_problem
from tests.conftest import grade

SOLUTION = """\
import os

from factors import FACTOR
from rich.text import Text

ROWS = [int(cell) for cell in open("data/rows.csv").read().split(",")]


def total(scale):
    with open(os.path.join(os.path.dirname(__file__), "data", "rows.csv")) as file:
        return scale * FACTOR * sum(int(cell) for cell in file.read().split(","))


def length(word):
    return len(Text(word)) + len(ROWS)
"""
CHECKS = {
    "total": "assert_equal(submission.total(3), reference.total(3))",
    "length": 'assert_equal(submission.length("ab"), reference.length("ab"))',
}
SETTINGS = "files: [data, factors.py]\nrequirements: [rich>=13]\n"
LEFT_ASIDE = "{} is the course's own file here; the one that came with the answer was left aside."


def write_course(root: Path) -> Path:
    folder = root / "problems" / "01-small"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "rows.csv").write_text("1,2,3\n")
    (folder / "factors.py").write_text("FACTOR = 2\n")
    (folder / "statement.md").write_text("# Small\n\n```python\n>>> total(1), length('a')\n(12, 4)\n```\n")
    (root / "course.yaml").write_text("requirements: [PyYAML]\npreload: [yaml]\n")
    small_problem(root, CHECKS, SOLUTION, settings=SETTINGS)
    return root


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_course(tmp_path_factory.mktemp("course"))


def graded(problem: Problem, bench: Bench, folder: Path, files: dict[str, str]) -> Grade:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return grade_one(Given(problem, read_submission(folder), bench))


PRESENT = {
    "right": ({"submission.py": SOLUTION}, []),
    "a helper of that name": (
        {"submission.py": SOLUTION, "factors.py": "FACTOR = 9\n"},
        [LEFT_ASIDE.format("factors.py")],
    ),
    "the same helper": ({"submission.py": SOLUTION, "factors.py": "FACTOR = 2\n"}, []),
    "a file where a folder is": (
        {"submission.py": f"open('data')\n{SOLUTION}", "data": "1"},
        [LEFT_ASIDE.format("data"), "Line 1 failed (`open('data')`): IsADirectoryError"],
    ),
    "a data file of that name": (
        {"submission.py": f"import data.rows\n{SOLUTION}", "data/__init__.py": "", "data/rows.csv": "7\n"},
        [LEFT_ASIDE.format("data/rows.csv")],
    ),
    "a helper of another name": (
        {"submission.py": SOLUTION.replace("from factors", "from mine"), "mine.py": "from factors import FACTOR\n"},
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "says"), PRESENT.values(), ids=PRESENT)
def test_the_course_s_files_lie_beside_the_answer(
    files: dict[str, str], says: list[str], course: Path, bench: Bench, tmp_path: Path
) -> None:
    found = graded(find_course(course).load("01-small"), bench, tmp_path, files)
    assert found.percent == 100, found.notes
    told = "\n".join(found.notes)
    assert all(sentence in told for sentence in says), told
    assert ("left aside" in told) == any("left aside" in sentence for sentence in says)


def test_they_are_written_by_nobody(course: Path, bench: Bench, tmp_path: Path) -> None:
    source = f"{SOLUTION}\nopen('data/rows.csv', 'w').write('9')\n"
    found = graded(find_course(course).load("01-small"), bench, tmp_path, {"submission.py": source})
    assert found.percent == 100
    assert "PermissionError" in found.notes[0]


def test_a_wrong_answer_has_them_too(course: Path, bench: Bench, tmp_path: Path) -> None:
    source = SOLUTION.replace("scale * FACTOR", "FACTOR")
    found = graded(find_course(course).load("01-small"), bench, tmp_path, {"submission.py": source})
    assert [check.outcome for check in found.checks] == ["failed", "passed"]


def test_what_may_be_imported_is_listed(course: Path, bench: Bench, tmp_path: Path) -> None:
    source = f"import nowhere\n{SOLUTION}"
    found = graded(find_course(course).load("01-small"), bench, tmp_path, {"submission.py": source})
    assert "Besides Python's own modules, numpy, torch, rich and yaml may be imported here." in found.notes


def test_what_is_to_be_preloaded_is_there_before_the_answer(course: Path, bench: Bench, tmp_path: Path) -> None:
    source = f"import sys\nif 'yaml' not in sys.modules: raise ValueError('not preloaded')\n{SOLUTION}"
    found = graded(find_course(course).load("01-small"), bench, tmp_path, {"submission.py": source})
    assert (found.percent, found.notes) == (100, ())


@pytest.mark.slow
def test_the_answer_gets_the_same_everywhere(tmp_path: Path) -> None:
    """At home in both tiers, in a class, from a kit; and the course's promises hold."""
    course = write_course(tmp_path / "course")
    answer = course / "solutions" / "01-small" / "solution.py"
    for tier in ("strict", "process"):
        ran = grade("01", "--submission", answer, "--sandbox", tier, cwd=course)
        assert (ran.code, "2 of 2 points" in ran.out) == (0, True), ran.out + ran.err
    handed_in = tmp_path / "class" / "ada"
    (handed_in / "data").mkdir(parents=True)
    (handed_in / "01-small.py").write_text(SOLUTION)
    (handed_in / "data" / "rows.csv").write_text("7,7,7\n")
    ran = grade("batch", handed_in.parent, "--out", tmp_path / "graded", cwd=course)
    assert ran.code == 0, ran.err
    (line,) = (tmp_path / "graded" / "results.jsonl").read_text().splitlines()
    result = json.loads(line)
    assert result["score"] == 2, line
    assert LEFT_ASIDE.format("data/rows.csv") in result["notes"]
    assert grade("release", tmp_path / "kit", cwd=course).code == 0
    kit = tmp_path / "kit"
    assert (kit / "problems" / "01-small" / "data" / "rows.csv").read_text() == "1,2,3\n"
    assert {"PyYAML", "rich>=13"} <= set((kit / "requirements.txt").read_text().splitlines())
    assert (kit / "course.yaml").read_text() == "requirements:\n- PyYAML\npreload:\n- yaml\n"
    ran = grade("01", "--submission", answer, cwd=kit)
    assert (ran.code, "All public checks passed" in ran.out) == (0, True), ran.out + ran.err


@pytest.mark.slow
def test_a_statement_s_examples_find_them(course: Path) -> None:
    ran = grade("verify", cwd=course)
    assert "statement.md" not in ran.out + ran.err, ran.out + ran.err


def test_an_autograder_installs_packages(course: Path, tmp_path: Path) -> None:
    assert grade("release", tmp_path / "autograder", "--gradescope", cwd=course).code == 0
    script = (tmp_path / "autograder" / "setup.sh").read_text()
    assert re.search(r"pip\" install --no-cache-dir PyYAML 'rich>=13'\n", script)
    inside = find_course(tmp_path / "autograder" / "course").load("01-small")
    assert inside.version == find_course(course).load("01-small").version


# -- what is wrong with a course -----------------------------------------------------------------


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    return write_course(tmp_path / "course")


LACKING = {
    "not installed": ("requirements: [no-such-package]", "01-small needs no-such-package, which is not installed"),
    "another version": ("requirements: ['rich>=999']", "01-small needs rich>=999, which is not installed"),
    "no module": ("preload: [no_such_module.part]", "01-small preloads no_such_module.part, which cannot be"),
    "a module that fails": ("preload: [asyncio.windows_events]", "where it is graded: ImportError: win32 only"),
}


@pytest.mark.parametrize(("rule", "says"), LACKING.values(), ids=LACKING)
def test_nothing_is_graded_without_what_is_promised(
    rule: str, says: str, broken: Path, bench: Bench, tmp_path: Path
) -> None:
    (broken / "course.yaml").write_text(rule + "\n")
    with pytest.raises(HarnessError, match=re.escape(says)) as raised:
        graded(find_course(broken).load("01-small"), bench, tmp_path / "work", {"submission.py": SOLUTION})
    assert "install" in str(raised.value.hint)


@pytest.mark.slow
def test_doctor_checks_packages(broken: Path) -> None:
    (broken / "course.yaml").write_text("requirements: [no-such-package, 'numpy<1']\n")
    ran = grade("doctor", "--json", cwd=broken)
    packages = {each["requirement"]: each for each in json.loads(ran.out)["packages"]}
    assert ran.code == 4
    assert {name: each["fits"] for name, each in packages.items()} == {
        "no-such-package": False, "numpy<1": False, "rich>=13": True,
    }  # fmt: skip
    assert packages["no-such-package"]["installed"] == ""
    said = grade("doctor", cwd=broken).out
    assert "no-such-package: not installed" in said
    assert "python -m pip install 'numpy<1'" in said


RULES = {
    "above": ("files: [../up.csv]", "'../up.csv' must be a path below the problem's folder"),
    "absolute": ("files: [/etc/hostname]", "'/etc/hostname' must be a path below"),
    "the folder itself": ("files: [.]", "'.' must be a path below"),
    "missing": ("files: [rows.csv]", "there is no rows.csv in the problem's folder"),
    "checks": ("files: [checks/test_small.py]", "must not lie beside an answer"),
    "the stub": ("files: [stub.py]", "must not lie beside an answer"),
    "too large": ("files: [data]\nlimits: {scratch_mb: 1}", "MB together; limits.scratch_mb must leave room"),
    "a requirement": ("requirements: [rich >> 3]", "requirements: 'rich >> 3' is no requirement"),
    "a module": ("preload: [rich-text]", "preload: 'rich-text' is no module"),
}


@pytest.mark.parametrize(("rule", "says"), RULES.values(), ids=RULES)
def test_a_broken_rule_is_told(rule: str, says: str, broken: Path) -> None:
    folder = broken / "problems" / "01-small"
    (folder / "data" / "large.bin").write_bytes(bytes(1 << 20))
    (folder / "problem.yaml").write_text(f"title: Small\nsummary: A few checks.\npoints: 2\n{rule}\n")
    with pytest.raises(ProblemFileError, match=re.escape(says)):
        find_course(broken).load("01-small")


@pytest.mark.parametrize("changed", ["problems/01-small/data/rows.csv", "problems/01-small/factors.py", "course.yaml"])
def test_a_problem_is_another_one_when_what_it_gives_changes(changed: str, broken: Path) -> None:
    before = find_course(broken).load("01-small").version
    (broken / changed).write_text("requirements: [rich]\n" if changed == "course.yaml" else "4\n")
    assert find_course(broken).load("01-small").version != before
