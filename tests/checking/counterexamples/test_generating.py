"""Values of strategies: always the same, small first, and shrunk, whatever is loaded and wherever one stands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from grader.checking.api.strategies import pairs, tensors
from grader.checking.counterexamples import generating

STRATEGIES = {
    "whole numbers": st.integers(),
    "numbers from 3": st.integers(min_value=3),
    "numbers up to -3": st.integers(max_value=-3),
    "floats": st.floats(0.1, 0.9) | st.floats(-2, 5),
    "text": st.text(max_size=4),
    "bytes": st.binary(max_size=4),
    "one of some": st.sampled_from(["a", "b", "c"]),
    "lists": st.lists(st.booleans(), max_size=3),
    "tensors": tensors(1, 2, 2),
    "pairs": pairs(st.integers(1, 4)),
    "filtered": st.integers(0, 9).filter(lambda number: number % 2),
}


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)
def test_a_series_is_always_the_same(strategy: SearchStrategy[Any]) -> None:
    one, other = (generating.series(strategy, 40) for _ in range(2))
    assert len(one) > 1
    assert repr(one) == repr(other)


def test_it_is_small_first() -> None:
    values = [abs(each.value) for each in generating.series(st.integers(-1000, 1000), 100)]
    assert values[0] == 0
    assert max(values[:20]) <= 3
    assert max(values) > 20


def test_a_strategy_without_values_is_told() -> None:
    with pytest.raises(Exception, match=r"(?i)unable to satisfy"):
        generating.series(st.integers().filter(lambda number: False), 10)


def shrunk(strategy: SearchStrategy[Any], wanted: Any, most_tries: int = 200) -> list[Any]:
    """The wanted values that shrinking comes by, beginning with the first of the series."""
    first = next(each for each in generating.series(strategy, 200) if wanted(each.value))
    found = []

    def ask(value: Any) -> bool:
        good = bool(wanted(value))
        if good:
            found.append(value)
        return good

    generating.shrink(strategy, first.choices, ask, most_tries)
    return found


def test_a_value_is_shrunk_to_the_smallest() -> None:
    values = shrunk(st.lists(st.integers(0, 9), max_size=4), lambda value: sum(value) >= 5)
    assert values[-1] == [5]
    image = shrunk(st.integers(1, 3).flatmap(lambda side: tensors(side, side)), lambda value: value.sum() < -3)[-1]
    assert torch.equal(image, torch.tensor([[-4.0]]))


def test_shrinking_ends_after_so_many_tries() -> None:
    asked = []
    wide = st.tuples(*[st.integers(0, 1000)] * 6)
    first = generating.series(wide, 50)[-1]

    def ask(value: Any) -> bool:
        asked.append(value)
        return sum(value) > 0

    generating.shrink(wide, first.choices, ask, 7)
    assert 0 < len(asked) <= 7


def test_whoever_answers_by_chance_ends_the_search_and_nothing_else() -> None:
    answers = iter([False, True, *[False] * 100])
    generating.shrink(
        st.integers(0, 9), generating.series(st.integers(0, 9), 20)[-1].choices, lambda _: next(answers), 50
    )


class Stop(BaseException):
    """No `Exception`."""


def test_the_search_can_be_ended_from_inside() -> None:
    def ask(value: Any) -> bool:
        raise Stop

    with pytest.raises(Stop):
        generating.shrink(st.integers(0, 9), (4,), ask, 50)


PROGRAM = """
import sys
{load}
from hypothesis import strategies as st
from grader.checking.counterexamples import generating
numbers = st.lists(st.integers(), max_size=5)
found = generating.series(numbers, 80)
seen = []
generating.shrink(numbers, found[-1].choices, lambda value: seen.append(value) or len(value) > 0, 100)
print(found, seen)
"""


def test_numbers_of_loaded_modules_are_not_among_them(tmp_path: Path) -> None:
    """Hypothesis itself takes constants from the sources of what is loaded, as hidden checks are."""
    (tmp_path / "secret_check.py").write_text("\n".join(f"NUMBER_{i} = {40_000 + i}" for i in range(200)))
    said = []
    for load in ("", f"sys.path.insert(0, {str(tmp_path)!r}); import secret_check"):
        ran = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(load=load)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=120,
            check=True,
        )
        said.append(ran.stdout)
    assert said[0] == said[1] != ""
    assert [path.name for path in tmp_path.iterdir() if path.name != "__pycache__"] == ["secret_check.py"]
