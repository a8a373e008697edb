"""What a check can say of answers that are no tensors, and what a student then reads, in real rooms."""

from __future__ import annotations

import pytest

from grader.bench import Bench
from grader.grade import Given, grade_one
from grader.model import Grade, Outcome, SourceFile, Status, Submission
from tests import lent
from tests.checking.small import small_problem

pytestmark = pytest.mark.slow

SOLUTION = """
import pathlib
import numpy as np
import torch

RATE = 0.1
vocabulary = np.array(["cat", "dog"])
model = torch.nn.Linear(2, 1)
model(torch.ones(1, 2)).sum().backward()

def words(): return [np.array(["a", "bb"]), np.array([b"c"])]
def greet(n):
    for index in range(n): print("line", index, " ")
    return n
def place(): return pathlib.Path("data/train.csv")
def ends(n): return slice(1, n), range(n), torch.device("cpu"), np.dtype("int8")
def counts(n): return {(index, index + 1): index for index in range(n)}
def apply(function, *args): return function(*args)
def twice(x): return 2 * x
def relu(x): return x * (x > 0)
def number(): return 3.5
class Empty(ValueError): pass
def first(items):
    if not items: raise Empty("no item")
    return items[0]
def last(items):
    if not items: raise LookupError("no item")
    return items[-1] * 1
def middle(items): raise IndexError(len(items))
def fits(steps, on_step):
    for step in range(steps): on_step(step, loss=1 / (step + 1))

class Vector:
    scale = 2
    def __init__(self, x): self.x = x
    def __add__(self, other): return Vector(self.x + getattr(other, "x", other))
    __radd__ = __add__
    def __sub__(self, other): return Vector(self.x - other.x)
    def __neg__(self): return Vector(-self.x)
    def __matmul__(self, other): return self.x * other.x
    def __lt__(self, other): return self.x < other.x
    def __contains__(self, x): return x == self.x
    def __getitem__(self, key): return list(range(5))[key]
    def __setitem__(self, key, x): self.x = x
    def __float__(self): return float(self.x)
    def __iadd__(self, x):
        self.x += x
        return self
    def __enter__(self):
        self.x += 1
        return self
    def __exit__(self, kind, error, trace):
        self.x = 0
        return kind is ZeroDivisionError
    def norm(self): return abs(self.x)
    def fails(self, kind): raise kind("no")
"""

CHECKS = {
    "reads_a_variable": "assert_equal(submission.RATE, 0.1)",
    "compares_a_variable": "assert submission.RATE * 10 == 1.0 and submission.RATE < 1",
    "compares_arrays_of_text": "assert_close(submission.vocabulary, reference.vocabulary)",
    "compares_texts_within": "assert_equal(submission.words(), [np.array(['a', 'bb']), np.array([b'c'])])",
    "expects_an_exception": """
        with raising(ValueError):
            submission.first([])
        with raising("Empty") as raised:
            submission.first([])
        assert raised.value.message == "no item"
    """,
    "asks_a_snippet": """
        tools = library.define("def added(function):\\n    return function([1]) + 0.5")
        submission.number()
        assert_close(tools.added(submission.last), 1.5)
    """,
    "catches_an_exception": """
        try:
            submission.first([])
        except caught((KeyError, ValueError)) as error:
            assert error.message == "no item"
        else:
            pytest.fail("nothing was raised")
        try:
            [][0]
        except caught(IndexError):
            pass
    """,
    "catches_nothing_of_what_is_not_written": """
        try:
            submission.middle([1, 2])
        except caught(Exception):
            pass
    """,
    "expects_by_pytest": "with pytest.raises(StudentRaised):\n    submission.last([])",
    "expects_another": "with raising(LookupError):\n    submission.last([])",
    "expects_one_of_what_is_not_written": "with raising(Exception):\n    submission.middle([1, 2])",
    "reads_what_is_printed": "assert_equal(printed(submission.greet, 2), 'line 0\\nline 1\\n')",
    "prints_as_the_reference": "assert_equal(printed(submission.greet, 2), printed(reference.greet, 2))",
    "compares_paths": "assert_equal(submission.place(), pathlib.Path('data') / 'train.csv')",
    "compares_small_values": "assert_equal(submission.ends(3), reference.ends(3))",
    "sends_small_values": """
        for value in (pathlib.Path("a"), slice(1, 2), range(3), torch.device("cpu"), np.dtype("int8"), ...):
            assert_equal(submission.apply(library.str, value), str(value))
    """,
    "compares_many_keys": "assert_equal(submission.counts(60_000), reference.counts(60_000))",
    "reads_an_attribute": "assert_equal(submission.Vector(1).scale, 2)",
    "reads_a_classs_attribute": "assert_equal(submission.Vector.scale, 2)",
    "calls_a_method": "assert_equal(submission.Vector(-2).norm(), 2)",
    "adds": "assert_equal((submission.Vector(1) + submission.Vector(2)).x, 3)",
    "adds_a_value": "assert_equal((1 + submission.Vector(2) + 3).x, 6)",
    "subtracts": "assert_equal((-(submission.Vector(1) - submission.Vector(3))).x, 2)",
    "multiplies": "assert_equal(submission.Vector(2) @ submission.Vector(3), 6)",
    "orders": "assert submission.Vector(1) < submission.Vector(2) and not submission.Vector(2) < submission.Vector(1)",
    "looks_for_an_item": "assert 2 in submission.Vector(2) and 3 not in submission.Vector(2)",
    "slices": "assert_equal(submission.Vector(0)[1:4:2], [1, 3])",
    "changes_in_place": """
        v = submission.Vector(1)
        v[...] = 5
        assert_equal(float(v), 5.0)
        v += 2
        assert_equal(v.x, 7)
    """,
    "enters_and_leaves": """
        v = submission.Vector(1)
        with v as entered:
            assert_equal(entered.x, 2)
        assert_equal(v.x, 0)
        with pytest.raises(Exception, match="ZeroDivisionError"), v:
            v.fails(library.ZeroDivisionError)
        assert_equal(v.x, 0)
    """,
    "holds_back_no_failure": """
        with pytest.raises(AssertionError), submission.Vector(1):
            raise AssertionError("of the check's")
        with pytest.raises(ZeroDivisionError), submission.Vector(1):
            1 / 0
    """,
    "hands_on_functions": """
        assert_equal(submission.apply(submission.twice, 3), 6)
        assert_equal(submission.apply(reference.twice, 3), 6)
        with pytest.raises(Exception, match="nowhere"):
            submission.apply(submission.nowhere)
    """,
    "hears_of_each_step": """
        seen = []
        submission.fits(3, lambda step, loss: seen.append((step, loss)))
        assert_close(seen, [(0, 1.0), (1, 1 / 2), (2, 1 / 3)])
    """,
    "sees_gradients": "assert_equal(gradients(submission.model), {'weight': torch.ones(1, 2), 'bias': torch.ones(1)})",
    "sees_a_change": "assert_equal(assert_unchanged(submission.relu, torch.ones(2)), torch.ones(2))",
    "sees_a_change_of_what_it_put": """
        x = library.put(torch.ones(2))
        submission.relu(x)
        assert_equal(fetch(x), torch.ones(2))
    """,
    "asks_a_number": "assert abs(submission.number() - 3.5) < 0.1",
    "asks_two_numbers": "assert submission.number() - submission.number() == 0.0",
    "asks_for_what_is_not_there": "with pytest.raises(Exception, match='NOWHERE'): fetch(submission.NOWHERE)",
}  # fmt: skip

CHANGES = {
    "return items[-1] * 1": "return items[-1] * 1.25",
    "Empty(ValueError)": "Empty(TypeError)",
    'raise LookupError("no item")': "return None",
    "raise IndexError(len(items))": "raise NotImplementedError",
    "RATE = 0.1": "RATE = 0.2",
    '"cat", "dog"': '"cat", "cow"',
    '"a", "bb"': '"a", "bc"',
    'print("line", index': 'print("lines", index',
    '"data/train.csv"': '"train.csv"',
    "slice(1, n)": "slice(0, n)",
    "index + 1): index": "index + 1): index + (index == 7)",
    "scale = 2": "scale = 3",
    "return abs(self.x)": "return self.x",
    "Vector(self.x + ": "Vector(self.x * ",
    "self.x * other.x": "self.x",
    "range(5)": "range(1, 6)",
    "return x * (x > 0)": "return x.clamp_(0).sub_(1)",
    "return 3.5": "return Sly()",
    "loss=1 /": "loss=2 /",
    "model(torch.ones(1, 2))": "model(2 * torch.ones(1, 2))",
}
SLY = """
class Sly:
    def __sub__(self, other): return 0.0
    def __abs__(self): return 0.0
    def __lt__(self, other): return True
"""

SAID = {
    "expects_an_exception": "first([]) raised Empty: no item; expected ValueError",
    "asks_a_snippet": "added(last) returned 1.75; expected 1.5",
    "catches_an_exception": "first([]) raised Empty: no item",
    "catches_nothing_of_what_is_not_written": "not written yet (NotImplementedError)",
    "expects_by_pytest": "nothing was raised where an exception was expected",
    "expects_another": "last([]) raised nothing; expected LookupError",
    "expects_one_of_what_is_not_written": "not written yet (NotImplementedError)",
    "reads_a_variable": "RATE is 0.2; expected 0.1",
    "compares_arrays_of_text": "vocabulary differs: 1 of 2 values differ, first at [1]: 'cow' instead of 'dog'",
    "reads_what_is_printed": "greet(2) printed another text: 2 of 2 lines differ, first line 1: 'lines 0' instead of",
    "prints_as_the_reference": "greet(2) printed another text",
    "compares_paths": "place() returned Path('train.csv'); expected Path('data/train.csv')",
    "compares_small_values": "item 0: slice(0, 3, None) instead of slice(1, 3, None)",
    "compares_many_keys": "1 of 60000 values differ, first at key (7, 8): 8 instead of 7",
    "reads_an_attribute": "Vector(1).scale is 3; expected 2",
    "reads_a_classs_attribute": "Vector.scale is 3; expected 2",
    "calls_a_method": "Vector(-2).norm() returned -2; expected 2",
    "adds": "(Vector(1) + Vector(2)).x is 2; expected 3",
    "multiplies": "Vector(2) @ Vector(3) is 2; expected 6",
    "slices": "Vector(0)[1:4:2] differs: 2 of 2 values differ, first at item 0: 2 instead of 1",
    "hears_of_each_step": "fits(3, <lambda>) returned values that differ: 3 of 6 values differ, first at item 0",
    "sees_gradients": "gradients(model), key 'weight', returned values that differ",
    "sees_a_change": "argument 1 of relu(<torch.Tensor>), afterwards, differs",
    "sees_a_change_of_what_it_put": "argument 1 of relu(<torch.Tensor>), afterwards, differs",
    "asks_two_numbers": "unsupported operand type",
    "asks_a_number": "unsupported operand type",
}


@pytest.fixture(scope="module")
def grades(tmp_path_factory: pytest.TempPathFactory) -> tuple[Grade, Grade]:
    """Of the solution, and of an answer with many mistakes."""
    words = "StudentRaised, assert_unchanged, caught, gradients, printed, raising"
    head = f"import numpy as np, pathlib\nfrom grader.checking import {words}"
    problem = small_problem(tmp_path_factory.mktemp("course"), CHECKS, SOLUTION, head=head)
    wrong = SOLUTION
    for right, slip in CHANGES.items():
        assert right in wrong
        wrong = wrong.replace(right, slip)
    with Bench(stem=lent.stem()) as bench:
        one, other = (
            grade_one(Given(problem, Submission("submission.py", SourceFile("submission.py", source.encode())), bench))
            for source in (SOLUTION, wrong + SLY)
        )
    return one, other


def test_the_solution_passes(grades: tuple[Grade, Grade]) -> None:
    assert grades[0].status is Status.GRADED
    assert {check.title: check.message for check in grades[0].checks if check.outcome is not Outcome.PASSED} == {}
    assert len(grades[0].checks) == len(CHECKS)


@pytest.mark.parametrize("check", SAID)
def test_a_mistake_is_named_as_what_it_is(grades: tuple[Grade, Grade], check: str) -> None:
    messages = {each.title.rstrip("."): each.message for each in grades[1].checks}
    assert SAID[check] in messages[check]
