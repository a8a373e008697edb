"""The one way in which answers are compared: type, then dtype, then shape, then values.

The order matters: `allclose` broadcasts, and an empty tensor equals everything. A student reads about the first level
that differs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath
from typing import Any

import msgspec
import numpy as np
import torch

from grader.checking import calls, show
from grader.checking.api.arrays import FLOAT_ABSOLUTE, FLOAT_RELATIVE, array_tolerance, as_tensor
from grader.checking.api.handles import Function, Handle, call, fetch
from grader.checking.api.proxy import each, unchanged
from grader.checking.api.texts import Text, parting, without_blanks
from grader.checking.calls import Origin
from grader.checking.tolerance import tolerance_of
from grader.common.walk import leaves
from grader.model import Mismatch, MismatchKind, Shape, Window

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
    read = mismatch.verb == "is"
    if mismatch.kind == "text":
        some = f"{mismatch.wrong_count} of {mismatch.total_count} lines differ"
        return f"{lead}{mismatch.verb} another text: {some}, first {mismatch.worst}"
    if mismatch.kind == "values" and mismatch.worst:
        some = f"{mismatch.wrong_count} of {mismatch.total_count} values differ"
        # Of a list the first that differs is told, of a tensor the one that differs most.
        where = "most" if mismatch.expected_plane else "first"
        return f"{lead}{'differs' if read else 'returned values that differ'}: {some}, {where} at {mismatch.worst}"
    if mismatch.kind == "values":
        return f"{lead}{mismatch.verb} {mismatch.actual}; expected {mismatch.expected}"
    wrong = f"{'has' if read else mismatch.verb} the wrong {mismatch.kind}"
    return f"{lead}{wrong}: {mismatch.actual}; expected {mismatch.expected}"


def assert_close(actual: Any, expected: Any, *, window: WindowOf | None = None, tolerance: float | None = None) -> None:
    """Fail unless `actual` is `expected` up to rounding; see docs/writing-problems.md.

    `tolerance` is an absolute difference; without it the one that `expected` carries counts. nan equals nan.
    `window` names the input cells behind an output cell, for the picture of a failure; where the answer is itself a
    place, a tuple of ints, those behind the place that is expected.
    """
    plain, origin = _plain(actual)
    _compare(plain, expected, origin, window, tolerance, exact=False)


def assert_equal(actual: Any, expected: Any) -> None:
    """Fail unless `actual` has the type and exactly the value of `expected`."""
    plain, origin = _plain(actual)
    _compare(plain, expected, origin, None, None, exact=True)


def assert_unchanged(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a student's function with objects that are in its room, and fail if it changes one; what it returned.

    An argument is otherwise sent as a copy, which no function can change.
    """
    __tracebackhide__ = True
    return unchanged(function, args, kwargs, assert_equal)


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
    actual: Any, expected: Any, call: Origin, *, window: WindowOf | None = None, tolerance: float | None = None
) -> Mismatch | None:
    """How the answer to `call` differs from what was expected, as `assert_close` has it; None where it does not."""
    try:
        _compare(_plain(actual)[0], expected, call, window, tolerance, exact=False)
    except MismatchError as error:
        return error.mismatch
    return None


def _paired(
    function: Callable[..., Any], expected: Callable[..., Any] | Iterable[Any], several: Sequence[Any]
) -> Iterable[tuple[Any, Any]]:
    right = each(expected, several) if callable(expected) else expected
    return zip(each(function, several), right, strict=True)


def _plain(actual: Any) -> tuple[Any, Origin]:
    """A copy of what is in the room, and where it came from."""
    known = calls.noted_for(actual)
    while isinstance(actual, (Handle, Function)):
        held, actual = actual, fetch(actual)
        if isinstance(actual, Handle) and isinstance(held, Handle):
            break  # It has no copy.
    return actual, known or calls.behind(actual)


def _compare(
    actual: Any, expected: Any, call: Origin, window: WindowOf | None, tolerance: float | None, *, exact: bool
) -> None:
    if isinstance(expected, torch.Tensor):
        _compare_tensors(actual, expected, call, window, 0.0 if exact else tolerance)
        return
    if isinstance(expected, np.ndarray) and isinstance(actual, np.ndarray):
        _compare_arrays(actual, expected, call, window, 0.0 if exact else tolerance)
        return
    if isinstance(actual, str) and isinstance(expected, str):
        _compare_texts(actual, expected, call)
        return
    if not _type_fits(actual, expected):
        raise _differing(call, "type", _typed(actual), _typed(expected))
    if isinstance(expected, (list, tuple)):
        try:
            _compare_sequences(actual, expected, call, tolerance, exact=exact)
        except MismatchError as error:
            if window is None or not all(type(each) is int for each in expected):
                raise
            raise MismatchError(msgspec.structs.replace(error.mismatch, window=window(tuple(expected)))) from None
    elif isinstance(expected, dict):
        _compare_dicts(actual, expected, call, tolerance, exact=exact)
    elif not _scalar_fits(actual, expected, tolerance, exact=exact):
        raise _differing(call, "values", show.describe(actual), show.describe(expected))


def _differing(call: Origin, kind: MismatchKind, actual: str, expected: str, **more: Any) -> MismatchError:
    """The answer to `call` is not what was expected; `more` are a `Mismatch`'s other fields."""
    return MismatchError(Mismatch(kind, call.text, actual, expected, verb=call.verb, **more))


def _levels(actual: Any, expected: Any) -> tuple[tuple[MismatchKind, str, str], ...]:
    """What two arrays or tensors must have in common before their values are compared."""
    return (
        ("dtype", str(actual.dtype), str(expected.dtype)),
        ("shape", str(tuple(actual.shape)), str(tuple(expected.shape))),
    )


def _typed(value: Any) -> str:
    return f"{show.type_words(value)}, {show.describe(value)}"


def _compare_texts(actual: str, expected: str, call: Origin) -> None:
    if isinstance(actual, Text) or isinstance(expected, Text):
        actual, expected = without_blanks(actual), without_blanks(expected)
    if actual == expected:
        return
    words = show.describe(actual), show.describe(expected)
    if (parted := parting(actual, expected)) is None:
        raise _differing(call, "values", *words)
    raise _differing(call, "text", *words, worst=parted.first, wrong_count=parted.wrong, total_count=parted.lines)


def _type_fits(actual: Any, expected: Any) -> bool:
    for kind in (np.ndarray, np.dtype, PurePath):
        if isinstance(expected, kind):
            return isinstance(actual, kind)
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


def _compare_sequences(actual: Any, expected: Any, call: Origin, tolerance: float | None, *, exact: bool) -> None:
    if len(actual) != len(expected):
        items = (f"{_counted(whole)}, {show.describe(whole)}" for whole in (actual, expected))
        raise _differing(call, "shape", *items)
    pairs = [(f"item {index}", one, other) for index, (one, other) in enumerate(zip(actual, expected, strict=True))]
    _compare_items(pairs, actual, expected, call, tolerance, exact=exact)


def _counted(whole: Any) -> str:
    return "1 item" if len(whole) == 1 else f"{len(whole)} items"


def _compare_dicts(actual: Any, expected: Any, call: Origin, tolerance: float | None, *, exact: bool) -> None:
    # As Python compares dicts: the order of the keys is not part of the value.
    if actual.keys() != expected.keys():
        keys = (f"the keys {show.describe(list(whole))}" for whole in (actual, expected))
        raise _differing(call, "values", *keys)
    pairs = [(f"key {key!r}", actual[key], expected[key]) for key in expected]
    _compare_items(pairs, actual, expected, call, tolerance, exact=exact)


def _compare_items(
    pairs: list[tuple[str, Any, Any]], actual: Any, expected: Any, call: Origin, tolerance: float | None, *, exact: bool
) -> None:
    """(place, item, expected item) of a whole: the first that differs is shown, and how many do."""
    first: tuple[MismatchError, str] | None = None
    wrong = 0
    for place, one, other in pairs:
        try:
            _compare(one, other, call, None, tolerance, exact=exact)
        except MismatchError as error:
            first = first or (error, place)
            wrong += error.mismatch.wrong_count or 1
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
            verb=inner.verb,
            actual=show.describe(actual),
            expected=show.describe(expected),
            # Of a list in a list, its own item: the two whole lists are shown already.
            worst=f"{place}, {inner.worst}" if inner.worst else f"{place}: {inner.actual} instead of {inner.expected}",
            wrong_count=wrong,
            total_count=_values_in(expected),
        )
    )


def _values_in(whole: Any) -> int:
    """How many values a list, tuple or dict holds, those of its members' members one by one."""
    return sum(
        leaf.numel() if isinstance(leaf, torch.Tensor) else leaf.size if isinstance(leaf, np.ndarray) else 1
        for leaf in leaves(whole)
    )


def _compare_arrays(
    actual: np.ndarray[Any, Any],
    expected: np.ndarray[Any, Any],
    call: Origin,
    window: WindowOf | None,
    tolerance: float | None,
) -> None:
    """Compare numpy arrays as tensors are compared; what torch has no dtype for, such as text, cell by cell."""
    mine, right = as_tensor(actual), as_tensor(expected)
    texts = actual.dtype.kind == expected.dtype.kind and actual.dtype.kind in "US"  # As wide as their longest.
    for kind, one, other in _levels(actual, expected):
        if one != other and not (kind == "dtype" and texts):
            planes = (None, None) if mine is None or right is None else (show.plane(mine), show.plane(right))
            raise _differing(call, kind, one, other, actual_plane=planes[0], expected_plane=planes[1])
    if mine is None or right is None:
        _compare_cells(actual, expected, call)
        return
    allowed = array_tolerance(expected) if tolerance is None else tolerance
    try:
        _compare_tensors(mine, right, call, window, allowed)
    except MismatchError as error:
        told = msgspec.structs.replace(error.mismatch, actual=show.describe(actual), expected=show.describe(expected))
        raise MismatchError(told) from None


def _compare_cells(actual: np.ndarray[Any, Any], expected: np.ndarray[Any, Any], call: Origin) -> None:
    wrong = np.asarray(actual != expected)
    if not wrong.any():
        return
    first = tuple(int(index) for index in np.argwhere(wrong)[0])
    place = "[" + ", ".join(map(str, first)) + "]" if first else "the value"
    one, other = (show.describe(array[first].item()) for array in (actual, expected))
    raise _differing(
        call,
        "values",
        show.describe(actual),
        show.describe(expected),
        worst=f"{place}: {one} instead of {other}",
        wrong_count=int(wrong.sum()),
        total_count=expected.size,
    )


def _compare_tensors(
    actual: Any, expected: torch.Tensor, call: Origin, window: WindowOf | None, tolerance: float | None
) -> None:
    if not isinstance(actual, torch.Tensor):
        raise _differing(call, "type", _typed(actual), "torch.Tensor")
    for kind, one, other in _levels(actual, expected):
        if one != other:
            planes = show.plane(actual), show.plane(expected)
            shapes = _trace(call, actual, expected)
            raise _differing(call, kind, one, other, actual_plane=planes[0], expected_plane=planes[1], shapes=shapes)
    if torch.equal(actual, expected):
        return
    allowed = tolerance_of(expected) if tolerance is None else tolerance
    wrong = _wrong_cells(actual.detach(), expected.detach(), allowed)
    if bool(wrong.any()):
        raise _values_differing(actual.detach(), expected.detach(), wrong, call, window)


def _wrong_cells(actual: torch.Tensor, expected: torch.Tensor, allowed: float) -> torch.Tensor:
    """Which cells differ by more than `allowed`; nan equals nan, an infinity only itself."""
    if not actual.dtype.is_floating_point:
        return actual != expected
    one, other = actual.double(), expected.double()
    same = (one == other) | (one.isnan() & other.isnan())
    near = (one - other).abs() <= allowed
    return ~(same | near)


def _values_differing(
    actual: torch.Tensor, expected: torch.Tensor, wrong: torch.Tensor, call: Origin, window: WindowOf | None
) -> MismatchError:
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
    return _differing(
        call,
        "values",
        show.describe(actual),
        show.describe(expected),
        actual_plane=show.plane(actual, worst),
        expected_plane=shown,
        wrong_cells=cells,
        worst=f"{place}: {numbers[0]} instead of {numbers[1]}",
        wrong_count=int(wrong.sum()),
        total_count=expected.numel(),
        window=window(first) if window is not None and first else None,
        shapes=_trace(call, actual, expected),
    )


def _trace(call: Origin, actual: torch.Tensor, expected: torch.Tensor) -> tuple[Shape, ...]:
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
