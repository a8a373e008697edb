"""Walking values."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import pytest

from grader.common.walk import leaves, with_leaves

Point = namedtuple("Point", "x y")
CASES = [
    pytest.param(3, [3], 4, id="a-leaf"),
    pytest.param([1, (2, {"a": 3})], [1, 2, 3], [2, (3, {"a": 4})], id="nested"),
    pytest.param({"b": 1, "a": [2]}, [1, 2], {"b": 2, "a": [3]}, id="order-of-a-dict"),
    pytest.param([], [], [], id="empty"),
]


@pytest.mark.parametrize(("value", "held", "changed"), CASES)
def test_walk(value: Any, held: list[int], changed: Any) -> None:
    assert list(leaves(value)) == held
    assert with_leaves(value, lambda leaf: leaf + 1) == changed


def test_a_kind_of_its_own_is_walked_into_and_left_as_it_is() -> None:
    point = Point(1, 2)
    assert list(leaves([point])) == [1, 2]
    assert with_leaves([point], lambda leaf: leaf)[0] is point
