"""A student's code as HTML: drawn in a process that may die over it, escaped, coloured, with lines to point at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

import msgspec

from grader.batch.passages import Passage, SharedPassages, shared_passages
from grader.batch.tokens import shape_of
from grader.model import SourceFile
from grader.text import plain

MOST_SHOWN = 400_000
"""Characters of one file that are drawn; what is beyond is said, and may be downloaded."""
_MOST_COLOURED = 100_000


class CodeCell(msgspec.Struct, frozen=True, array_like=True):
    """A module, or one cell of a notebook."""

    label: str
    """What a notebook calls it; empty for a module."""
    prose: bool
    lines: tuple[str, ...]
    """HTML, one line each."""


class CodeFile(msgspec.Struct, frozen=True, array_like=True):
    """One file, drawn."""

    name: str
    cells: tuple[CodeCell, ...]
    cut: int = 0
    """Characters that are not shown."""


class CodeOrder(msgspec.Struct, frozen=True, array_like=True, tag="code"):
    """Draw the files of an answer."""

    files: tuple[SourceFile, ...]


class PassageOrder(msgspec.Struct, frozen=True, array_like=True, tag="passages"):
    """Draw two answers with the passages marked that they share."""

    one: SourceFile
    other: SourceFile
    stub: bytes
    common: tuple[int, ...]


class Sides(msgspec.Struct, frozen=True, array_like=True):
    """Two answers, drawn side by side."""

    one: CodeFile
    other: CodeFile
    passages: int
    """How many they share that few have."""


class _Cell(msgspec.Struct):
    cell_type: str = ""
    source: str | list[str] | None = None
    input: str | list[str] | None = None


class _Worksheet(msgspec.Struct):
    cells: list[msgspec.Raw] = []


class _Sheets(msgspec.Struct):
    cells: list[msgspec.Raw] = []
    worksheets: list[_Worksheet] = []


def draw_code(encoded: bytes) -> bytes:
    """Carry out an encoded order. In the process that may die over it."""
    order: CodeOrder | PassageOrder = msgspec.msgpack.decode(encoded, type=CodeOrder | PassageOrder)
    drawn = tuple(map(_file, order.files)) if isinstance(order, CodeOrder) else _sides(order)
    return msgspec.msgpack.encode(drawn)


def prepare_code() -> None:
    """Load what colours code."""
    _coloured("x.py", "x = 1")


def plainly(file: SourceFile) -> CodeFile:
    """A file without colours: what is shown where it could not be drawn."""
    text = file.content[:MOST_SHOWN].decode("utf-8", "replace")
    lines = tuple(map(escaped, normal(text).split("\n")))
    return CodeFile(plain(file.name), (CodeCell("", False, lines),), max(0, len(file.content) - MOST_SHOWN))


def _file(file: SourceFile) -> CodeFile:
    cells, left, cut = [], MOST_SHOWN, 0
    for label, prose, text in _pieces(file):
        shown, cut = text[:left], cut + max(0, len(text) - left)
        left -= len(shown)
        if shown or not text:
            lines = [escaped(line) for line in shown.split("\n")] if prose else _coloured(file.name, shown)
            cells.append(CodeCell(label, prose, tuple(lines)))
    return CodeFile(plain(file.name), tuple(cells), cut)


def _pieces(file: SourceFile) -> Iterator[tuple[str, bool, str]]:
    """(label, whether it is prose, text)."""
    content = file.content.removeprefix(b"\xef\xbb\xbf")
    if not file.name.lower().endswith(".ipynb"):
        yield "", False, normal(content.decode("utf-8", "replace"))
        return
    try:
        sheet = msgspec.json.decode(content, type=_Sheets)
    except (msgspec.DecodeError, RecursionError):
        yield (
            "This is no notebook that can be read; the file as it is",
            True,
            normal(content.decode("utf-8", "replace")),
        )
        return
    raws = [*sheet.cells, *(raw for each in sheet.worksheets for raw in each.cells)]
    for number, raw in enumerate(raws, 1):
        try:
            cell = msgspec.json.decode(raw, type=_Cell)
        except (msgspec.DecodeError, RecursionError):
            yield f"Cell {number} cannot be read", True, ""
            continue
        text = normal("".join(cell.source or cell.input or ""))
        prose = cell.cell_type != "code"
        yield f"Cell {number}" + (f", {plain(cell.cell_type) or 'no code'}" if prose else ""), prose, text


def normal(text: str) -> str:
    """Text with line ends of one kind."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def escaped(text: str) -> str:
    """Text as HTML, without characters that have no shape."""
    return escape(plain(text))


def _coloured(name: str, text: str) -> list[str]:
    if len(text) > _MOST_COLOURED or not name.lower().endswith((".py", ".ipynb")):
        return [escaped(line) for line in text.split("\n")]
    from pygments.lexers.python import PythonLexer
    from pygments.token import STANDARD_TYPES

    lines = [""]
    for kind, value in PythonLexer(stripnl=False, ensurenl=False).get_tokens(plain(text)):
        word = STANDARD_TYPES.get(kind, "")
        for place, part in enumerate(value.split("\n")):
            if place:
                lines.append("")
            if part:
                lines[-1] += f'<span class="t-{word}">{escape(part)}</span>' if word else escape(part)
    return lines


# -- two side by side ------------------------------------------------------------------------------


def _sides(order: PassageOrder) -> Sides:
    given = shape_of("stub.py", order.stub).numbers()
    shared = shared_passages(order.one, order.other, given, order.common)
    rare = {passage.number for passage in shared.in_one if not passage.common}
    numbers = {number: place for place, number in enumerate(sorted(rare), 1)}
    return Sides(_side(order.one, shared, "a", numbers), _side(order.other, shared, "b", numbers), len(rare))


def _side(file: SourceFile, shared: SharedPassages, side: str, numbers: dict[int, int]) -> CodeFile:
    texts, passages = (shared.one, shared.in_one) if side == "a" else (shared.other, shared.in_other)
    cells, seen, left, cut = [], set[int](), MOST_SHOWN, 0
    for index, text in enumerate(texts):
        shown, cut = text[:left], cut + max(0, len(text) - left)
        left -= len(shown)
        own = [passage for passage in passages if passage.text == index and passage.end <= len(shown)]
        label = f"Cell of code {index + 1}" if file.name.lower().endswith(".ipynb") else ""
        cells.append(CodeCell(label, False, tuple(_marked(shown, own, side, numbers, seen))))
    return CodeFile(plain(file.name), tuple(cells), cut)


def _marked(
    text: str, passages: Sequence[Passage], side: str, numbers: dict[int, int], seen: set[int]
) -> Iterator[str]:
    """The text's lines, with marks around passages; each mark ends with its line."""
    pieces: list[tuple[str, str]] = []
    place = 0
    for passage in passages:
        pieces += [("", text[place : passage.start]), (_opening(passage, side, numbers, seen), "")]
        pieces[-1] = (pieces[-1][0], text[passage.start : passage.end])
        place = passage.end
    pieces.append(("", text[place:]))
    line = ""
    for opening, piece in pieces:
        for number, part in enumerate(piece.split("\n")):
            if number:
                yield line
                line = ""
                # The name stands once: on the first line of the passage.
                opening = _again(opening)
            if part:
                line += f"{opening}{escaped(part)}</mark>" if opening else escaped(part)
    yield line


def _opening(passage: Passage, side: str, numbers: dict[int, int], seen: set[int]) -> str:
    number = numbers.get(passage.number)
    if number is None:
        return '<mark class="many">'
    name = "" if number in seen else f' id="{side}{number}" tabindex="-1"'
    seen.add(number)
    return f'<mark class="p{number % 6}" data-n="{number}"{name}>'


def _again(opening: str) -> str:
    return opening.partition(" id=")[0] + ">" if " id=" in opening else opening
