"""Checks of other courses may compare with a bare `assert`, look an answer up, or raise it.

Hostile values must not pass them, hang them, or end the checker; and each is told of in a few words.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from grader.bench import Bench
from grader.grade import Given, grade_one
from grader.model import Grade, Outcome, SourceFile, Status, Submission
from grader.problem import find_course
from grader.sandbox.launch import Stem
from tests.sandbox.test_zygote import descendants

VALUES = {
    "handle": "object()",
    "true_object": "type('True_', (), {'__eq__': lambda a, b: True, '__bool__': lambda a: True})()",
    "huge_int": "10 ** 9000",
    "nan": "float('nan')",
    "long_text": "'x' * (2 << 20)",
    "lines": r"'a text\n' * 50_000",
    "list_of_huge_ints": "[10 ** 9000] * 1000",
    "nested": "[[[['deep'] * 15] * 15] * 15] * 15",
    "texts": "{f'{n}' * 50 for n in range(50_000)}",
    "tensors": "[torch.zeros(3)] * 5_000",
    "tensor": "torch.ones(4)",
    "empty_tensor": "torch.empty(1 << 40, 0)",
    "array": "numpy.ones(4)",
    "dict": "{n: 'x' * 100 for n in range(10_000)}",
    "none": "None",
}
CHECKS = {
    "equals": "assert answer == 3",
    "is_less": "assert answer < 2",
    "is_in": "assert answer in (1, 2)",
    "holds": "assert [1] == answer",
    "has_length": "assert len(answer) == 3",
    "has_shape": "assert answer.shape == (3,)",
    "text": "assert answer == 'a text', f'it is {answer!r:.50}'",
    "sum": "assert sum(answer) == 3.5",
    "dict": "assert answer == {'a': 1}",
    "truth": "assert answer is True",
    "message": "assert answer is ..., answer",
    "is_raised": "raise AssertionError(answer)",
    "looked_up": "assert {1: 'a'}[answer] == 'a'",
    "same_lines": r"assert answer == 'a text\n' * 99 + 'b'",
}
RIGHT = {
    "equals": "3",
    "is_less": "1",
    "is_in": "1",
    "holds": "[1]",
    "has_length": "[1, 2, 3]",
    "has_shape": "torch.zeros(3)",
    "text": "'a text'",
    "sum": "[3.5]",
    "dict": "{'a': 1}",
    "truth": "True",
    "looked_up": "1",
    "same_lines": r"'a text\n' * 99 + 'b'",
}
"""What the reference answers to each check: one that breaks on it is its author's fault, and gives no grade."""
# Of one comparison, on a busy machine; most take a hundredth of it.
SECONDS = 10.0


@dataclass(frozen=True)
class Graded:
    hostile: Grade
    next: Grade
    """Of an honest submission, by the same checker."""
    same_checker: bool


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Every check of CHECKS put to every value of VALUES, in one grading, and then to a number."""
    root = tmp_path_factory.mktemp("bare")
    problem, solution = root / "problems" / "01-bare", root / "solutions" / "01-bare"
    (problem / "checks").mkdir(parents=True)
    solution.mkdir(parents=True)
    (problem / "problem.yaml").write_text(
        f"title: Bare\nsummary: Bare asserts.\npoints: {len(CHECKS) * len(VALUES)}\nlimits:\n  total_seconds: 300\n"
    )
    (problem / "stub.py").write_text("def answer(kind, check):\n    raise NotImplementedError\n")
    right = ", ".join(f"{name!r}: {value}" for name, value in RIGHT.items())
    (solution / "solution.py").write_text(
        f"import torch\n\nRIGHT = {{{right}}}\n\n\ndef answer(kind, check):\n    return RIGHT.get(check)\n"
    )
    source = "import pytest\n"
    for kind in VALUES:
        for name, line in CHECKS.items():
            source += f'\n\n@pytest.mark.public\ndef test_{kind}_{name}(submission):\n    """{kind}, {name}."""\n'
            source += f"    answer = submission.answer({kind!r}, {name!r})\n    {line}\n"
    (problem / "checks" / "test_bare.py").write_text(source)
    made = ", ".join(f"{kind!r}: lambda: {value}" for kind, value in VALUES.items())
    hostile = (
        f"import numpy\nimport torch\n\nMADE = {{{made}}}\n\n\ndef answer(kind, check):\n    return MADE[kind]()\n"
    )
    loaded = find_course(root, "01").load("01-bare")
    honest = "def answer(kind, check):\n    return 3\n"
    with Stem() as stem, Bench(stem=stem) as bench:
        grades, checkers = [], []
        for source in (hostile, honest):
            grades.append(
                grade_one(Given(loaded, Submission("any.py", SourceFile("submission.py", source.encode())), bench))
            )
            checkers.append(set(descendants(stem._process.pid)))
        return Graded(grades[0], grades[1], checkers[0] == checkers[1])


@pytest.mark.slow
def test_none_of_them_passes(graded: Graded) -> None:
    assert graded.hostile.status is Status.GRADED
    assert [check.id for check in graded.hostile.checks if check.outcome is Outcome.PASSED] == []


@pytest.mark.slow
def test_none_hangs(graded: Graded) -> None:
    # An object that stays in the room is asked there, and raises there.
    told = (Outcome.FAILED, Outcome.ERROR)
    others = {check.id: check.message for check in graded.hostile.checks if check.outcome not in told}
    assert others == {}, "each is asked, and answered in time"
    assert {check.id: check.duration_s for check in graded.hostile.checks if check.duration_s > SECONDS} == {}


@pytest.mark.slow
def test_none_ends_the_checker(graded: Graded) -> None:
    assert graded.same_checker
    passed = {check.id.rsplit("::")[-1] for check in graded.next.checks if check.outcome is Outcome.PASSED}
    assert passed == {f"test_{kind}_equals" for kind in VALUES}


@pytest.mark.slow
def test_each_is_told_briefly(graded: Graded) -> None:
    assert len(graded.hostile.checks) == len(CHECKS) * len(VALUES)
    for check in graded.hostile.checks:
        assert 0 < len(check.message) <= 2000
