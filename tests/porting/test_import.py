"""`grade import`: other graders' assignments become problems that run; what does not carry over is told by its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Ran, grade
from tests.porting.sources import NBGRADER, OK_TEST, OTTER, PYTEST, code, graded, write


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "problems").mkdir()
    write(tmp_path / "nbgrader" / "cubes.ipynb", NBGRADER)
    write(tmp_path / "otter" / "divisors.ipynb", OTTER)
    (tmp_path / "otter" / "constants.py").write_text("SIDE = 3\n")
    write(
        tmp_path / "ok" / "lab.ipynb",
        [
            code("import otter\ngrader = otter.Notebook()"),
            code("def negate(x):\n    return -x"),
            code("grader.check('q1')"),
        ],
    )
    (tmp_path / "ok" / "tests").mkdir()
    (tmp_path / "ok" / "tests" / "q1.py").write_text(OK_TEST)
    (tmp_path / "pytest").mkdir()
    for name, text in PYTEST.items():
        (tmp_path / "pytest" / name).write_text(text)
    return tmp_path


def lost(ran: Ran) -> dict[str, str]:
    """Where -> why, for each line that does not carry over."""
    return dict(re.findall(r"^  (\S[^\n]*)\n {6}(\S[^\n]*)$", ran.out, re.MULTILINE))


CASES = [
    pytest.param(
        ("nbgrader", "nbgrader"),
        "4 public and 1 hidden checks, 2 parts graded by hand, 8.5 points",
        4,
        {
            "cell 2, line 1: %matplotlib inline": "IPython's",
            "cell 4, line 1: cubes(4)": "left out",
            "cell 5: correct_cubes": "all or nothing",
            "cell 9, line 2: kept = cubes": "live object",
            "cell 9, line 3: del cubes": "changes cubes",
            "cell 9, line 4: try:": "changes cubes",
            "cell 9: sum_uses_cubes": "0.5 points less",
        },
        id="nbgrader",
    ),
    pytest.param(
        ("otter", "otter/divisors.ipynb"),
        "8 public and 2 hidden checks, 1 part graded by hand, 11 points",
        2,
        {
            "cell 2, line 2: %matplotlib inline": "IPython's",
            "cell 33, line 3: drawn": "left out",
            "gone.csv": "does not lie beside its source",
        },
        id="otter",
    ),
    pytest.param(("otter", "ok"), "1 public and 1 hidden checks, 2 points", 0, {}, id="otter-ok-format"),
    pytest.param(
        ("pytest", "pytest"),
        "3 public and 1 hidden checks, 5 points",
        0,
        {
            "test_stats.py, line 24: scale(numbers, 3)": "library.put and fetch",
            "test_stats.py, line 25: assert numbers == [3, 6]": "what scale has changed",
            "test_stats.py, line 33: table_of_ones_own(tmp_path)": "its files",
            "test_stats.py, line 43: assert one is not other": "same object",
            "test_stats.py, line 44: assert callable(mean)": "live object",
            "test_stats.py, line 47: def middle(numbers):": "uses stats, which only a check can ask",
            "test_stats.py, line 52: assert middle([1, 3]) == 2": "nothing here defines",
            "test_stats.py: middle": "1 points less",
            "test_stats.py, line 55: class TestMore": "methods as functions",
            "test_stats.py: scale_in_place": "1 points less",
            "test_stats.py: table_of_ones_own": "1 points less",
        },
        id="pytest",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("source", "written", "by_hand", "told"), CASES)
def test_a_problem_that_runs(
    source: tuple[str, str], written: str, by_hand: float, told: dict[str, str], course: Path
) -> None:
    ran = grade("import", *source, "--as", "ported", cwd=course)
    assert ran.code == 0, ran.err
    assert f"problems/01-ported and solutions/01-ported are written: {written}." in ran.out
    points = f"{float(written.split()[-2]) - by_hand:g}"
    assert f"Its solution gets {points} of {points} points here." in ran.out
    found = lost(ran)
    assert found.keys() == told.keys()
    for place, why in told.items():
        assert why in found[place]
    stub = grade("01", "--submission", "problems/01-ported/stub.py", "--json", "-", cwd=course).json
    assert (stub["status"], stub["score"]) == ("graded", 0)
    assert stub["max_score"] == pytest.approx(float(points), abs=1e-4)
    # Verify asks for what only an author can write, and finds nothing else broken.
    broken = grade("verify", "01", "--runs", "1", cwd=course).out
    assert "points:" not in broken
    assert "docstring" not in broken
    before = (course / "problems" / "01-ported" / "stub.py").read_bytes()
    again = grade("import", *source, "--as", "01-ported", cwd=course)
    assert (again.code, "taken by 01-ported" in again.err) == (2, True)
    assert (course / "problems" / "01-ported" / "stub.py").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "phrases"),
    [
        pytest.param(("otter", "nbgrader/cubes.ipynb"), ["BEGIN QUESTION", "no folder tests/"], id="another-format"),
        pytest.param(("nbgrader", "otter"), ["no cell of nbgrader's", "grade import otter"], id="the-other-way"),
        pytest.param(("nbgrader", "nbgrader/cube.ipynb"), ["is not there", "name the notebook"], id="no-such-file"),
        pytest.param(("nbgrader", "pytest"), ["0 notebooks"], id="no-notebook"),
        pytest.param(("nbgrader", "pytest/stats.py"), ["is no notebook"], id="no-notebook-by-name"),
        pytest.param(("pytest", "ok/lab.ipynb"), ["is no folder", "test_*.py"], id="no-folder"),
        pytest.param(("pytest", "ok/tests"), ["holds no test_*.py"], id="no-tests"),
        pytest.param(("nose", "pytest"), ["'nbgrader', 'otter', 'pytest'"], id="no-such-format"),
    ],
)
def test_what_cannot_be_read(arguments: tuple[str, str], phrases: list[str], course: Path) -> None:
    ran = grade("import", *arguments, "--as", "ported", cwd=course)
    assert ran.code == 2, ran.out
    for phrase in phrases:
        assert phrase in ran.err
    assert not list((course / "problems").iterdir())


def test_nothing_is_written_where_nothing_would_be_checked(course: Path) -> None:
    write(course / "empty.ipynb", [code("def f():\n    return 1"), graded("t", 1, "x = open('a')\nassert x is f")])
    ran = grade("import", "nbgrader", "empty.ipynb", "--as", "ported", cwd=course)
    assert ran.code == 2
    assert "no test of" in ran.err
    assert "files" in ran.err
    assert not list((course / "problems").iterdir())
