"""What a check can do with a snippet of its author's, in a real room."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.bench import Bench
from grader.grade import Given, grade_one
from grader.model import Outcome, SourceFile, Status, Submission
from tests import lent
from tests.checking.small import small_problem

pytestmark = pytest.mark.slow

SNIPPET = """
import functools
limit = 3

def double(x):
    return 2 * x

def apply(function, x):
    return function(x)

class Counter(nn.Module):
    step = 2

    def __init__(self, start):
        super().__init__()
        self.count = start

    def forward(self, x):
        self.count += self.step
        return x * self.count

def fails():
    raise ValueError("not this one")
"""

COUNTER = """
class Mark:
    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        if isinstance(other, str):
            raise TypeError("no text")
        return self.value == getattr(other, "value", other)
"""

CHECKS = {
    "calls_a_function_by_its_name": """
        assert library.define(SNIPPET).double(21) == 42
        assert library.define(SNIPPET).double(x=torch.ones(2)).tolist() == [2, 2]
    """,
    "reads_what_is_not_a_function": "assert library.define(SNIPPET).limit == 3",
    "keeps_what_a_function_returns": """
        tools = library.define(SNIPPET)
        result = kept(tools.double)(torch.ones(2))
        assert not isinstance(result, torch.Tensor)
        assert fetch(result).tolist() == [2, 2]
    """,
    "keeps_items_and_attributes": """
        tools = library.define(SNIPPET)
        x = library.put(torch.ones(2).requires_grad_())
        pair = kept(submission.apply)(library.tuple, [torch.ones(2), x])
        first, second = kept(pair)
        assert not isinstance(second, torch.Tensor) and kept(pair)[1].data_ptr() == x.data_ptr()
        kept(second.sum)().backward()
        assert x.grad.tolist() == [1, 1]
        assert not isinstance(kept(x).grad, torch.Tensor) and fetch(kept(x).grad).tolist() == [1, 1]
        assert isinstance(pair[0], torch.Tensor)
    """,
    "advances_an_iterator": """
        numbers = submission.apply(library.iter, [1, [2]])
        assert next(numbers) == 1 and next(numbers) == [2]
        assert next(numbers, None) is None
        with pytest.raises(StopIteration):
            next(numbers)
        assert list(submission.apply(library.iter, [3])) == [3]
        with pytest.raises(Exception, match="TypeError"):
            next(library.define(SNIPPET).Counter(1))
    """,
    "keeps_nothing_that_is_not_there": """
        with pytest.raises(TypeError, match="a builtin_function_or_method of the check's own is not in the room"):
            kept(torch.ones(2).sum)
    """,
    "makes_and_uses_an_object": """
        counter = library.define(SNIPPET).Counter(5)
        assert submission.apply(counter, 2) == 14
        assert counter.count == 7
        counter.count = 0
        assert counter(1) == 2
    """,
    "hands_a_function_on": """
        tools = library.define(SNIPPET)
        double = tools.double
        assert submission.apply(double, 4) == 8
        assert submission.apply(double, 5) == 10
        assert tools.apply(tools.double, 6) == 12
        assert library.isinstance(tools.Counter(1), tools.Counter)
    """,
    "looks_into_a_class": "assert library.define(SNIPPET).Counter.step == 2",
    "outlives_its_namespace": """
        double = library.define(SNIPPET).double
        for number in range(200):
            library.put(number)
        assert double(3) == 6
    """,
    "sees_what_a_snippet_raises": """
        with pytest.raises(Exception, match="not this one"):
            library.define(SNIPPET).fails()
    """,
    "has_no_other_names": """
        with pytest.raises(Exception, match="AttributeError"):
            library.define(SNIPPET).absent
    """,
    "puts_what_the_next_question_needs": """
        x, y = torch.ones(2), library.put([1])
        first, second = library.put(x), library.put((y, 3))
        x += 1
        assert fetch(first, second)[0].tolist() == [1, 1]
        assert fetch(second)[1] == 3
        first.add_(1)
        assert fetch(first).tolist() == [2, 2]
        assert [len(answer) for answer in each(submission.apply, [(library.tuple, y), (library.list, y)])] == [1, 1]
    """,
    "puts_in_front_of_several_calls": """
        double, x = library.define(SNIPPET).double, library.put(torch.ones(1))
        answers = each(submission.apply, [(double, x), (double, 3 * torch.ones(1))])
        assert [answer.item() for answer in answers] == [2, 6]
    """,
    "forgets_what_nobody_asked_about": """
        for number in range(300):
            library.put(number)
        kept_one = library.put("kept")
        for number in range(300):
            assert fetch(library.put(number)) == number
        assert fetch(kept_one) == "kept"
    """,
    "is_told_when_a_snippet_fails": """
        with pytest.raises(Exception, match="not that one"):
            library.define("def f():\\n    return 1\\nraise ValueError('not that one')").f()
        assert submission.apply(library.len, [1]) == 1
    """,
    "fetches_several": """
        x, y = library.put(torch.ones(2)), library.put([1, 2])
        first, second = fetch(x, y)
        assert first.tolist() == [1, 1] and second == [1, 2]
        opaque, plain = fetch(library.iter([1]), x)
        assert next(iter(opaque)) == 1 and plain.tolist() == [1, 1]
    """,
    "compares_as_the_room_does": """
        one, same, other = (library.define(COUNTER).Mark(value) for value in (1, 1, 2))
        assert one == same and not one != same
        assert one != other and not one == other
        assert one == 1 and one != 2 and 1 == one
        assert one in [other, same] and one not in [other]
        assert one != object() and not one == pytest
        assert kept(submission.apply)(library.list, [1]) == [1]
        with pytest.raises(Exception, match="TypeError"):
            one == "text"
        assert len({one, same}) == 2
    """,
    "is_told_of_a_slip": """
        with pytest.raises(SyntaxError):
            library.define("def f(:")
    """,
}


def test_snippets(tmp_path: Path) -> None:
    solution = "def apply(function, x):\n    return function(x)\n"
    problem = small_problem(tmp_path, CHECKS, solution, head=f"SNIPPET, COUNTER = {SNIPPET!r}, {COUNTER!r}")
    answer = Submission("submission.py", SourceFile("submission.py", solution.encode()))
    with Bench(stem=lent.stem()) as bench:
        grade = grade_one(Given(problem, answer, bench))
    assert grade.status is Status.GRADED
    assert {check.id: check.message for check in grade.checks if check.outcome is not Outcome.PASSED} == {}
    assert len(grade.checks) == len(CHECKS)
