"""A forgotten `return` is told as that, at the function that lacks it; nothing else is taken for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.bench import Bench
from grader.jobs import Terms
from grader.model import Outcome, Problem, SourceFile, Submission
from tests import lent
from tests.checking.small import small_problem

RIGHT = """\
def layer(kernel: list) -> list:
    made = [kernel]
    return made

def use(kernel: list) -> list:
    return layer(kernel)[0]

def odd(n: int) -> int:
    if n % 2 == 0:
        raise ValueError(n)
    return n

def fill(kernel: list, value: float):
    kernel.append(value)
"""
CHECKS = {
    "use": "assert_equal(submission.use([1.0]), [1.0])",
    "layer": "assert_equal(submission.layer([1.0]), [[1.0]])",
    "words": "assert len(kept(submission.layer)([1.0])) == 1, 'one kernel'",
    "odd": "try:\n    submission.odd(2)\nexcept Exception:\n    return\nassert False, 'an even number is no odd one'",
    "fill": "kernel = library.put([1.0])\nsubmission.fill(kernel, 2.0)\nassert_equal(fetch(kernel), [1.0, 2.0])",
}
ALL = ("use", "layer", "words")
MISSING = "`{}` returned None; is a `return` missing?"


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench(stem=lent.stem()) as started:
        yield started


@pytest.fixture(scope="module")
def problem(tmp_path_factory: pytest.TempPathFactory) -> Problem:
    return small_problem(tmp_path_factory.mktemp("course"), CHECKS, RIGHT)


ANSWERS: dict[str, tuple[str, dict[str, str]]] = {
    "nothing at all": (
        RIGHT.replace("    return made\n", ""),
        dict.fromkeys(ALL, MISSING.format("layer")),
    ),
    "a bare return": (
        RIGHT.replace("return made", "return"),
        dict.fromkeys(ALL, MISSING.format("layer")),
    ),
    "one branch": (
        RIGHT.replace("    return made", "    if len(kernel) > 1:\n        return made"),
        # That it returns None here and not elsewhere shows only where a check has called it.
        dict.fromkeys(ALL, "'NoneType' object is not subscriptable")
        | dict.fromkeys(("layer", "words"), MISSING.format("layer")),
    ),
    "None where an exception is asked for": (
        RIGHT.replace("raise ValueError(n)", "return None"),
        {"odd": "an even number is no odd one"},
    ),
    "a helper": (
        RIGHT.replace("made = [kernel]", "made = _listed(kernel)[:]") + "\ndef _listed(x):\n    [x]\n",
        dict.fromkeys(ALL, MISSING.format("_listed")),
    ),
    "a helper that has nothing to return": (
        RIGHT.replace("made = [kernel]", "_look(kernel)\n    made = None[0]") + "\ndef _look(x):\n    len(x)\n",
        dict.fromkeys(ALL, "'NoneType' object is not subscriptable"),
    ),
    "a function that returns nothing by right": (
        RIGHT.replace("kernel.append(value)", "kernel.append(-value)"),
        {"fill": "-2.0"},
    ),
    "arrays, which `==` compares item by item": (
        "import numpy as np\n" + RIGHT.replace("made = [kernel]", "made = np.ones(2), np.zeros(2)"),
        {"use": "array([1., 1.])", "layer": "array([1., 1.])", "words": "one kernel"},
    ),
    "only an exception": (
        RIGHT.replace("    return made\n", "    raise ValueError('NoneType')\n"),
        dict.fromkeys(ALL, "ValueError"),
    ),
}


@pytest.mark.parametrize(("source", "told"), ANSWERS.values(), ids=ANSWERS)
def test_told(bench: Bench, problem: Problem, source: str, told: dict[str, str]) -> None:
    found = bench.check(problem, Submission("a.py", SourceFile("a.py", source.encode())), Terms())
    said = {each.title.rstrip("."): each.message for each in found.checks if each.outcome is not Outcome.PASSED}
    assert said.keys() == told.keys()
    for check, words in told.items():
        assert words in said[check]
        assert ("`return`" in said[check]) == ("`return`" in words)
