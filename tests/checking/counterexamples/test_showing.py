"""What a student is shown who fails hidden checks alone: the smallest input, and nothing of what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from grader.bench import Bench
from grader.jobs import Terms
from grader.model import Counterexample, Findings, Outcome, Problem, SourceFile, Submission
from grader.problem.load import WITNESSES
from tests import lent
from tests.checking.small import small_problem

SOLUTION = """
import torch

def double(x):
    return 2 * x

def shifted(image, by=0):
    return image + by

def layer(weight):
    made = torch.nn.Linear(1, 1, bias=False)
    made.weight.data[:] = weight
    return made
"""
INPUTS = """
import torch
from hypothesis import strategies as st
from grader.checking import applied, sliding_window, tensors

INPUTS = {
    "double": st.tuples(st.integers(0, 60)),
    "shifted": st.tuples(tensors(2, 2), st.integers(-2, 2)),
    "layer": tensors(1).map(lambda weight: applied((weight,), torch.ones(1, 1))),
}
WINDOWS = {"shifted": lambda image, by=0: sliding_window(image, 1, say="is one more than")}
"""
CHECKS = {
    "double": "assert_equal(submission.double(3), 6)",
    "shifted": "assert_close(submission.shifted(torch.ones(2, 2)), torch.ones(2, 2))",
}
HIDDEN = '''
def test_large(submission, reference):
    """A large number."""
    for x in (41_234, 7, 8):
        assert_equal(submission.double(x), reference.double(x))

def test_unseen_shift(submission, reference):
    """An image and a shift."""
    image = -1000 + torch.arange(4.0).reshape(2, 2)
    assert_close(submission.shifted(image, by=2), reference.shifted(image, by=2))

def test_layer(submission, reference):
    """A layer."""
    weight = torch.tensor([1234.5])
    assert_close(fetch(submission.layer(weight)(torch.ones(1, 1))), torch.tensor([[1234.5]]))
'''
SECRETS = ("41234", "41_234", "1000", "999", "1234.5")


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench(stem=lent.stem()) as started:
        yield started


def made(root: Path, inputs: str = INPUTS, misconceptions: dict[str, str] | None = None, course: str = "") -> Problem:
    solutions = root / "solutions" / "01-small"
    (solutions / "misconceptions").mkdir(parents=True)
    if inputs:
        (solutions / "inputs.py").write_text(inputs)
    for name, source in (misconceptions or {}).items():
        (solutions / "misconceptions" / f"{name}.py").write_text(source)
    (root / "course.yaml").write_text(course)
    return small_problem(root, CHECKS, SOLUTION, head=HIDDEN, points=5)


@pytest.fixture(scope="module")
def problem(tmp_path_factory: pytest.TempPathFactory) -> Problem:
    return made(tmp_path_factory.mktemp("course"))


def of(source: str) -> Submission:
    return Submission("submission.py", SourceFile("submission.py", source.encode()))


def wrong(old: str, new: str, head: str = "") -> Submission:
    assert old in SOLUTION
    return of(head + SOLUTION.replace(old, new))


def shown(bench: Bench, problem: Problem, submission: Submission, terms: Terms | None = None) -> list[Counterexample]:
    return list(bench.check(problem, submission, terms or Terms()).counterexamples)


def words(found: Findings | list[Counterexample]) -> str:
    return msgspec.json.encode(found).decode()


DOUBLE, SHIFTED, LAYER = "return 2 * x", "return image + by", "made.weight.data[:] = weight"
WRONG = {
    "from a number on": (DOUBLE, "return 2 * x if x < 5 else 3 * x", "double(5)", "15", "10"),
    "a float": (DOUBLE, "return 2 * x if x < 20 else 2.0 * x", "double(20)", "float, 40.0", "int, 40"),
    "nothing": (DOUBLE, "return 2 * x if x < 5 else None", "double(5)", "None, None", "int, 10"),
    "an exception": (
        DOUBLE, "return 2 * x if x < 5 else {}[x]", "double(5)", "raised KeyError: 5", "10",
    ),
    "a pixel": (
        SHIFTED, "return image.abs() + by if by else image",
        "shifted(tensor([[0., 0.], [0., -1.]]), 1)", "tensor([[1., 1.], [1., 2.]])", "tensor([[1., 1.], [1., 0.]])",
    ),
    "a shape": (
        SHIFTED, "return (image + by)[0] if by else image",
        "shifted(tensor([[0., 0.], [0., 0.]]), 1)", "(2,)", "(2, 2)",
    ),
    "a dtype": (
        SHIFTED, "return (image + by).double() if by else image",
        "shifted(tensor([[0., 0.], [0., 0.]]), 1)", "torch.float64", "torch.float32",
    ),
    "a layer": (LAYER, "made.weight.data[:] = weight - 1", "layer(tensor([0.]))(tensor([[1.]]))", "tensor([[-1.]])",
        "tensor([[0.]])"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "called", "actual", "expected"), WRONG.values(), ids=WRONG)
def test_the_smallest_input_is_shown(
    bench: Bench, problem: Problem, old: str, new: str, called: str, actual: str, expected: str
) -> None:
    found = bench.check(problem, wrong(old, new), Terms())
    assert sum(check.outcome is not Outcome.PASSED for check in found.checks) == 1
    (example,) = found.counterexamples
    assert (example.mismatch.called, example.mismatch.actual, example.mismatch.expected) == (called, actual, expected)
    assert example.misconception == ""
    assert not any(secret in words([example]) for secret in SECRETS)


def test_it_is_shown_with_its_picture_and_the_traceback(bench: Bench, problem: Problem) -> None:
    (pixel,) = shown(bench, problem, wrong(*WRONG["a pixel"][:2]))
    assert pixel.mismatch.wrong_cells == ((1, 1),)
    assert pixel.mismatch.window is not None
    assert pixel.mismatch.window.sentence == "row 1, column 1 is one more than -1"
    (raised,) = shown(bench, problem, wrong(*WRONG["an exception"][:2]))
    assert 'File "submission.py", line 5, in double' in raised.traceback


@pytest.mark.slow
def test_the_same_submission_sees_the_same(bench: Bench, problem: Problem) -> None:
    submission = wrong(SHIFTED, "return image * 0 + by if by == -2 else image + by if by < 2 else image")
    first = shown(bench, problem, submission)
    assert len(first) == 1
    shown(bench, problem, wrong(*WRONG["a layer"][:2]))
    assert shown(bench, problem, submission) == first
    with Bench(stem=lent.stem()) as another:
        assert shown(another, problem, submission) == first


def test_what_a_hidden_check_asks_is_never_shown(bench: Bench, problem: Problem) -> None:
    """7 and 8 are asked, by position here and by name there: the next number is shown."""
    (example,) = shown(bench, problem, wrong(DOUBLE, "return 2 * x if x < 7 else 3 * x"))
    assert example.mismatch.called == "double(9)"


def test_nothing_is_shown_beside_a_public_failure_or_of_a_right_answer(bench: Bench, problem: Problem) -> None:
    assert shown(bench, problem, of(SOLUTION)) == []
    assert shown(bench, problem, wrong(DOUBLE, "return 3 * x")) == []
    assert shown(bench, problem, wrong(*WRONG["a pixel"][:2]), Terms(recognise=False)) == []
    assert shown(bench, problem, wrong(*WRONG["a pixel"][:2]), Terms(public_only=True)) == []
    assert shown(bench, problem, of("def double(x):\n    return 2 * x\n")) == []


def test_nothing_is_shown_of_rounding(bench: Bench, problem: Problem) -> None:
    noise = "return image + by + 1e-6 * torch.rand(2, 2) if image.max() > -100 else image"
    assert shown(bench, problem, wrong(SHIFTED, noise)) == []


@pytest.mark.slow
def test_a_course_may_switch_it_off(bench: Bench, tmp_path: Path) -> None:
    silent = made(tmp_path / "silent", course="counterexamples: false\n")
    spoken = made(tmp_path / "spoken", course="counterexamples: true\n")
    submission = wrong(*WRONG["a pixel"][:2])
    assert shown(bench, silent, submission) == []
    assert len(shown(bench, spoken, submission)) == 1
    assert silent.version != spoken.version


BROKEN = {
    "none": "",
    "no Python": "def (",
    "raises": "1 / 0",
    "no strategies": "INPUTS = {'double': 3}",
    "of no arguments": "from hypothesis import strategies as st\nINPUTS = {'double': st.integers()}",
    "not legal": "from hypothesis import strategies as st\nINPUTS = {'double': st.tuples(st.none())}",
}


@pytest.mark.slow
@pytest.mark.parametrize("inputs", BROKEN.values(), ids=BROKEN)
def test_inputs_that_are_broken_cost_nobody_a_grade(bench: Bench, tmp_path: Path, inputs: str) -> None:
    found = bench.check(made(tmp_path, inputs), wrong(*WRONG["from a number on"][:2]), Terms())
    assert sum(check.points for check in found.checks) == 4
    assert found.counterexamples == ()


# -- misconceptions --------------------------------------------------------------------------------

TRIPLES = '"""It triples large numbers.\n\nThree is not two."""\n' + SOLUTION.replace(
    DOUBLE, "return 3 * x if x > 5 else 2 * x"
)
ALWAYS = TRIPLES.replace(" if x > 5 else 2 * x", "")
KEPT = ("triples", "double(6)", "18")


def test_a_recognised_misconception_is_shown_by_an_input(bench: Bench, tmp_path: Path) -> None:
    """Though a public check fails, since that shows another mistake."""
    problem = made(tmp_path, misconceptions={"triples": TRIPLES})
    again = SOLUTION.replace(DOUBLE, "return x + x + x if x >= 6 else x + x").replace(SHIFTED, "return image + 1")
    found = bench.check(problem, of(again), Terms())
    assert [each.id for each in found.misconceptions] == ["triples"]
    (example,) = found.counterexamples
    assert (example.misconception, example.mismatch.called, example.mismatch.actual) == KEPT


def test_one_that_a_public_check_shows_has_no_need_of_it(bench: Bench, tmp_path: Path) -> None:
    found = bench.check(made(tmp_path, misconceptions={"triples": ALWAYS}), of(ALWAYS), Terms())
    assert [each.id for each in found.misconceptions] == ["triples"]
    assert found.counterexamples == ()


@pytest.mark.slow
def test_witnesses_are_kept_beside_the_solution(bench: Bench, tmp_path: Path) -> None:
    problem = made(tmp_path, misconceptions={"triples": TRIPLES})
    report = bench.inputs(problem)
    assert (report.broken, report.remarks) == ((), ())
    kept = Path(problem.solution_folder or "") / WITNESSES
    kept.write_bytes(report.witnesses)
    with Bench(stem=lent.stem()) as later:
        (example,) = shown(later, problem, of(TRIPLES))
        assert (example.misconception, example.mismatch.called, example.mismatch.actual) == KEPT
        assert later.inputs(problem).witnesses == b"", "the file holds just that"


# -- hostile submissions ---------------------------------------------------------------------------

HOSTILE = {
    "never comes back": "while x == 9: pass",
    "ends the process": "import os; x == 9 and os._exit(0)",
    "ends the program": "if x == 9: raise SystemExit",
    "takes all memory": "if x == 9: [bytearray(1 << 28) for _ in range(99)]",
    "prints without end": "if x == 9: print('x' * (1 << 24))",
    "returns far too much": "if x == 9: return 'x' * (80 << 20)",
    "is not written": "if x == 9: raise NotImplementedError",
}


@pytest.mark.slow
@pytest.mark.parametrize("line", HOSTILE.values(), ids=HOSTILE)
def test_a_search_that_goes_wrong_is_quiet(bench: Bench, problem: Problem, line: str) -> None:
    submission = wrong(DOUBLE, f"{line}\n    return 2 * x if x < 1000 else 0")
    found = bench.check(problem, submission, Terms())
    assert sum(check.points for check in found.checks) == 4
    assert found.counterexamples == ()
    assert found.stdout == ""
    assert len(shown(bench, problem, wrong(*WRONG["a pixel"][:2]))) == 1, "the next one is as usual"


REMEMBERING = {
    "in what it returns": "return 2 * x if x < 1000 and x != 5 else str(seen)",
    "in what it raises": "if x == 5: raise ValueError(seen)\n    return 2 * x if x < 1000 else 0",
    "in a file": "return 2 * x if x < 1000 and x != 5 else open('seen').read()",
    "in the environment": "return 2 * x if x < 1000 and x != 5 else os.environ.get('SEEN', '')",
    "in its own source": "return 2 * x if x < 1000 and x != 5 else open(__file__).read()[-40:]",
}
MEMORY = """
import os
seen = []
def remember(x):
    seen.append(x)
    for attempt in (
        lambda: open('seen', 'a').write(f'{x} '),
        lambda: os.environ.update(SEEN=f"{os.environ.get('SEEN', '')} {x}"),
        lambda: open(__file__, 'a').write(f'# {x}'),
    ):
        try:
            attempt()
        except OSError:
            pass
"""


@pytest.mark.parametrize("line", REMEMBERING.values(), ids=REMEMBERING)
def test_what_was_asked_cannot_be_said_again(bench: Bench, problem: Problem, line: str) -> None:
    """A submission may remember in its room what hidden checks ask; it is asked for examples in another one."""
    submission = wrong(DOUBLE, f"remember(x)\n    {line}", head=MEMORY)
    (example,) = shown(bench, problem, submission)
    assert example.mismatch.called == "double(5)"
    assert not any(secret in words([example]) for secret in SECRETS)


def test_an_answer_that_equals_everything_is_no_answer(bench: Bench, problem: Problem) -> None:
    head = "class Same:\n    def __eq__(self, other): return True\n    __hash__ = None\n"
    (example,) = shown(bench, problem, wrong(DOUBLE, "return 2 * x if x < 5 else Same()", head=head))
    assert (example.mismatch.called, example.mismatch.kind) == ("double(5)", "type")


def test_an_answer_by_chance_is_shown_or_not_and_ends(bench: Bench, problem: Problem) -> None:
    submission = wrong(DOUBLE, "import random\n    return 2 * x + (random.random() < 0.5) * (x > 4)")
    assert len(shown(bench, problem, submission)) <= 1


# -- verify ----------------------------------------------------------------------------------------

Reported = Callable[[str], tuple[str, str]]


@pytest.fixture
def reported(bench: Bench, tmp_path: Path) -> Reported:
    def report(inputs: str) -> tuple[str, str]:
        problem = made(tmp_path, inputs)
        other = Path(problem.solution_folder or "") / "alternatives" / "other.py"
        other.parent.mkdir()
        other.write_text(SOLUTION.replace(DOUBLE, "return x + x if x < 30 else x"))
        said = bench.inputs(problem)
        return "\n".join(said.broken), "\n".join(said.remarks)

    return report


ONE = "from hypothesis import strategies as st\nINPUTS = {'double': st.tuples(st.integers(0, %s))}\n"
WITHOUT = "WITHOUT = {'shifted': 'an image is large', 'layer': 'a layer is none'}\n"
VERIFIED = {
    "nothing": ("", "", "inputs.py: there is none"),
    "two are forgotten": (ONE % 9, "", "gives no input for shifted, layer; INPUTS may, or WITHOUT may say why not"),
    "all are spoken of": (ONE % 9 + WITHOUT, "", ""),
    "alternatives differ": (ONE % 60 + WITHOUT, "other.py: double(30) gives 30, and the reference 60; one of them", ""),
    "no legal input": (
        "from hypothesis import strategies as st\nINPUTS = {'double': st.tuples(st.none())}\n" + WITHOUT,
        "inputs.py: double: double(None) is no legal input: the reference raises TypeError",
        "",
    ),
    "another name": (
        "from hypothesis import strategies as st\nINPUTS = {'duoble': st.tuples(st.none())}\n",
        "INPUTS: stub.py defines no duoble; did you mean double?",
        "",
    ),
    "no strategy": ("INPUTS = {'double': 3}", "INPUTS: double: must be a hypothesis strategy", ""),
    "no arguments": (
        "from hypothesis import strategies as st\nINPUTS = {'double': st.integers()}\n" + WITHOUT,
        "inputs.py: double: gives a int, and no arguments",
        "",
    ),
    "no values": (
        "from hypothesis import strategies as st\nINPUTS = {'double': st.integers().filter(lambda x: x < x)}\n"
        + WITHOUT,
        "inputs.py: double: makes no inputs: Unsatisfiable",
        "",
    ),
    "a layer by itself": (
        "import torch\nfrom hypothesis import strategies as st\n"
        "INPUTS = {'layer': st.tuples(st.just(torch.ones(1)))}\n"
        "WITHOUT = {'double': '', 'shifted': ''}",
        "solution.py: layer(tensor([1.])) gives",
        "",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("inputs", "broken", "remarks"), VERIFIED.values(), ids=VERIFIED)
def test_what_verify_says_of_inputs(reported: Reported, inputs: str, broken: str, remarks: str) -> None:
    said = reported(inputs)
    assert broken in said[0]
    assert remarks in said[1]
    assert bool(broken) == bool(said[0])
    assert bool(remarks) == bool(said[1])
