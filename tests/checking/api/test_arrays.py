"""Numpy arrays are compared as tensors are: dtype, shape, values up to rounding, with the place and the number of those
that differ.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.checking import MismatchError, assert_close, assert_equal
from grader.checking.recognition.sameness import same
from grader.model import Mismatch

THIRD = np.array([[1 / 3, 2.0], [3.0, 4.0]])


def mismatch(actual: Any, expected: Any, **options: Any) -> Mismatch:
    with pytest.raises(MismatchError) as raised:
        assert_close(actual, expected, **options)
    return raised.value.mismatch


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        pytest.param(THIRD * 3 / 3, THIRD, id="rounding"),
        pytest.param(THIRD.astype(np.float32) * (1 + 5e-7), THIRD.astype(np.float32), id="float32"),
        pytest.param(np.array([np.nan, np.inf, 1.0]), np.array([np.nan, np.inf, 1.0]), id="nan-and-infinity"),
        pytest.param(np.asfortranarray(THIRD), THIRD, id="order-in-memory"),
        pytest.param(np.array(["a", "bc"]), np.array(["a", "bc"], dtype="U9"), id="text"),
        pytest.param(np.array(3.5), np.array(3.5), id="no-axis"),
        pytest.param(np.zeros((0, 3)), np.zeros((0, 3)), id="empty"),
        pytest.param(np.array([1, 2**63], np.uint64), np.array([1, 2**63], np.uint64), id="uint64"),
        pytest.param(np.array([1, 2], np.uint16), np.array([1, 2], np.uint16), id="uint16"),
        pytest.param({"a": [THIRD]}, {"a": [THIRD + 1e-12]}, id="inside-of-others"),
    ],
)
def test_what_is_the_same(actual: Any, expected: Any) -> None:
    assert_close(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected", "kind"),
    [
        pytest.param(THIRD.astype(np.float32), THIRD, "dtype", id="dtype"),
        pytest.param(THIRD.reshape(-1), THIRD, "shape", id="shape"),
        pytest.param(THIRD[:, :1], THIRD, "shape", id="broadcast"),
        pytest.param(THIRD.tolist(), THIRD, "type", id="list"),
        pytest.param(THIRD + 1e-3, THIRD, "values", id="values"),
        pytest.param(np.array([np.nan, 1.0]), np.array([1.0, 1.0]), "values", id="nan-for-a-number"),
        pytest.param(np.array([1.0, np.inf]), np.array([1.0, -np.inf]), "values", id="another-infinity"),
        pytest.param(np.array([1, 3], np.uint64), np.array([1, 2], np.uint64), "values", id="uint64"),
        pytest.param(np.array(["a", "b"]), np.array(["a", "c"]), "values", id="text"),
    ],
)
def test_what_differs(actual: Any, expected: Any, kind: str) -> None:
    assert mismatch(actual, expected).kind == kind


def test_where_and_how_much_is_told_with_a_picture() -> None:
    wrong = THIRD.copy()
    wrong[0, 1], wrong[1, 0] = 2.5, 7.0
    found = mismatch(wrong, THIRD)
    assert found.worst == "[1, 0]: 7 instead of 3"
    assert (found.wrong_count, found.total_count) == (2, 4)
    assert found.wrong_cells == ((0, 1), (1, 0))
    assert found.expected_plane is not None
    assert found.actual == "array([[0.3333, 2.5], [7., 4.]])"


def test_a_tolerance_that_is_given_counts() -> None:
    assert_close(THIRD + 0.01, THIRD, tolerance=0.02)
    assert mismatch(THIRD + 0.03, THIRD, tolerance=0.02).kind == "values"


def test_equal_means_exactly() -> None:
    assert_equal(THIRD.copy(), THIRD)
    with pytest.raises(MismatchError):
        assert_equal(THIRD * (1 + 1e-12), THIRD)


def test_text_is_told_cell_by_cell() -> None:
    found = mismatch(np.array([["a", "b"], ["c", "x"]]), np.array([["a", "b"], ["y", "z"]]))
    assert (found.worst, found.wrong_count) == ("[1, 0]: 'c' instead of 'y'", 2)


def test_of_a_list_all_that_differ_are_counted() -> None:
    found = mismatch([1, 5, 3, 7], [1, 2, 3, 4])
    assert (found.worst, found.wrong_count, found.total_count) == ("item 1: 5 instead of 2", 2, 4)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (THIRD, THIRD * (1 + 1e-9), True),
        (np.array([np.nan]), np.array([np.nan]), True),
        (THIRD, THIRD * 1.01, False),
        (THIRD, THIRD.astype(np.float32), False),
        (np.array(["a"]), np.array(["b"]), False),
    ],
)
def test_replies_are_the_same_up_to_rounding(one: Any, other: Any, alike: bool) -> None:
    assert same(one, other) is alike
