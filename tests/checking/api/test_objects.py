"""An object of a class that the stub asks for is one, whatever else a student makes its class from."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.bench import Bench
from grader.grade import Given, grade_one
from grader.model import Outcome, SourceFile, Submission
from tests import lent
from tests.checking.small import small_problem

THE_SAME = """
class Size(tuple):
    pass

def run(callbacks):
    for each in callbacks: each.on_step(0.5)
def both(x): return [Vector(x, 0), Vector(0, x)]
def walk(step):
    return step(Vector(1, 2)).x
"""
SOLUTION = (
    """
class History:
    def __init__(self): self.losses = []
    def on_step(self, loss): self.losses.append(loss)

class Vector:
    def __init__(self, x, y): self.x, self.y = x, y
    def __add__(self, other): return Vector(self.x + other.x, self.y + other.y)
"""
    + THE_SAME
)
OTHERWISE = (
    """
from typing import NamedTuple

class History(list):
    losses = property(lambda self: list(self))
    on_step = list.append

class Vector(NamedTuple):
    x: float
    y: float
    def __add__(self, other): return Vector(self.x + other.x, self.y + other.y)
"""
    + THE_SAME
)
CHECKS = {
    "hands_it_on": """
        history = submission.History()
        submission.run([history])
        assert_close(history.losses, [0.5])
    """,
    "reads_and_adds": """
        total = submission.Vector(1, 2) + submission.Vector(3, 4)
        assert_equal((total.x, total.y), (4, 6))
    """,
    "finds_it_inside_of_others": "assert_equal([vector.y for vector in submission.both(3)], [0, 3])",
    "is_given_it": "assert_equal(submission.walk(lambda vector: vector + submission.Vector(2, 0)), 3)",
    "copies_what_the_stub_makes_from_another_class": "assert_equal(submission.Size([2, 3]), (2, 3))",
}


@pytest.mark.slow
def test_a_class_is_made_from_what_a_student_likes(tmp_path: Path) -> None:
    problem = small_problem(tmp_path, CHECKS, SOLUTION)
    with Bench(stem=lent.stem()) as bench:
        for source in (SOLUTION, OTHERWISE):
            answer = Submission("it", SourceFile("submission.py", source.encode()))
            grade = grade_one(Given(problem, answer, bench))
            failed = {check.title: check.message for check in grade.checks if check.outcome is not Outcome.PASSED}
            assert failed == {}
            assert len(grade.checks) == len(CHECKS)


@pytest.mark.slow
def test_a_copy_is_given_where_it_is_asked_for(tmp_path: Path) -> None:
    fetching = "assert_equal(fetch(submission.Vector(1, 2)), (1, 2))\nassert_equal(submission.Vector(3, 4), (3, 4))"
    problem = small_problem(tmp_path, {"fetches": fetching}, SOLUTION)
    with Bench(stem=lent.stem()) as bench:
        [check] = grade_one(
            Given(problem, Submission("it", SourceFile("submission.py", OTHERWISE.encode())), bench)
        ).checks
    assert check.outcome is Outcome.PASSED, check.message
