"""Matrices for a terminal: numbers in columns, ``>7<`` around a wrong cell, side by side where they fit."""

from __future__ import annotations

from rich.text import Text

from grader.model import Mismatch, Plane, Window
from grader.reports.planes import Position, comparison, size
from grader.reports.wording import one_line

MOST_ROWS = 8
MOST_COLUMNS = 12
FEW_COLUMNS = 4
"""Rather than show fewer columns than this side by side, matrices go below each other."""
GAP = 4


def matrix_block(mismatch: Mismatch, width: int) -> list[Text]:
    """Lines that show the expected and the actual plane, wrong cells marked, in `width` columns.

    The input comes first, its window in brackets, where all three fit beside each other; it stands alone where the
    answer is no matrix.
    """
    blocks = _blocks(mismatch, MOST_COLUMNS)
    if not blocks:
        alone = _input(mismatch.window) if mismatch.window and mismatch.expected_plane is None else []
        return alone if alone and _fit([alone], width) else []
    for columns in range(MOST_COLUMNS, FEW_COLUMNS - 1, -1):
        if _fit(blocks, width):
            break
        blocks = _blocks(mismatch, columns)
    else:
        return _below(mismatch, width)
    source = _input(mismatch.window) if mismatch.window else []
    if source and _fit([source, *blocks], width):
        blocks.insert(0, source)
    return _beside(blocks)


def _below(mismatch: Mismatch, width: int) -> list[Text]:
    """The two matrices below each other, with as many columns as there is room for."""
    blocks = _blocks(mismatch, 1)
    for columns in range(2, MOST_COLUMNS + 1):
        wider = _blocks(mismatch, columns)
        if max(map(_width, wider)) > width:
            break
        blocks = wider
    return [line for block in blocks for line in block]


def _blocks(mismatch: Mismatch, most_columns: int) -> list[list[Text]]:
    shown = comparison(mismatch, MOST_ROWS, most_columns)
    if shown is None:
        return []
    if mismatch.kind != "values" and shown.actual == shown.expected:
        # Only what a picture does not show differs.
        return [_matrix(f"the same numbers: came back, and expected {shown.expected.where}", shown.expected)]
    name = "came back, >wrong<" if shown.wrong else "came back"
    if shown.actual.where != shown.expected.where:
        name += f" {shown.actual.where}"
    return [
        _matrix(f"expected {shown.expected.where}", shown.expected),
        _matrix(name, shown.actual, shown.wrong, "><", "bold red"),
    ]


def _input(window: Window) -> list[Text]:
    """The input with its window in brackets; nothing where it is too large to be shown whole."""
    height, columns = size(window.image)
    if height > MOST_ROWS or columns > MOST_COLUMNS:
        return []
    cells = frozenset((r - window.image.top, c - window.image.left) for r, c in window.cells)
    return _matrix("input", window.image, cells, "[]", "bold cyan")


def _matrix(
    name: str, plane: Plane, marked: frozenset[Position] = frozenset(), marks: str = "  ", style: str = ""
) -> list[Text]:
    cells = [[one_line(cell, 14) for cell in row] for row in plane.rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=False)]
    lines = [Text(name.rstrip(), style="dim")]
    for r, row in enumerate(cells):
        line = Text()
        for c, (cell, width) in enumerate(zip(row, widths, strict=False)):
            if c and marked:
                line.append(" ")
            if (r, c) in marked:
                line.append(f"{marks[0] + cell:>{width + 1}}{marks[1]}", style=style)
            else:
                line.append(f" {cell:>{width}} ")
        lines.append(line)
    if plane.cut:
        lines.append(Text(f"part, from row {plane.top}, column {plane.left}", style="dim"))
    return lines


def _fit(blocks: list[list[Text]], width: int) -> bool:
    return sum(_width(block) + GAP for block in blocks) - GAP <= width


def _width(block: list[Text]) -> int:
    return max(line.cell_len for line in block)


def _beside(blocks: list[list[Text]]) -> list[Text]:
    """Blocks as columns next to each other."""
    lines = []
    for index in range(max(map(len, blocks))):
        line = Text()
        for block in blocks:
            part = block[index].copy() if index < len(block) else Text()
            part.pad_right(_width(block) - part.cell_len + GAP)
            line.append_text(part)
        line.rstrip()
        lines.append(line)
    return lines
