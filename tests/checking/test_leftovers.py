"""Nothing of one submission or problem is left in the next: whatever the order, each gets the grade that it gets alone.

One worker grades three courses: the bundled one, that of examples/, and one whose checks and rules leave behind all
they can.
"""

from __future__ import annotations

import random
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from grader.bench import Bench
from grader.grade import Given, grade_one
from grader.jobs import Terms
from grader.model import Problem, SourceFile, Submission
from grader.problem import find_course, open_course
from tests import lent
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

HEAD = "import os, random\nimport numpy as np\nimport pytest\nimport torch\nfrom grader.checking import assert_equal\n"
SHARED = "def double(x):\n    return 2 * x\n\n\ndef total(values):\n    return sum(values)\n"

# Problem -> what stands in its problem.yaml, in its checks, and in its solution.
LEAVING: dict[str, tuple[str, str, str]] = {
    "01-one-check-with-a-fixture": (
        "",
        """
        @pytest.fixture
        def two():
            return 2

        @pytest.mark.public
        def test_double(submission, two):
            '''Twice.'''
            assert_equal(submission.double(two), 4)
        """,
        SHARED,
    ),
    "02-fixtures-of-all-scopes": (
        "",
        """
        @pytest.fixture(scope="session")
        def asked():
            return []

        @pytest.fixture(scope="module", autouse=True)
        def opened(asked):
            asked.append("module")
            yield
            asked.append("never seen")

        @pytest.mark.points(1)
        @pytest.mark.parametrize("number", [3])
        def test_double(submission, asked, opened, number):
            '''Twice, asked for the first time.'''
            assert_equal(submission.double(number), 6)
            asked.append(number)
            assert asked == ["module", 3]
        """,
        SHARED,
    ),
    "03-names-of-the-check-file": (
        "",
        """
        SEEN, COUNT, IMAGE, ARRAY, SETTINGS = [], 0, torch.ones(3), np.ones(3), {"deep": [1]}

        def test_total(submission):
            '''The sum of what has been seen.'''
            global COUNT, LATER
            assert "LATER" not in globals()
            COUNT, LATER = COUNT + 1, True
            SEEN.append(COUNT)
            IMAGE.add_(1)
            ARRAY[:] += 1
            SETTINGS["deep"].append(2)
            assert_equal(submission.total(SEEN), 1)
            assert_equal(submission.total([float(IMAGE.sum()), float(ARRAY.sum())]), 12.0)
            assert_equal(submission.total(SETTINGS["deep"]), 3)
        """,
        SHARED,
    ),
    "04-the-process": (
        "",
        """
        def test_double(submission):
            '''The same inputs for everybody, and nothing set.'''
            assert "SET_BY_A_CHECK" not in os.environ
            assert torch.get_default_dtype() == torch.float32 and torch.is_grad_enabled()
            drawn = torch.rand(2).tolist() + [random.random(), np.random.rand()]
            os.environ["SET_BY_A_CHECK"] = "1"
            os.chdir("/tmp")
            torch.set_default_dtype(torch.float64)
            torch.set_grad_enabled(False)
            first = FIRST.setdefault(os.getpid(), drawn)
            assert_equal(submission.double(1), 2 if drawn == first else 0)

        class Kept(dict):
            pass

        FIRST = Kept()  # No plain dict: what it holds stays, so that the draws of two submissions can be compared.
        """,
        SHARED,
    ),
    "05-all-operators-forbidden": (
        "forbidden:\n  double:\n    operators: ['aten::*']\n    say: numpy alone\n",
        """
        def test_double(submission):
            '''Twice, without torch.'''
            assert_equal(submission.double(4), 8)

        def test_layer(submission):
            '''A layer, where torch may be used.'''
            assert_equal(submission.layer(), [1.0, 3])
        """,
        SHARED
        + """
import torch
from torch import nn

def layer():
    linear = nn.Linear(2, 3)
    with torch.no_grad():
        linear.weight.fill_(0.5)
        linear.bias.zero_()
    optimizer = torch.optim.SGD(linear.parameters(), lr=0.5)
    linear(torch.ones(4, 2)).sum().backward()
    out = linear(torch.ones(1, 2))
    optimizer.step()
    assert not torch.equal(linear(torch.ones(1, 2)), out)
    return [float(out.mean()), len(linear.bias)]
""",
    ),
    "06-a-layer": (
        "forbidden:\n  double:\n    operators: ['aten::*pool*']\n    say: no pooling\n",
        """
        def test_layer(submission):
            '''A layer holds parameters.'''
            assert_equal(submission.count(), 9)
        """,
        SHARED
        + """
import torch

def count():
    return sum(parameter.numel() for parameter in torch.nn.Linear(2, 3).parameters())
""",
    ),
}  # fmt: skip


class Known(NamedTuple):
    problem: Problem
    submission: Submission
    percent: float


def second_course(root: Path) -> Iterator[Known]:
    """A right and a wrong answer to every problem of the course that leaves things behind."""
    for slug, (settings, checks, solution) in LEAVING.items():
        folder, answers = root / "problems" / slug, root / "solutions" / slug
        (folder / "checks").mkdir(parents=True)
        answers.mkdir(parents=True)
        points = checks.count("def test_")
        (folder / "problem.yaml").write_text(f"title: T\nsummary: S.\npoints: {points}\n{settings}")
        (folder / "stub.py").write_text(solution)
        (answers / "solution.py").write_text(solution)
        (folder / "checks" / "test_it.py").write_text(HEAD + textwrap.dedent(checks))
        problem = find_course(root, slug).load(slug)
        yield Known(problem, submission(solution), 100.0)
        yield Known(problem, submission("def double(x):\n    return 3 * x\n\ndef total(v):\n    return None\n"), 0.0)


def submission(source: str) -> Submission:
    return Submission("it", SourceFile("submission.py", source.encode()))


def course_at(root: Path) -> Iterator[Known]:
    """The reference of every problem that is quick to grade, and the stub, which earns nothing."""
    course = open_course(root)
    for problem in map(course.load, course.slugs):
        if problem.data is None:
            for path, percent in ((f"{problem.solution_folder}/solution.py", 100.0), (f"{problem.folder}/stub.py", 0)):
                yield Known(problem, submission(Path(path).read_text(encoding="utf-8")), percent)


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench(stem=lent.stem()) as bench:
        yield bench


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> list[Known]:
    left = second_course(tmp_path_factory.mktemp("course"))
    return [*course_at(ROOT), *course_at(ROOT / "examples" / "from-scratch"), *left]


@pytest.mark.parametrize("seed", [1, 2, pytest.param(3, marks=[pytest.mark.whole])])
def test_every_order_gives_the_same_grades(seed: int, bench: Bench, known: list[Known]) -> None:
    order = list(known)
    random.Random(seed).shuffle(order)
    found = [
        (one.problem.slug, one.percent, grade_one(Given(one.problem, one.submission, bench), Terms(recognise=False)))
        for one in order
    ]
    wrong = {
        (slug, percent, grade.percent, check.message)
        for slug, percent, grade in found
        for check in grade.checks
        if grade.percent != percent
    }
    assert not wrong


def test_a_first_use_finds_torch_as_it_is(known: list[Known]) -> None:
    """The first optimizer on a worker is made after a problem in which every operator is watched."""
    slugs = ["01-numpy-layers", "05-two-moons"]
    right = {one.problem.slug: one for one in known if one.percent == 100}
    with Bench(stem=lent.stem()) as bench:
        grades = [grade_one(Given(right[slug].problem, right[slug].submission, bench), Terms()) for slug in slugs]
    assert [grade.percent for grade in grades] == [100, 100]
