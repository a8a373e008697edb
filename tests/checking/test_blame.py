"""An exception in a check: its author's fault, or that of an odd answer; and never told as the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.bench import Bench
from grader.errors import CheckError
from grader.grade import Given, grade_one
from grader.model import Outcome, SourceFile, Submission
from tests import lent
from tests.checking.small import small_problem
from tests.conftest import grade

pytestmark = pytest.mark.slow

SOLUTION = "def double(x):\n    return 2 * x\n\ndef pair(x):\n    return {'x': x}\n"
WRONG = "def double(x):\n    return 3 * x\n\ndef pair(x):\n    return None\n"

# Checks that are broken, and what their author reads.
BROKEN = {
    "misspelt": (
        "if submission.double(2) != 4:\n    pytest.fail(f'{anwser}')",
        "NameError: name 'anwser' is not defined",
    ),
    "misspelt_of_a_module": (
        "assert torch.onse(2) is not None",
        "AttributeError: module 'torch' has no attribute 'onse'",
    ),
    "missing_module": ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
    "snippet": ("library.define('def f(:')", "SyntaxError"),
    "skipped": ("pytest.skip('later')", "Skipped: later"),
    "breaks_on_every_answer": ("submission.pair(1)['y'] + 1", "KeyError"),
    "asks_the_reference_for_nothing": ("reference.no_such_function(1)", "AttributeError"),
}
ODD = {
    "reads_a_key": "assert submission.pair(1)['x'] == 1",
    "reads_a_name": "assert getattr(torch, 'pi' if submission.double(1) == 2 else 'nonsense')",
}


def work(source: str) -> Submission:
    return Submission("it", SourceFile("submission.py", source.encode()))


@pytest.fixture(scope="module")
def bench():  # type: ignore[no-untyped-def]
    with Bench(stem=lent.stem()) as bench:
        yield bench


@pytest.mark.parametrize(("body", "says"), BROKEN.values(), ids=BROKEN)
def test_a_broken_check_is_its_authors(body: str, says: str, bench: Bench, tmp_path: Path) -> None:
    problem = small_problem(tmp_path, {"broken": body}, SOLUTION, visible=False)
    with pytest.raises(CheckError) as told:
        grade_one(Given(problem, work(WRONG), bench))
    assert says not in told.value.message
    assert "broken" in told.value.message
    assert told.value.where.startswith("01-small/checks/test_small.py, line ")
    assert says in told.value.where


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("open('no such file')", "FileNotFoundError"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_solution_that_cannot_be_loaded_is_its_authors(line: str, says: str, bench: Bench, tmp_path: Path) -> None:
    problem = small_problem(tmp_path, {"fine": "assert reference.double(1) == 2"}, f"{SOLUTION}\n{line}\n")
    with pytest.raises(CheckError) as told:
        grade_one(Given(problem, work(WRONG), bench))
    assert told.value.message == "01-small: its solution cannot be loaded"
    assert told.value.where.startswith(f"01-small/solution.py, line {SOLUTION.count(chr(10)) + 2}: ")
    assert says in told.value.where


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_an_odd_answer_is_the_students(body: str, bench: Bench, tmp_path: Path) -> None:
    problem = small_problem(tmp_path, {"fine": body}, SOLUTION)
    odd = "def pair(x):\n    return None\n\ndef double(x):\n    return 'no such name'\n"
    [check] = grade_one(Given(problem, work(odd), bench)).checks
    assert check.outcome is Outcome.FAILED
    assert "could not be used" in check.message


def test_the_command_ends_with_4_and_names_the_line_to_authors(tmp_path: Path) -> None:
    small_problem(tmp_path, {"broken": BROKEN["misspelt"][0], "fine": "assert True"}, SOLUTION)
    answer = tmp_path / "wrong.py"
    answer.write_text(WRONG)
    ran = grade("01", "--submission", answer, cwd=tmp_path)
    assert ran.code == 4
    assert "anwser" not in ran.out + ran.err
    assert "broken" in ran.err
    ran = grade("01", "--submission", answer, "--reveal", cwd=tmp_path)
    assert ran.code == 4
    assert "01-small/checks/test_small.py, line " in ran.err
    assert "anwser" in ran.err


def test_a_batch_goes_on_with_the_other_problem(tmp_path: Path) -> None:
    small_problem(tmp_path, {"broken": BROKEN["misspelt"][0]}, SOLUTION)
    other = tmp_path / "problems" / "02-other"
    (other / "checks").mkdir(parents=True)
    (other / "problem.yaml").write_text("title: Other\nsummary: Fine.\npoints: 1\n")
    (other / "stub.py").write_text(SOLUTION)
    (other / "checks" / "test_it.py").write_text(
        "def test_it(submission):\n    '''It.'''\n    assert submission.double(2)\n"
    )
    for number in range(12):
        folder = tmp_path / "class" / f"student-{number}"
        folder.mkdir(parents=True)
        for name in ("01.py", "02.py"):
            (folder / name).write_text(f"{WRONG}\n# {number}\n")
    ran = grade("batch", "class", "--out", "out", cwd=tmp_path)
    assert "Graded 12 submissions" in ran.out
    assert "test_small.py, line " in ran.out + ran.err
