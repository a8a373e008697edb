"""Several calls of one function in one go: what a check sees is what it would have seen of one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.bench import Bench
from grader.grade import Given, grade_one
from grader.model import CheckResult, Grade, Outcome, Problem, SourceFile, Status, Submission
from tests import lent
from tests.checking.small import small_problem

pytestmark = pytest.mark.slow

SOLUTION = "def double(x):\n    return 2 * x\n\ndef times(x, factor=1):\n    return x * factor\n"
LIMITS = "limits:\n  call_seconds: 1\n  total_seconds: 20\n  reply_mb: 4\n"
DOUBLES = """
    for answer, right in zip(each(submission.double, [(1,), (2,), (3,)]), [2, 4, 6], strict=True):
        assert_equal(answer, right)
"""


Graded = Callable[..., Grade]


@pytest.fixture
def grade(tmp_path: Path) -> Iterator[Graded]:
    """Grade a source with the given checks."""
    with Bench(stem=lent.stem()) as bench:

        def graded(source: str, checks: dict[str, str], settings: str = LIMITS) -> Grade:
            problem = small_problem(tmp_path, checks, SOLUTION, settings=settings)
            result = grade_one(
                Given(problem, Submission("submission.py", SourceFile("submission.py", source.encode())), bench)
            )
            assert result.status is Status.GRADED
            return result

        yield graded


def by_name(grade: Grade) -> dict[str, CheckResult]:
    return {check.id.rpartition("test_")[2]: check for check in grade.checks}


def outcomes(grade: Grade) -> dict[str, Outcome]:
    return {name: check.outcome for name, check in by_name(grade).items()}


CHECKS = {
    "in_order": DOUBLES,
    "by_position_and_by_name": """
        calls = [call(3), (3, 2), call(3, factor=4), call(x=5, factor=2)]
        assert list(each(submission.times, calls)) == [3, 6, 12, 10]
        assert list(each(reference.times, calls)) == [3, 6, 12, 10]
    """,
    "one": "assert list(each(submission.double, [(4,)])) == [8]",
    "none": "assert list(each(submission.double, [])) == []",
    "many": "assert list(each(submission.double, [(n,) for n in range(500)])) == [2 * n for n in range(500)]",
    "tensors_keep_their_flags": """
        x, y = torch.ones(2, dtype=torch.float64), torch.ones(1, requires_grad=True)
        first, second = each(submission.double, [(x,), (y,)])
        assert first.dtype == torch.float64 and not first.requires_grad and second.requires_grad
    """,
    "what_the_room_holds": """
        x = library.put(torch.ones(3))
        assert [answer.tolist() for answer in each(submission.double, [(x,), (torch.zeros(1),)])] == [[2] * 3, [0]]
    """,
    "functions_of_the_author": """
        tools = library.define("def half(x):\\n    return x / 2")
        assert list(each(tools.half, [(1,), (2,)])) == [0.5, 1]
        kept_ones = list(each(kept(submission.double), [(1,), (2,)]))
        assert [fetch(one) for one in kept_ones] == [2, 4]
    """,
    "other_questions_between_answers": """
        total = 0
        for answer in each(submission.double, [(1,), (2,)]):
            total += submission.times(answer, 10)
        assert total == 60
    """,
    "more_than_fits_one_answer": """
        x = torch.ones(200_000)
        assert [answer.sum().item() for answer in each(submission.double, [(x,)] * 12)] == [400_000] * 12
    """,
}


def test_answers_are_those_of_single_calls(grade: Graded) -> None:
    graded = grade(SOLUTION, CHECKS)
    assert {check.id: check.message for check in graded.checks if check.outcome is not Outcome.PASSED} == {}


def test_the_same_object_in_two_calls_is_two_objects(grade: Graded) -> None:
    """As it is when one call comes after the other."""
    source = "def double(x):\n    x.append(7)\n    return len(x)\n"
    checks = {"apart": "x = [1]\nassert list(each(submission.double, [(x,), (x,)])) == [2, 2] and x == [1]"}
    assert outcomes(grade(source, checks)) == {"apart": Outcome.PASSED}


def test_what_a_check_gives_up_to_read_tells_whether_a_mistake_is_the_same(tmp_path: Path) -> None:
    """Both answer the first call wrongly and alike, which ends the check; only what follows tells them apart."""
    one = "def double(x):\n    return 2 * x + 1\n\ndef times(x, factor=1):\n    return x * factor\n"
    with Bench(stem=lent.stem()) as bench:
        problem = small_problem(tmp_path, {"in_order": DOUBLES}, SOLUTION)
        known = Path(problem.solution_folder or "") / "misconceptions" / "one.py"
        known.write_text(f'"""One too many\n\nDo not add one.\n"""\n\n{one}')

        def found(source: str) -> list[str]:
            file = SourceFile("submission.py", source.encode())
            return [m.id for m in grade_one(Given(problem, Submission("submission.py", file), bench)).misconceptions]

        assert found(one.replace("2 * x + 1", "x + x + 1")) == ["one"]
        assert found(one.replace("2 * x + 1", "3 * x")) == []


def test_nothing_is_called_after_an_exception(grade: Graded) -> None:
    source = """
count = 0
def double(x):
    global count
    count += 1
    if x == 2:
        raise ValueError("no two")
    return 2 * x
def times(x, factor=1):
    return count
"""
    checks = {
        "up_to_it": """
            answers = each(submission.double, [(1,), (2,), (3,)])
            assert next(answers) == 2
            with pytest.raises(Exception, match="no two"):
                next(answers)
            assert submission.times(0) == 2
        """,
        "told": DOUBLES,
    }
    told = by_name(grade(source, checks))
    assert told["up_to_it"].outcome is Outcome.PASSED
    assert told["told"].outcome is Outcome.ERROR
    assert told["told"].message == "double(2) raised ValueError: no two"


def test_a_wrong_answer_is_told_with_its_call(grade: Graded) -> None:
    told = by_name(grade("def double(x):\n    return 4 if x != 3 else 5\n", {"doubles": DOUBLES}))["doubles"]
    assert told.mismatch is not None
    assert (told.mismatch.called, told.mismatch.actual, told.mismatch.expected) == ("double(1)", "4", "2")


@pytest.mark.parametrize(
    ("end", "outcome", "says"),
    [
        ("while True: pass", Outcome.TIMEOUT, "double(2) gave no answer within 1 s"),
        ("import os; os._exit(3)", Outcome.CRASHED, "the process ended during the call double(2) ("),
        ("import ctypes; ctypes.string_at(0)", Outcome.CRASHED, "the process ended during the call double(2) ("),
    ],
    ids=["loop", "exit", "crash"],
)
def test_the_call_that_ends_the_room_is_told(grade: Graded, end: str, outcome: Outcome, says: str) -> None:
    source = f"def double(x):\n    if x == 2:\n        {end}\n    return 2 * x\n"
    checks = {"doubles": DOUBLES, "others": "assert list(each(submission.double, [(1,), (3,)])) == [2, 6]"}
    told = by_name(grade(source, checks))
    assert told["doubles"].outcome is outcome
    assert told["doubles"].message.startswith(says)
    assert told["others"].outcome is Outcome.PASSED


def test_the_call_that_ends_the_room_is_told_where_it_was_given_a_handle(grade: Graded) -> None:
    """The next room would not know what the handle stands for."""
    source = "def double(x):\n    if x == 2:\n        while True: pass\n    return 2 * x\n"
    handles = DOUBLES.replace("(1,), (2,), (3,)", "(library.put(1),), (library.put(2),), (library.put(3),)")
    told = by_name(grade(source, {"doubles": handles, "others": "assert submission.double(4) == 8"}))
    assert told["doubles"].message.startswith("double(<int>) gave no answer within 1 s")
    assert told["others"].outcome is Outcome.PASSED


def test_two_deaths_are_counted_as_ever(grade: Graded) -> None:
    """What was put together and died counts for nothing, and is not tried again: as many deaths, as much time."""
    source = "def double(x):\n    while True: pass\ndef times(x, factor=1):\n    return x * factor\n"
    checks = dict.fromkeys(("first", "second", "third"), DOUBLES)
    checks["untouched"] = "assert list(each(submission.times, [(1, 2), (2, 2)])) == [2, 4]"
    settings = LIMITS.replace("total_seconds: 20", "total_seconds: 4")
    told = outcomes(grade(source, checks, settings))
    assert told.pop("untouched") is Outcome.PASSED
    assert set(told.values()) == {Outcome.TIMEOUT}


@pytest.mark.parametrize(
    "spoil",
    [
        "os._exit(0)",
        "frame.f_locals['written'].append(b'no answer')",
        "frame.f_locals['written'].extend([b'too many'] * 9)",
        "frame.f_locals['written'].append(7)",
        "frame.f_locals['asked'].clear()",
        "frame.f_locals['asked'].append(b'no question')",
    ],
    ids=["ends", "forges", "floods", "breaks", "takes", "asks"],
)
def test_a_room_that_spoils_what_was_put_together_is_asked_one_by_one(grade: Graded, spoil: str) -> None:
    """Whatever it does there, it ends with answers to all the questions, each by itself; and cannot do it twice."""
    source = f"""
import os, sys
def double(x):
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "_answer_several":
            {spoil}
            break
        frame = frame.f_back
    return 2 * x
"""
    checks = {"first": DOUBLES, "second": DOUBLES, "wrong": DOUBLES.replace("[2, 4, 6]", "[2, 4, 7]")}
    assert outcomes(grade(source, checks)) == {
        "first": Outcome.PASSED,
        "second": Outcome.PASSED,
        "wrong": Outcome.FAILED,
    }


def test_a_function_that_needs_long_has_the_time_of_single_calls(grade: Graded) -> None:
    source = "import time\ndef double(x):\n    time.sleep(0.4)\n    return 2 * x\n"
    graded = grade(source, {"doubles": DOUBLES})
    assert outcomes(graded) == {"doubles": Outcome.PASSED}
    assert graded.duration_s >= 1.2


def test_an_answer_that_is_too_large_is_told_of_its_own_call(grade: Graded) -> None:
    source = "import torch\ndef double(x):\n    return torch.ones(2_000_000) if x == 2 else 2 * x\n"
    checks = {"doubles": DOUBLES, "others": "assert list(each(submission.double, [(1,), (3,)])) == [2, 6]"}
    told = by_name(grade(source, checks))
    assert told["others"].outcome is Outcome.PASSED
    assert told["doubles"].message.startswith("double(2) returned a value of more than")


def test_stop_iteration_is_an_exception_like_any_other(grade: Graded) -> None:
    source = "def double(x):\n    raise StopIteration\n"
    told = by_name(grade(source, {"doubles": DOUBLES, "single": "assert_equal(submission.double(1), 2)"}))
    assert {check.outcome for check in told.values()} == {Outcome.ERROR}
    assert {check.message for check in told.values()} == {"double(1) raised StopIteration"}


# -- one after the other, and in one go ------------------------------------------------------------

_CASES = ("(1,), (2,), (3,)", "(torch.ones(3),), (torch.zeros(3),)", "(X,), (X,), (X,)")
IN_ONE_GO = {
    f"case_{number}": f"X = torch.ones(4)\nassert_each_close(submission.double, reference.double, [{cases}])"
    for number, cases in enumerate(_CASES)
}
ONE_BY_ONE = {
    f"case_{number}": "X = torch.ones(4)\n"
    f"for case in [{cases}]:\n    assert_close(submission.double(*case), reference.double(*case))"
    for number, cases in enumerate(_CASES)
}
ODD = {
    "right": "return 2 * x",
    "changes_its_input": "x *= 2\n    return x",
    "returns_its_input": "return x",
    "remembers": "calls.append(x)\n    return (2 if len(calls) != 4 else 3) * x",
    "prints": "print('x' * 100_000)\n    return 2 * x",
    "raises_once": "if type(x) is int and x == 2:\n        raise ValueError('two')\n    return 2 * x",
    "exits": "raise SystemExit",
    "closes": "raise GeneratorExit",
    "yields": "yield 2 * x",
    "returns_a_function": "return lambda: x",
    "returns_a_module": "return torch.nn.ReLU()",
    "returns_a_parameter": "return 2 * x if isinstance(x, int) else torch.nn.Parameter(2 * x)",
    "returns_too_much": "return torch.ones(9_000_000)",
    "answers_yes": "return True",
    "recurses": "return double(x)",
    "takes_memory": "return bytearray(10**12)",
    "hangs_once": "while type(x) is int and x == 2:\n        pass\n    return 2 * x",
    "dies_once": "if type(x) is int and x == 3:\n        os._exit(0)\n    return 2 * x",
}


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Callable[[str], Grade]]]:
    """Grade a source with checks that call one after the other, and with checks that call in one go."""
    with Bench(stem=lent.stem()) as bench:
        made: list[Callable[[str], Grade]] = []
        for checks in (ONE_BY_ONE, IN_ONE_GO):
            root = tmp_path_factory.mktemp("way")
            problem = small_problem(root, checks, SOLUTION, settings=LIMITS)

            def graded(source: str, problem: Problem = problem) -> Grade:
                return grade_one(Given(problem, Submission("", SourceFile("submission.py", source.encode())), bench))

            made.append(graded)
        yield made


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_in_one_go_is_as_one_by_one(ways: list[Callable[[str], Grade]], body: str) -> None:
    """To the word, and again for a second student with the same answers."""
    source = f"import os\nimport torch\ncalls = []\ndef double(x):\n    {body}\n"
    one_by_one, *others = [
        [(check.id, check.outcome, check.message, check.mismatch, check.traceback) for check in way(source).checks]
        for way in (*ways, *ways)
    ]
    assert len(one_by_one) == len(_CASES)
    for other in others:
        assert other == one_by_one
