"""Comparisons: which level differs, where, and what is right in spite of another order of summation."""

from __future__ import annotations

import math
from collections import OrderedDict, namedtuple
from typing import Any

import numpy as np
import pytest
import torch

from grader.checking import MismatchError, assert_close, assert_equal, sliding_window

Point = namedtuple("Point", "x y")

EQUAL = [
    pytest.param(3, 3, id="int"),
    pytest.param(True, True, id="bool"),
    pytest.param(False, 0, id="bool-is-a-subclass-of-int"),
    pytest.param(torch.Size([1, 2]), (1, 2), id="subclass-of-tuple"),
    pytest.param(Point(1, 2), (1, 2), id="namedtuple"),
    pytest.param(OrderedDict(a=1), {"a": 1}, id="ordered-dict"),
    pytest.param({"b": 2, "a": 1}, {"a": 1, "b": 2}, id="order-of-keys"),
    pytest.param(np.float64(0.5), 0.5, id="numpy-float64"),
    pytest.param(math.nan, math.nan, id="nan"),
    pytest.param(-math.inf, -math.inf, id="the-same-infinity"),
    pytest.param([1, [2.0]], [1, [2.0]], id="nested"),
    pytest.param(torch.tensor([math.nan, math.inf]), torch.tensor([math.nan, math.inf]), id="nan-and-infinity"),
    pytest.param(torch.zeros(0, 3), torch.zeros(0, 3), id="empty"),
]


@pytest.mark.parametrize(("actual", "expected"), EQUAL)
def test_what_is_the_same(actual: Any, expected: Any) -> None:
    assert_close(actual, expected)


DIFFERENT = [
    pytest.param(3.0, 3, "type", id="float-for-int"),
    pytest.param(3, 3.0, "type", id="int-for-float"),
    pytest.param(1, True, "type", id="int-for-bool"),
    pytest.param(True, 1.0, "type", id="bool-for-float"),
    pytest.param(True, 2, "values", id="bool-for-another-int"),
    pytest.param([1, 2], (1, 2), "type", id="list-for-tuple"),
    pytest.param(torch.tensor(3), 3, "type", id="tensor-for-int"),
    pytest.param(None, torch.ones(2), "type", id="none-for-tensor"),
    pytest.param(torch.ones(2).double(), torch.ones(2), "dtype", id="dtype"),
    pytest.param(torch.ones(1), torch.ones(2), "shape", id="broadcastable-shape"),
    pytest.param(torch.ones(0), torch.ones(2), "shape", id="empty-equals-nothing"),
    pytest.param(torch.ones(2, 1), torch.ones(1, 2), "shape", id="transposed"),
    pytest.param(torch.tensor([1.0, math.nan]), torch.tensor([1.0, 2.0]), "values", id="nan-for-number"),
    pytest.param(torch.tensor([math.inf]), torch.tensor([-math.inf]), "values", id="other-infinity"),
    pytest.param(1.0, math.inf, "values", id="number-for-infinity"),
    pytest.param(math.inf, -math.inf, "values", id="float-of-the-other-infinity"),
    pytest.param(math.inf, 1.0, "values", id="infinity-for-number"),
    pytest.param([1.0], [math.inf], "values", id="number-for-infinity-in-a-list"),
    pytest.param(
        torch.tensor([1.0, 2.0]), torch.tensor([math.inf, 2.0]), "values", id="number-for-infinity-in-a-tensor"
    ),
    pytest.param(torch.tensor([1.0, 2.0002]), torch.tensor([1.0, 2.0]), "values", id="one-part-in-ten-thousand"),
    pytest.param((1, 2, 3), (1, 2), "shape", id="length"),
    pytest.param({"a": 1}, {"b": 1}, "values", id="keys"),
    pytest.param({"a": 1}, {"a": 2}, "values", id="value-of-a-key"),
    pytest.param("a", "b", "values", id="str"),
]


@pytest.mark.parametrize(("actual", "expected", "kind"), DIFFERENT)
def test_the_first_level_that_differs_is_told(actual: Any, expected: Any, kind: str) -> None:
    with pytest.raises(MismatchError) as raised:
        assert_close(actual, expected)
    assert raised.value.mismatch.kind == kind


def test_the_largest_difference_and_the_wrong_cells() -> None:
    expected = torch.arange(12.0).reshape(1, 1, 3, 4)
    actual = expected.clone()
    actual[0, 0, 1, 2] += 1
    actual[0, 0, 2, 3] -= 5
    with pytest.raises(MismatchError) as raised:
        assert_close(actual, expected)
    mismatch = raised.value.mismatch
    assert mismatch.worst == "[0, 0, 2, 3]: 6 instead of 11"
    assert mismatch.wrong_cells == ((1, 2), (2, 3))
    assert (mismatch.wrong_count, mismatch.total_count) == (2, 12)


def test_of_a_list_in_a_list_its_own_item_is_told_and_every_value_counted() -> None:
    with pytest.raises(MismatchError) as raised:
        assert_close((0.5, [1.0, 0.0, 0.0, {"a": 2}]), (0.5, [1.0, 0.5, math.nan, {"a": 3}]))
    mismatch = raised.value.mismatch
    assert mismatch.worst == "item 1, item 1: 0.0 instead of 0.5"
    assert (mismatch.wrong_count, mismatch.total_count) == (3, 5)


def test_a_large_plane_is_cut_around_the_largest_difference() -> None:
    expected = torch.zeros(2, 50, 60)
    actual = expected.clone()
    actual[1, 40, 3] = 9
    with pytest.raises(MismatchError) as raised:
        assert_close(actual, expected)
    plane = raised.value.mismatch.actual_plane
    assert plane is not None
    assert plane.cut
    assert plane.where == "[1, :, :]"
    assert plane.rows[40 - plane.top][3 - plane.left] == "9"
    assert len(plane.rows) <= 12


def test_exact_comparison_of_tensors() -> None:
    assert_equal(torch.tensor([1, 2]), torch.tensor([1, 2]))
    with pytest.raises(MismatchError):
        assert_equal(torch.tensor([1.0]), torch.tensor([1.0 + 1e-6]))


def test_the_window_behind_the_first_wrong_cell() -> None:
    image = torch.tensor([[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])[None, None]
    window = sliding_window(image, 2, stride=2, say="takes the largest of")((0, 0, 0, 1))
    assert window.cells == ((0, 2), (0, 3), (1, 2), (1, 3))
    assert window.sentence == "row 0, column 1 takes the largest of 2, 4, 7, 8"


def test_the_window_of_an_answer_that_is_a_place_is_that_of_the_place_expected() -> None:
    window = sliding_window(torch.arange(12.0).reshape(3, 4), 2)
    with pytest.raises(MismatchError) as raised:
        assert_close((0, 0, 0), (0, 1, 2), window=window)
    assert raised.value.mismatch.window == window((0, 1, 2))
    with pytest.raises(MismatchError) as raised:
        assert_close((0, 0, 0), (0, 1, 2))
    assert raised.value.mismatch.window is None


@pytest.mark.parametrize("expected", [(torch.ones(2, 2), 1), [1.0, 2.0], [torch.ones(2, dtype=torch.float64)]])
def test_what_is_no_place_has_no_window(expected: Any) -> None:
    window = sliding_window(torch.arange(12.0).reshape(3, 4), 2)
    actual = type(expected)(each + 1 if isinstance(each, float) else torch.zeros(2) for each in expected)
    with pytest.raises(MismatchError) as raised:
        assert_close(actual, expected, window=window)
    assert raised.value.mismatch.window is None


def test_a_window_that_reaches_into_the_padding() -> None:
    window = sliding_window(torch.ones(3, 3), 3, padding=1)((0, 0, 0, 0))
    assert (-1, -1) in window.cells
    assert window.sentence.endswith("1, 1, 1, 1")


HOSTILE = [10**5000, -(10**400), "x" * 10**6, float("nan"), [[[[]]]] * 1000, {1: {2: 3}}, b"\x00", 1j]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize(
    "expected", [3, 0.5, (1, 2), torch.ones(2), {"a": 1}, True], ids=lambda value: type(value).__name__
)
def test_no_answer_breaks_the_comparison_or_makes_a_long_message(value: Any, expected: Any) -> None:
    with pytest.raises(MismatchError) as raised:
        assert_close(value, expected)
    assert len(str(raised.value)) < 3000


def test_the_window_belongs_to_the_plane_that_is_shown() -> None:
    """The largest difference is in the second channel; the first wrong cell of the whole tensor is not."""
    image = torch.arange(32.0).reshape(1, 2, 4, 4)
    expected = torch.nn.functional.max_pool2d(image, 2)
    actual = expected.clone()
    actual[0, 0, 0, 0] += 1
    actual[0, 1, 1, 0] += 50
    with pytest.raises(MismatchError) as raised:
        assert_close(actual, expected, window=sliding_window(image, 2, stride=2))
    window = raised.value.mismatch.window
    assert window is not None
    assert window.image.rows[2][0] == "24"
    assert window.cells[0] == (2, 0)
