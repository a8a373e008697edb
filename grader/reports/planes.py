"""Arithmetic on planes: the difference of two, and the part of a large one that is worth showing."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from grader.model import Mismatch, Plane, Shape
from grader.reports.wording import one_line

Position = tuple[int, int]


class Comparison(msgspec.Struct, frozen=True):
    """What a picture of a mismatch shows: planes cut alike, and where they differ."""

    expected: Plane
    actual: Plane
    difference: Plane | None
    """Actual minus expected; None where more than values differs."""
    wrong: frozenset[Position]
    first: Position | None
    """The wrong cell that the window belongs to."""


def comparison(mismatch: Mismatch, most_rows: int, most_columns: int) -> Comparison | None:
    """The planes of a mismatch, cut around its first wrong cell to the given size; None without planes."""
    expected, actual = mismatch.expected_plane, mismatch.actual_plane
    if expected is None or actual is None or not expected.rows or not actual.rows:
        return None
    first = mismatch.wrong_cells[0] if mismatch.wrong_cells else None
    if mismatch.kind != "values" or size(expected) != size(actual):
        return Comparison(
            expected=cut(expected, 0, 0, most_rows, most_columns),
            actual=cut(actual, 0, 0, most_rows, most_columns),
            difference=None,
            wrong=frozenset(),
            first=None,
        )
    height, width = size(expected)
    row, column = first or (0, 0)
    top, left = start(row, height, most_rows), start(column, width, most_columns)
    expected = cut(expected, top, left, most_rows, most_columns)
    actual = cut(actual, top, left, most_rows, most_columns)
    return Comparison(
        expected=expected,
        actual=actual,
        difference=difference(actual, expected),
        wrong=frozenset((r - top, c - left) for r, c in mismatch.wrong_cells),
        first=first and (row - top, column - left),
    )


def size(plane: Plane) -> tuple[int, int]:
    """Rows and columns of what the plane shows."""
    return len(plane.rows), max(map(len, plane.rows), default=0)


def start(wanted: int, length: int, most: int) -> int:
    """The first of `most` out of `length` rows to show, so that `wanted` is in view, near the middle."""
    return max(0, min(wanted - most // 2, length - most))


def cut(plane: Plane, top: int, left: int, most_rows: int, most_columns: int) -> Plane:
    """The part of a plane that begins at (top, left); the plane itself when all of it fits."""
    height, width = size(plane)
    if height <= most_rows and width <= most_columns:
        return plane
    rows, columns = slice(top, top + most_rows), slice(left, left + most_columns)
    return Plane(
        rows=tuple(row[columns] for row in plane.rows[rows]),
        values=tuple(row[columns] for row in plane.values[rows]),
        where=plane.where,
        top=plane.top + top,
        left=plane.left + left,
        cut=True,
    )


def difference(actual: Plane, expected: Plane) -> Plane:
    """Actual minus expected, cell by cell: ``·`` where they agree, None where a cell is not a number."""
    values = tuple(
        tuple(_minus(a, e) for a, e in zip(row, other, strict=False))
        for row, other in zip(actual.values, expected.values, strict=False)
    )
    texts = [
        ["·" if a == e else _signed(v) for a, e, v in zip(*rows, strict=False)]
        for rows in zip(actual.rows, expected.rows, values, strict=False)
    ]
    return msgspec.structs.replace(actual, rows=tuple(map(tuple, texts)), values=values)


def scale(planes: Sequence[Plane]) -> tuple[float, float]:
    """Smallest and largest finite number in the planes; (0, 0) when there is none."""
    numbers = [v for plane in planes for row in plane.values for v in row if v is not None and math.isfinite(v)]
    return (min(numbers), max(numbers)) if numbers else (0.0, 0.0)


def explanation(mismatch: Mismatch) -> str:
    """About the first wrong cell: ``Row 0, column 1 takes the largest of 2, 4, 7, 8: 8; yours is 7.``"""
    window, expected, actual = mismatch.window, mismatch.expected_plane, mismatch.actual_plane
    if window is None or not window.sentence:
        return ""
    sentence = one_line(window.sentence, 400).rstrip(".")
    sentence = sentence[:1].upper() + sentence[1:]
    if not mismatch.wrong_cells or expected is None or actual is None or size(expected) != size(actual):
        return f"{sentence}."
    row, column = mismatch.wrong_cells[0]
    if not all(0 <= row < len(plane.rows) and 0 <= column < len(plane.rows[row]) for plane in (expected, actual)):
        return f"{sentence}."
    right, yours = (one_line(plane.rows[row][column], 20) for plane in (expected, actual))
    return f"{sentence}: {right}; yours is {yours}."


def trace(shapes: Sequence[Shape]) -> str:
    """From input to output on one line: ``x 1 × 1 × 4 × 4 → 1 × 1 × 2 × 2``; empty without shapes."""
    inputs = [f"{shape.name} {sizes(shape)}".strip() for shape in shapes if shape.role == "input"]
    results = {shape.role: sizes(shape) for shape in shapes if shape.role != "input"}
    if not results:
        return ""
    if len(set(results.values())) == 1:
        after = next(iter(results.values()))
    else:
        after = ", ".join(f"{'yours' if role == 'actual' else role} {text}" for role, text in results.items())
    return f"{', '.join(inputs)} → {after}".strip()


def sizes(shape: Shape) -> str:
    """``1 × 1 × 4 × 4``."""
    return " × ".join(map(str, shape.sizes)) or "a single number"


def _minus(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b


def _signed(value: float | None) -> str:
    if value is None:
        return "?"
    text = f"{value:+.4g}"
    return text.replace("e-0", "e-").replace("e+0", "e").replace("-", "\N{MINUS SIGN}")
