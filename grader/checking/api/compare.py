"""The one way in which answers are compared: type, then dtype, then shape, then values.

The order matters: `allclose` broadcasts, and an empty tensor equals everything. A student reads about the first level
that differs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
import numpy as np
import torch

from grader.checking import calls, show
from grader.checking.api.arrays import FLOAT_ABSOLUTE, FLOAT_RELATIVE, array_tolerance, as_tensor
from grader.checking.api.proxy import Handle, call, each, fetch
from grader.checking.calls import Call
from grader.checking.tolerance import tolerance_of
from grader.model import Mismatch, Shape, Window

_MAX_WRONG_CELLS = 400

WindowOf = Callable[[tuple[int, ...]], Window]


class MismatchError(AssertionError):
    """An answer differs from what was expected; `mismatch` says how."""

    def __init__(self, mismatch: Mismatch) -> None:
        self.mismatch = mismatch
        super().__init__(message_of(mismatch))


def message_of(mismatch: Mismatch) -> str:
    """A mismatch in a sentence or two."""
    lead = f"{mismatch.called} " if mismatch.called else ""
    if mismatch.kind == "values" and mismatch.worst:
        some = f"{mismatch.wrong_count} of {mismatch.total_count} values differ"
        return f"{lead}returned values that differ: {some}, most at {mismatch.worst}"
    if mismatch.kind == "values":
        return f"{lead}returned {mismatch.actual}; expected {mismatch.expected}"
    return f"{lead}returned the wrong {mismatch.kind}: {mismatch.actual}; expected {mismatch.expected}"


def assert_close(actual: Any, expected: Any, *, window: WindowOf | None = None, tolerance: float | None = None) -> None:
    """Fail unless `actual` is `expected` up to rounding; see docs/writing-problems.md.

    `tolerance` is an absolute difference; without it the one that `expected` carries counts. nan equals nan.
    `window` names the input cells behind an output cell, for the picture of a failure.
    """
    _compare(_plain(actual), expected, calls.behind(actual), window, tolerance, exact=False)


def assert_equal(actual: Any, expected: Any) -> None:
    """Fail unless `actual` has the type and exactly the value of `expected`."""
    _compare(_plain(actual), expected, calls.behind(actual), None, None, exact=True)


def assert_each_close(
    function: Callable[..., Any],
    expected: Callable[..., Any] | Iterable[Any],
    several: Sequence[call | tuple[Any, ...]],
    *,
    tolerance: float | None = None,
) -> None:
    """`assert_close` for each of several calls of `function`, made in one go; see `each`.

    `expected` is the function that is right, or what the calls should return.
    """
    for answer, right in _paired(function, expected, several):
        assert_close(answer, right, tolerance=tolerance)


def assert_each_equal(
    function: Callable[..., Any],
    expected: Callable[..., Any] | Iterable[Any],
    several: Sequence[call | tuple[Any, ...]],
) -> None:
    """`assert_equal` for each of several calls of `function`, as `assert_each_close`."""
    for answer, right in _paired(function, expected, several):
        assert_equal(answer, right)


def mismatch_of(
    actual: Any, expected: Any, call: Call, *, window: WindowOf | None = None, tolerance: float | None = None
) -> Mismatch | None:
    """How the answer to `call` differs from what was expected, as `assert_close` has it; None where it does not."""
    try:
        _compare(_plain(actual), expected, call, window, tolerance, exact=False)
    except MismatchError as error:
        return error.mismatch
    return None


def _paired(
    function: Callable[..., Any], expected: Callable[..., Any] | Iterable[Any], several: Sequence[Any]
) -> Iterable[tuple[Any, Any]]:
    right = each(expected, several) if callable(expected) else expected
    return zip(each(function, several), right, strict=True)


def _plain(actual: Any) -> Any:
    return fetch(actual) if isinstance(actual, Handle) else actual


def _compare(
    actual: Any, expected: Any, call: Call, window: WindowOf | None, tolerance: float | None, *, exact: bool
) -> None:
    if isinstance(expected, torch.Tensor):
        _compare_tensors(actual, expected, call, window, 0.0 if exact else tolerance)
        return
    if isinstance(expected, np.ndarray) and isinstance(actual, np.ndarray):
        _compare_arrays(actual, expected, call, window, 0.0 if exact else tolerance)
        return
    if not _type_fits(actual, expected):
        raise MismatchError(
            Mismatch(
                kind="type",
                called=call.text,
                actual=f"{show.type_words(actual)}, {show.describe(actual)}",
                expected=f"{show.type_words(expected)}, {show.describe(expected)}",
            )
        )
    if isinstance(expected, (list, tuple)):
        _compare_sequences(actual, expected, call, tolerance, exact=exact)
    elif isinstance(expected, dict):
        _compare_dicts(actual, expected, call, tolerance, exact=exact)
    elif not _scalar_fits(actual, expected, tolerance, exact=exact):
        raise MismatchError(
            Mismatch(kind="values", called=call.text, actual=show.describe(actual), expected=show.describe(expected))
        )


def _type_fits(actual: Any, expected: Any) -> bool:
    if isinstance(expected, np.ndarray):
        return isinstance(actual, np.ndarray)
    return isinstance(actual, type(expected))


def _scalar_fits(actual: Any, expected: Any, tolerance: float | None, *, exact: bool) -> bool:
    if isinstance(expected, float) and not exact:
        if math.isnan(expected) or math.isnan(actual):
            return math.isnan(expected) and math.isnan(actual)
        if math.isinf(expected):
            return bool(actual == expected)  # Relative to an infinity, everything is near.
        allowed = tolerance if tolerance is not None else FLOAT_RELATIVE * abs(expected) + FLOAT_ABSOLUTE
        return bool(actual == expected or abs(actual - expected) <= allowed)
    return bool(actual == expected)


def _compare_sequences(actual: Any, expected: Any, call: Call, tolerance: float | None, *, exact: bool) -> None:
    if len(actual) != len(expected):
        raise MismatchError(
            Mismatch(
                kind="shape",
                called=call.text,
                actual=f"{len(actual)} items, {show.describe(actual)}",
                expected=f"{len(expected)} items, {show.describe(expected)}",
            )
        )
    pairs = [(f"item {index}", one, other) for index, (one, other) in enumerate(zip(actual, expected, strict=True))]
    _compare_items(pairs, actual, expected, call, tolerance, exact=exact)


def _compare_dicts(actual: Any, expected: Any, call: Call, tolerance: float | None, *, exact: bool) -> None:
    # As Python compares dicts: the order of the keys is not part of the value.
    if actual.keys() != expected.keys():
        raise MismatchError(
            Mismatch(
                kind="values",
                called=call.text,
                actual=f"the keys {show.describe(list(actual))}",
                expected=f"the keys {show.describe(list(expected))}",
            )
        )
    pairs = [(f"key {key!r}", actual[key], expected[key]) for key in expected]
    _compare_items(pairs, actual, expected, call, tolerance, exact=exact)


def _compare_items(
    pairs: list[tuple[str, Any, Any]], actual: Any, expected: Any, call: Call, tolerance: float | None, *, exact: bool
) -> None:
    """(place, item, expected item) of a whole: the first that differs is shown, and how many do."""
    first: tuple[MismatchError, str] | None = None
    wrong = 0
    for place, one, other in pairs:
        try:
            _compare(one, other, call, None, tolerance, exact=exact)
        except MismatchError as error:
            first = first or (error, place)
            wrong += 1
    if first is not None:
        raise _inside(*first, actual, expected, wrong) from None


def _inside(error: MismatchError, place: str, actual: Any, expected: Any, wrong: int) -> MismatchError:
    """The mismatch of one item, as one of the whole: a small whole is shown, of a large one its item."""
    inner = error.mismatch
    if inner.actual_plane is not None:
        return MismatchError(msgspec.structs.replace(inner, called=f"{inner.called}, {place},"))
    return MismatchError(
        Mismatch(
            kind=inner.kind,
            called=inner.called,
            actual=show.describe(actual),
            expected=show.describe(expected),
            worst=f"{place}: {inner.actual} instead of {inner.expected}",
            wrong_count=wrong,
            total_count=len(expected),
        )
    )


def _compare_arrays(
    actual: np.ndarray[Any, Any],
    expected: np.ndarray[Any, Any],
    call: Call,
    window: WindowOf | None,
    tolerance: float | None,
) -> None:
    """Compare numpy arrays as tensors are compared; what torch has no dtype for, such as text, cell by cell."""
    mine, right = as_tensor(actual), as_tensor(expected)
    for kind, one, other in (
        ("dtype", str(actual.dtype), str(expected.dtype)),
        ("shape", str(actual.shape), str(expected.shape)),
    ):
        if one != other and not (kind == "dtype" and actual.dtype.kind == expected.dtype.kind == "U"):
            planes = (None, None) if mine is None or right is None else (show.plane(mine), show.plane(right))
            raise MismatchError(Mismatch(kind, call.text, one, other, *planes))  # type: ignore[arg-type]
    if mine is None or right is None:
        _compare_cells(actual, expected, call)
        return
    allowed = array_tolerance(expected) if tolerance is None else tolerance
    try:
        _compare_tensors(mine, right, call, window, allowed)
    except MismatchError as error:
        told = msgspec.structs.replace(error.mismatch, actual=show.describe(actual), expected=show.describe(expected))
        raise MismatchError(told) from None


def _compare_cells(actual: np.ndarray[Any, Any], expected: np.ndarray[Any, Any], call: Call) -> None:
    wrong = np.asarray(actual != expected)
    if not wrong.any():
        return
    first = tuple(int(index) for index in np.argwhere(wrong)[0])
    place = "[" + ", ".join(map(str, first)) + "]" if first else "the value"
    one, other = (show.describe(array[first].item()) for array in (actual, expected))
    raise MismatchError(
        Mismatch(
            kind="values",
            called=call.text,
            actual=show.describe(actual),
            expected=show.describe(expected),
            worst=f"{place}: {one} instead of {other}",
            wrong_count=int(wrong.sum()),
            total_count=expected.size,
        )
    )


def _compare_tensors(
    actual: Any, expected: torch.Tensor, call: Call, window: WindowOf | None, tolerance: float | None
) -> None:
    if not isinstance(actual, torch.Tensor):
        raise MismatchError(
            Mismatch(
                kind="type",
                called=call.text,
                actual=f"{show.type_words(actual)}, {show.describe(actual)}",
                expected="torch.Tensor",
            )
        )
    for kind, one, other in (
        ("dtype", str(actual.dtype), str(expected.dtype)),
        ("shape", str(tuple(actual.shape)), str(tuple(expected.shape))),
    ):
        if one != other:
            raise MismatchError(
                Mismatch(
                    kind=kind,  # type: ignore[arg-type]
                    called=call.text,
                    actual=one,
                    expected=other,
                    actual_plane=show.plane(actual),
                    expected_plane=show.plane(expected),
                    shapes=_trace(call, actual, expected),
                )
            )
    if torch.equal(actual, expected):
        return
    allowed = tolerance_of(expected) if tolerance is None else tolerance
    wrong = _wrong_cells(actual.detach(), expected.detach(), allowed)
    if bool(wrong.any()):
        raise MismatchError(_value_mismatch(actual.detach(), expected.detach(), wrong, call, window))


def _wrong_cells(actual: torch.Tensor, expected: torch.Tensor, allowed: float) -> torch.Tensor:
    """Which cells differ by more than `allowed`; nan equals nan, an infinity only itself."""
    if not actual.dtype.is_floating_point:
        return actual != expected
    one, other = actual.double(), expected.double()
    same = (one == other) | (one.isnan() & other.isnan())
    near = (one - other).abs() <= allowed
    return ~(same | near)


def _value_mismatch(
    actual: torch.Tensor, expected: torch.Tensor, wrong: torch.Tensor, call: Call, window: WindowOf | None
) -> Mismatch:
    # An integer far beyond float64's 53 bits is still at the right place; only its rank among others may slip.
    wide = torch.complex128 if actual.is_complex() else torch.float64
    gap = (actual.to(wide) - expected.to(wide)).abs()
    gap = torch.where(wrong, gap.nan_to_num(nan=torch.inf), torch.full_like(gap, -1.0))
    flat = int(gap.reshape(-1).argmax())
    worst = tuple(int(i) for i in np.unravel_index(flat, tuple(expected.shape))) if expected.ndim else ()
    shown, cells = _cells_in_plane(expected, wrong, worst)
    first = (*worst[:-2], shown.top + cells[0][0], shown.left + cells[0][1]) if shown and expected.ndim > 1 else ()
    place = "[" + ", ".join(map(str, worst)) + "]" if worst else "the value"
    numbers = (show.number(actual[worst].item()), show.number(expected[worst].item()))
    return Mismatch(
        kind="values",
        called=call.text,
        actual=show.describe(actual),
        expected=show.describe(expected),
        actual_plane=show.plane(actual, worst),
        expected_plane=shown,
        wrong_cells=cells,
        worst=f"{place}: {numbers[0]} instead of {numbers[1]}",
        wrong_count=int(wrong.sum()),
        total_count=expected.numel(),
        window=window(first) if window is not None and first else None,
        shapes=_trace(call, actual, expected),
    )


def _trace(call: Call, actual: torch.Tensor, expected: torch.Tensor) -> tuple[Shape, ...]:
    """From the call's inputs to the two results."""
    results = Shape("expected", "", tuple(expected.shape)), Shape("actual", "", tuple(actual.shape))
    return (*call.inputs, *results) if call.inputs else ()


def _cells_in_plane(expected: torch.Tensor, wrong: torch.Tensor, worst: tuple[int, ...]) -> Any:
    """The plane that is shown, and which of its cells are wrong."""
    shown = show.plane(expected, worst)
    if shown is None:
        return None, ()
    marks = wrong.unsqueeze(0) if wrong.ndim == 1 else wrong[worst[:-2]] if wrong.ndim > 2 else wrong
    height, width = len(shown.rows), len(shown.rows[0])
    part = marks[shown.top : shown.top + height, shown.left : shown.left + width]
    return shown, tuple((int(row), int(column)) for row, column in part.nonzero())[:_MAX_WRONG_CELLS]
