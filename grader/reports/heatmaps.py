"""Planes as heat maps: HTML tables with tinted cells, so that they can be read aloud, copied and printed.

The tint is one of eight classes (``q`` for a positive, ``n`` for a negative side), never an inline style: the
page's policy allows none. Built by joining strings, because a batch renders thousands of them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection

import msgspec
from markupsafe import Markup, escape

from grader.model import Mismatch, Plane, Window
from grader.reports.planes import Position, comparison, cut, explanation, scale, size, start
from grader.reports.wording import one_line

STEPS = 8
MOST_ROWS = 16
MOST_COLUMNS = 16

_TINTS = {step: f"{'q' if step > 0 else 'n'}{abs(step)}" if step else "" for step in range(-STEPS, STEPS + 1)}
_PLAIN_CELLS = re.compile(r"[0-9a-zA-Z.+\-−·… ]*")


class Map(msgspec.Struct, frozen=True):
    """One heat map of a picture, ready for the template."""

    title: str
    note: str
    table: Markup
    role: str


class HeatMaps(msgspec.Struct, frozen=True):
    """The picture of a mismatch: maps side by side and the sentence that explains one cell."""

    maps: tuple[Map, ...]
    sentence: str

    @property
    def weight(self) -> int:
        """Bytes of HTML, about."""
        return sum(len(each.table) for each in self.maps)


def figure(mismatch: Mismatch) -> HeatMaps | None:
    """The picture of a mismatch; None where there are no planes to show, nor an input."""
    shown = comparison(mismatch, MOST_ROWS, MOST_COLUMNS)
    if shown is None:
        window = mismatch.window if mismatch.expected_plane is None else None
        return HeatMaps((_input(window), *_kernel(window)), explanation(mismatch)) if window else None
    low, high = scale([shown.expected, shown.actual])
    if mismatch.kind in ("dtype", "shape") and shown.expected.rows == shown.actual.rows:
        # People would look for a difference between two equal pictures.
        return HeatMaps((Map("Values", "the same in both", table(shown.actual, low, high), "actual"),), "")
    origin = [shown.first] if shown.first and mismatch.window else []
    differ = "wrong cells are marked" if shown.wrong else _where(shown.actual)
    maps = [
        Map("Expected", _where(shown.expected), table(shown.expected, low, high, origin=origin), "expected"),
        Map("Yours", differ, table(shown.actual, low, high, wrong=shown.wrong, origin=origin), "actual"),
    ]
    if shown.difference is not None:
        low, high = scale([shown.difference])
        most = max(abs(low), abs(high))
        maps.append(Map("Difference", "yours − expected", table(shown.difference, -most, most), "difference"))
    sentence = ""
    if mismatch.window is not None:
        maps[:0] = [_input(mismatch.window), *_kernel(mismatch.window)]
        sentence = explanation(mismatch)
    return HeatMaps(tuple(maps), sentence)


def table(
    plane: Plane,
    low: float,
    high: float,
    *,
    wrong: Collection[Position] = (),
    window: Collection[Position] = (),
    origin: Collection[Position] = (),
    padding: Collection[Position] = (),
) -> Markup:
    """A plane as an HTML table with row and column indices; marks are (row, column) inside the plane."""
    _, width = size(plane)
    marks = _marks(wrong, window, origin, padding)
    tint = _tinter(low, high)
    parts = [f'<table class="map{" dense" if width > 8 else ""}"><thead><tr><td></td>']
    parts += [f'<th scope="col">{plane.left + c}</th>' for c in range(width)]
    parts.append("</tr></thead><tbody>")
    for r, (texts, values) in enumerate(zip(plane.rows, plane.values, strict=False)):
        parts.append(f'<tr><th scope="row">{plane.top + r}</th>')
        if not _PLAIN_CELLS.fullmatch("".join(texts)):
            texts = tuple(str(escape(one_line(text, 16))) for text in texts)
        for c, (text, value) in enumerate(zip(texts, values, strict=False)):
            names = tint(value)
            if mark := marks.get((r, c)):
                names = (mark if "p" in mark else names + mark).lstrip()
                text = f"<mark>{text}</mark>" if "x" in mark else text
            parts.append(f'<td class="{names}">{text}</td>' if names else f"<td>{text}</td>")
        parts.append("</tr>")
    parts.append("</tbody></table>")
    return Markup("".join(parts))


def _marks(*kinds: Collection[Position]) -> dict[Position, str]:
    marks: dict[Position, str] = {}
    for name, cells in zip((" x", " w", " o", " p"), kinds, strict=True):
        for cell in cells:
            marks[cell] = marks.get(cell, "") + name
    return marks


def _tinter(low: float, high: float) -> Callable[[float | None], str]:
    """Value -> class: from smallest to largest, or to both sides of zero where there are negative values."""
    base = low if low >= 0 else 0.0
    most = max(abs(low), abs(high))
    # In units of the largest number: the difference of two floats may be infinite, and 8 / 5e-324 is.
    span = (high / most - base / most if low >= 0 else 1.0) if most and math.isfinite(most) else 0.0
    if not span:
        return lambda value: ""

    def tint(value: float | None) -> str:
        if value is None or not math.isfinite(value):
            return ""
        step = round((value / most - base / most) / span * STEPS)
        return _TINTS[max(-STEPS, min(step, STEPS))]

    return tint


def _input(window: Window) -> Map:
    """The input, grown by the padding that the window reaches into, cut around the window."""
    image, cells = window.image, window.cells
    marked = [(r - image.top, c - image.left) for r, c in cells]
    image, padding, down, right = _grown(image, marked)
    marked = [(r + down, c + right) for r, c in marked]
    height, width = size(image)
    first = min(marked, default=(0, 0))
    top, left = (
        start(first[0], height, MOST_ROWS),
        start(min((c for _, c in marked), default=0), width, MOST_COLUMNS),
    )
    if image.cut:
        top = left = 0
    low, high = scale([image])
    part = cut(image, top, left, MOST_ROWS, MOST_COLUMNS)
    if part is not image:
        marked = [(r - top, c - left) for r, c in marked]
        padding = {(r - top, c - left) for r, c in padding}
    note = "the window is outlined" + (", padding is hatched" if padding else "")
    return Map("Input", note, table(part, low, high, window=set(marked), padding=padding), "input")


def _kernel(window: Window) -> list[Map]:
    """What the window is multiplied with, where that is known."""
    if window.kernel is None:
        return []
    part = cut(window.kernel, 0, 0, MOST_ROWS, MOST_COLUMNS)
    low, high = scale([part])
    return [Map("Kernel", "laid on the window", table(part, low, high), "kernel")]


def _grown(image: Plane, cells: list[Position]) -> tuple[Plane, set[Position], int, int]:
    """The image with padding wherever `cells` lie outside it, unless it was cut before."""
    height, width = size(image)
    if not cells or image.cut:
        return image, set(), 0, 0
    rows, columns = [r for r, _ in cells], [c for _, c in cells]
    up, left = max(0, -min(rows)), max(0, -min(columns))
    down, right = max(0, max(rows) - height + 1), max(0, max(columns) - width + 1)
    if max(up, left, down, right) == 0 or max(up, left, down, right) > MOST_ROWS:
        return image, set(), 0, 0
    blank = ("",) * (left + width + right)
    none = (None,) * len(blank)
    grown = Plane(
        rows=(blank,) * up + tuple(("",) * left + row + ("",) * right for row in image.rows) + (blank,) * down,
        values=(none,) * up + tuple((None,) * left + row + (None,) * right for row in image.values) + (none,) * down,
        where=image.where,
        top=image.top - up,
        left=image.left - left,
    )
    inside = {(r + up, c + left) for r in range(height) for c in range(width)}
    everywhere = {(r, c) for r in range(up + height + down) for c in range(len(blank))}
    return grown, everywhere - inside, up, left


def _where(plane: Plane) -> str:
    part = f"from row {plane.top}, column {plane.left}" if plane.cut else ""
    return " ".join(filter(None, (plane.where, part)))
