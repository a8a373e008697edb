"""Assignments of the same form as nbgrader's and Otter's own examples, in other words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell


def write(path: Path, cells: list[Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), path)  # type: ignore[no-untyped-call]
    return path


def marked(kind: str, source: str, *, grade: bool, solution: bool, points: float = 0, name: str = "cell") -> Any:
    """A cell with nbgrader's metadata, version 3."""
    said = {"grade": grade, "solution": solution, "locked": grade, "points": points, "grade_id": name}
    make = new_code_cell if kind == "code" else new_markdown_cell
    return make(source, metadata={"nbgrader": {**said, "schema_version": 3, "task": False}})  # type: ignore[no-untyped-call]


def answer(source: str) -> Any:
    return marked("code", source, grade=False, solution=True)


def graded(name: str, points: float, source: str) -> Any:
    return marked("code", source, grade=True, solution=False, points=points, name=name)


NBGRADER = [
    new_markdown_cell("# Sums of cubes\n\nFor this sheet, write functions."),  # type: ignore[no-untyped-call]
    new_code_cell("%matplotlib inline\nimport math\nLIMIT = 3"),  # type: ignore[no-untyped-call]
    answer(
        'def cubes(n):\n    """The cubes of 1 to n."""\n    ### BEGIN SOLUTION\n    if n < 1:\n'
        '        raise ValueError("n is at least 1")\n    return [i**3 for i in range(1, n + 1)]\n    ### END SOLUTION'
    ),
    new_code_cell("cubes(4)"),  # type: ignore[no-untyped-call]
    graded(
        "correct_cubes",
        2,
        '"""cubes gives a list of cubes"""\nassert cubes(1) == [1]\nassert cubes(LIMIT) == [1, 8, 27]\n'
        "### BEGIN HIDDEN TESTS\nassert cubes(5)[-1] == 125\n"
        "assert math.isclose(cubes(2)[1], 8.0)\n### END HIDDEN TESTS",
    ),
    graded(
        "cubes_of_nothing",
        1,
        '"""cubes refuses 0"""\ntry:\n    cubes(0)\nexcept ValueError:\n    pass\nelse:\n'
        '    raise AssertionError("did not raise")',
    ),
    answer('def sum_of_cubes(n):\n    """The sum of the cubes of 1 to n."""\n    return sum(cubes(n))'),
    graded("sum_is_right", 0.5, "from nose.tools import assert_equal\nassert_equal(sum_of_cubes(2), 9)  # 1 + 8\n"),
    graded(
        "sum_uses_cubes",
        0.5,
        '"""sum_of_cubes relies on cubes"""\nkept = cubes\ndel cubes\ntry:\n    sum_of_cubes(1)\nexcept NameError:\n'
        '    pass\nelse:\n    raise AssertionError("does not")\nfinally:\n    cubes = kept',
    ),
    marked("markdown", "$\\sum i^3$", grade=True, solution=True, points=1, name="formula"),
    answer("### BEGIN SOLUTION\nshown, words = 2, 'cubes'\n### END SOLUTION"),
    graded(
        "what_is_shown",
        1,
        "### AUTOTEST shown; type(words);\n# HASHED AUTOTEST cubes(shown)\nassert len(words) == LIMIT + 2",
    ),
    new_markdown_cell("## In your words (3 points)"),  # type: ignore[no-untyped-call]
    marked("markdown", "They grow.", grade=True, solution=True, points=3, name="cell-0123456789abcdef"),
]


def block(text: str) -> Any:
    return new_raw_cell(text)  # type: ignore[no-untyped-call]


def code(source: str, shown: str = "") -> Any:
    outputs = [new_output("execute_result", {"text/plain": shown})] if shown else []  # type: ignore[no-untyped-call]
    return new_code_cell(source, outputs=outputs)  # type: ignore[no-untyped-call]


OTTER = [
    block("# ASSIGNMENT CONFIG\ngenerate: true\nfiles:\n  - constants.py\nstudent_files:\n  - gone.csv"),
    code("import numpy as np\n%matplotlib inline\nrng_seed = 7"),
    block("# BEGIN QUESTION\nname: q1\npoints: 4"),
    new_markdown_cell("**Question 1.** Write `divisors`, which gives the set of divisors of `n`."),  # type: ignore[no-untyped-call]
    block("# BEGIN SOLUTION"),
    code(
        'def divisors(n):\n    """\n    All numbers that divide n.\n    """\n    # BEGIN SOLUTION\n'
        "    return {d for d in range(1, n + 1) if n % d == 0}\n    # END SOLUTION"
    ),
    block("# END SOLUTION"),
    block("# BEGIN TESTS"),
    code(
        "def test_small(divisors):\n    assert divisors(1) == {1}\n    assert divisors(6) == {1, 2, 3, 6}\n\n"
        "test_small(divisors)  # IGNORE"
    ),
    code(
        '""" # BEGIN TEST CONFIG\npoints: 3\nhidden: true\n""" # END TEST CONFIG\ndef test_large(env):\n'
        '    assert len(env["divisors"](60)) == 12\n\ntest_large({"divisors": divisors})  # IGNORE'
    ),
    block("# END TESTS"),
    block("# END QUESTION"),
    block("# BEGIN QUESTION\nname: q2\nmanual: true\npoints: 2"),
    new_markdown_cell("**Question 2.** What is a prime number?"),  # type: ignore[no-untyped-call]
    block("# BEGIN SOLUTION"),
    new_markdown_cell("**SOLUTION**: one with two divisors."),  # type: ignore[no-untyped-call]
    block("# END SOLUTION"),
    block("# END QUESTION"),
    block("# BEGIN QUESTION\nname: q3"),
    new_markdown_cell("**Question 3.** Define `double`, and assign `eight`."),  # type: ignore[no-untyped-call]
    block("# BEGIN SOLUTION"),
    code(
        "def double(x):\n    y = 2 * x # SOLUTION\n    # BEGIN IGNORE\n    z = np.cos(y)\n    # END IGNORE\n"
        '    return y # SOLUTION\n    """ # BEGIN PROMPT\n    ...\n    """; # END PROMPT\n\n'
        "eight = double(4) # SOLUTION"
    ),
    block("# END SOLUTION"),
    block("# BEGIN TESTS"),
    code("double(16)", shown="32"),
    code("# HIDDEN\nbool(double(np.ones(2)).sum() == 4)", shown="True"),
    code("eight == 8", shown="True"),
    block("# END TESTS"),
    block("# END QUESTION"),
    block("# BEGIN QUESTION\nname: q4\npoints: 4"),
    new_markdown_cell("**Question 4.** An endless generator `evens`, and `drawn`, 3 random numbers."),  # type: ignore[no-untyped-call]
    block("# BEGIN SOLUTION"),
    code(
        "np.random.seed(1) # SEED\ndrawn = np.random.rand(3) # SOLUTION\ndrawn\n"
        "if True:\n    # BEGIN SOLUTION\n    side = 3\n    # END SOLUTION\n    print(side)\n\n"
        "def evens():\n    # BEGIN SOLUTION\n    n = 0\n    while True:\n"
        "        yield n\n        n += 2\n    # END SOLUTION"
    ),
    block("# END SOLUTION"),
    block("# BEGIN TESTS"),
    code("g = evens()\nassert next(g) == 0\nassert next(g) == 2"),
    code("def first(side: int) -> int:\n    return side\n\nfirst(side)", shown="3"),
    code("import constants\nassert side == constants.SIDE"),
    code("bool(abs(drawn[0] - 0.417022) < 1e-6)", shown="True"),
    code(
        "def refuses(call, kind):\n    try:\n        call()\n"
        "    except kind:\n        return True\n    return False\n\n"
        "refuses(lambda: divisors('6'), TypeError)",
        shown="True",
    ),
    block("# END TESTS"),
    block("# END QUESTION"),
]

OK_TEST = """
test = {   'name': 'q1',
    'points': 2,
    'suites': [   {   'cases': [   {'code': '>>> negate(3)\\n-3', 'hidden': False, 'locked': False},
                                   {'code': '>>> x = 5\\n>>> negate(x) == -5\\nTrue', 'hidden': True, 'locked': False}],
                      'scored': True, 'setup': '', 'teardown': '', 'type': 'doctest'}]}
"""

PYTEST = {
    "stats.py": '''"""Simple statistics."""

import csv


def mean(numbers):
    """The mean."""
    if not numbers:
        raise ValueError("nothing to average")
    return sum(numbers) / len(numbers)


def scale(numbers, factor):
    """Multiply each number in place."""
    for i, number in enumerate(numbers):
        numbers[i] = factor * number


def first_column(path="table.csv"):
    """The numbers of a table's first column."""
    with open(path) as file:
        return [float(row[0]) for row in csv.reader(file)]


class Counter:
    """Counts."""

    def __init__(self):
        self.n = 0

    def up(self):
        """One more."""
        self.n += 1
        return self.n
''',
    "table.csv": "1,2\n3,4\n",
    "test_stats.py": '''import math

import pytest

import stats
from stats import Counter, first_column, scale

NEAR = 1e-9


@pytest.mark.parametrize("numbers, expected", [([1, 2], 1.5), ([4], 4)])
def test_mean(numbers, expected):
    """The mean of a list."""
    assert math.isclose(stats.mean(numbers), expected, abs_tol=NEAR)


def test_mean_of_nothing():
    with pytest.raises(ValueError):
        stats.mean([])


def test_scale_in_place():
    numbers = [1, 2]
    scale(numbers, 3)
    assert numbers == [3, 6]


def test_table():
    assert first_column() == [1.0, 3.0]


def test_table_of_ones_own(tmp_path):
    (tmp_path / "a.csv").write_text("5")
    assert first_column(tmp_path / "a.csv") == [5.0]


def test_hidden_counter():
    """A counter of one's own."""
    one, other = Counter(), Counter()
    one.up()
    assert one.up() == 2
    assert other.n == 0
    assert one is not other
    assert callable(stats.mean)


def middle(numbers):
    return stats.mean(numbers)


def test_middle():
    assert middle([1, 3]) == 2


class TestMore:
    def test_mean(self):
        assert stats.mean([2]) == 2
''',
}
