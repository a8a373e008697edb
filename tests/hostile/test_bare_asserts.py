"""Checks of other courses may compare with a bare `assert`: hostile values must not hang, crash or pass them either."""

from __future__ import annotations

import pytest

from grader.model import Grade, Outcome, SourceFile, Status, Submission
from grader.pipeline import Bench
from grader.problem import find_course

VALUES = {
    "handle": "object()",
    "true_object": "type('True_', (), {'__eq__': lambda a, b: True, '__bool__': lambda a: True})()",
    "huge_int": "10 ** 9000",
    "nan": "float('nan')",
    "long_text": "'x' * (2 << 20)",
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
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Grade:
    """Every check of CHECKS put to every value of VALUES, in one grading."""
    root = tmp_path_factory.mktemp("bare")
    problem, solution = root / "problems" / "01-bare", root / "solutions" / "01-bare"
    (problem / "checks").mkdir(parents=True)
    solution.mkdir(parents=True)
    (problem / "problem.yaml").write_text(
        f"title: Bare\nsummary: Bare asserts.\npoints: {len(CHECKS) * len(VALUES)}\nlimits:\n  total_seconds: 300\n"
    )
    (problem / "stub.py").write_text("def answer(kind):\n    raise NotImplementedError\n")
    (solution / "solution.py").write_text("def answer(kind):\n    return kind\n")
    source = "import pytest\n"
    for kind in VALUES:
        for name, line in CHECKS.items():
            source += f'\n\n@pytest.mark.public\ndef test_{kind}_{name}(submission):\n    """{kind}, {name}."""\n'
            source += f"    answer = submission.answer({kind!r})\n    {line}\n"
    (problem / "checks" / "test_bare.py").write_text(source)
    made = ", ".join(f"{kind!r}: lambda: {value}" for kind, value in VALUES.items())
    hostile = f"import numpy\nimport torch\n\nMADE = {{{made}}}\n\n\ndef answer(kind):\n    return MADE[kind]()\n"
    loaded = find_course(root, "01").load("01-bare")
    with Bench() as bench:
        return bench.grade(loaded, Submission("hostile.py", SourceFile("submission.py", hostile.encode())))


@pytest.mark.slow
def test_none_of_them_passes(graded: Grade) -> None:
    assert graded.status is Status.GRADED
    assert [check.id for check in graded.checks if check.outcome is Outcome.PASSED] == []
    # An object that stays in the room is asked there, and raises there.
    told = (Outcome.FAILED, Outcome.ERROR)
    others = {check.id: check.message for check in graded.checks if check.outcome not in told}
    assert others == {}, "each is asked, and answered in time"


@pytest.mark.slow
def test_each_is_told_briefly(graded: Grade) -> None:
    assert len(graded.checks) == len(CHECKS) * len(VALUES)
    for check in graded.checks:
        assert 0 < len(check.message) <= 2000
