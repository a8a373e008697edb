"""What an answer holds for a person to grade: text cells, comments, figures. Drawn in a process that may die over it.

A notebook's cells belong to a part if they are tagged with its name or have it as their id, as in the notebooks that
`grade start` writes, or if they stand below a heading with its title. Where none does, all that the student wrote is
shown. What the problem's own notebook says is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from grader.desk.code_view import escaped, normal
from grader.desk.images import KINDS, NotShown, data_url
from grader.model import SourceFile
from grader.text import plain

MOST_TEXT = 100_000
"""Characters that are shown; the whole answer is a click away."""
MOST_FIGURES = 12
_HEADING = re.compile(r"\s*(#{1,6})[ \t]+(.*?)[ \t#]*(?:\n|\Z)")


class CollectOrder(msgspec.Struct, frozen=True, array_like=True):
    """Collect what belongs to a manual part."""

    file: SourceFile
    part: str
    title: str
    given: tuple[str, ...]
    """The text cells of the problem's own notebook."""


class Piece(msgspec.Struct, frozen=True, array_like=True):
    """One thing to read or look at."""

    label: str
    html: str = ""
    figure: str = ""
    """An image as a data URL."""


class Collected(msgspec.Struct, frozen=True, array_like=True):
    """What a person grades."""

    pieces: tuple[Piece, ...] = ()
    own: bool = False
    """Whether the pieces are certainly this part's."""
    left_out: tuple[str, ...] = ()
    """What is not shown, and why."""


class _Output(msgspec.Struct):
    data: dict[str, msgspec.Raw] = {}
    png: str | list[str] = ""


class _Metadata(msgspec.Struct):
    tags: list[msgspec.Raw] = []


class _Cell(msgspec.Struct):
    cell_type: str = ""
    id: str = ""
    source: str | list[str] = ""
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)
    outputs: list[msgspec.Raw] = []
    attachments: dict[str, dict[str, str | list[str]]] = {}

    @property
    def text(self) -> str:
        return normal("".join(self.source))


class _Notebook(msgspec.Struct):
    cells: list[msgspec.Raw] = []


def collect(encoded: bytes) -> bytes:
    """Carry out an encoded order. In the process that may die over it."""
    order = msgspec.msgpack.decode(encoded, type=CollectOrder)
    made = _of_notebook(order) if order.file.name.lower().endswith(".ipynb") else _of_module(order)
    return msgspec.msgpack.encode(made)


def _of_notebook(order: CollectOrder) -> Collected:
    try:
        raws = msgspec.json.decode(order.file.content.removeprefix(b"\xef\xbb\xbf"), type=_Notebook).cells
    except (msgspec.DecodeError, RecursionError):
        return Collected(left_out=("this is no notebook that can be read",))
    cells, left_out = [], list[str]()
    for number, raw in enumerate(raws, 1):
        try:
            cells.append((number, msgspec.json.decode(raw, type=_Cell)))
        except (msgspec.DecodeError, RecursionError):
            left_out.append(f"cell {number}, which cannot be read")
    own = list(_own(cells, order))
    pieces = list(_pieces(own or cells, {text.strip() for text in order.given}, left_out))
    return Collected(tuple(pieces), bool(own), tuple(left_out))


def _own(cells: Sequence[tuple[int, _Cell]], order: CollectOrder) -> Iterator[tuple[int, _Cell]]:
    """The cells of the part: from one that is marked, or has its title for a heading, to the next heading as high."""
    inside, level = False, 0
    for number, cell in cells:
        heading = _HEADING.match(cell.text) if cell.cell_type == "markdown" else None
        titled = heading is not None and _folded(heading[2]) == _folded(order.title)
        if titled or order.part == cell.id or order.part in _tags(cell):
            inside, level = True, len(heading[1]) if heading else 6
        elif heading is not None and len(heading[1]) <= level:
            inside = False
        if inside:
            yield number, cell


def _tags(cell: _Cell) -> list[object]:
    return [msgspec.json.decode(tag) for tag in cell.metadata.tags]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold().rstrip(".?!:")


def _pieces(cells: Iterable[tuple[int, _Cell]], given: set[str], left_out: list[str]) -> Iterator[Piece]:
    left, figures = MOST_TEXT, 0
    for number, cell in cells:
        if cell.cell_type != "code" and cell.text.strip() and cell.text.strip() not in given:
            shown = cell.text[:left]
            left -= len(shown)
            if shown:
                yield Piece(f"Cell {number}", _markdown(shown) if cell.cell_type == "markdown" else _verbatim(shown))
            if len(shown) < len(cell.text):
                left_out.append(f"{len(cell.text) - len(shown)} characters of cell {number}")
        for kind, encoded in _images(cell):
            try:
                if figures >= MOST_FIGURES:
                    raise NotShown(f"there are more than {MOST_FIGURES}")
                yield Piece(f"Cell {number}", figure=data_url(kind, encoded))
                figures += 1
            except NotShown as why:
                left_out.append(f"a figure of cell {number}: {why}")


def _images(cell: _Cell) -> Iterator[tuple[str, str]]:
    """(type, content) of a cell's images."""
    for attached in cell.attachments.values():
        yield from ((plain(kind), "".join(data)) for kind, data in attached.items())
    for raw in cell.outputs:
        try:
            output = msgspec.json.decode(raw, type=_Output)
            images = {kind: value for kind, value in output.data.items() if kind.startswith("image/")}
            # Those beside each other are the same picture.
            shown = next(((kind,) for kind in KINDS if kind in images), tuple(images))
            for kind in shown:
                yield plain(kind), "".join(msgspec.json.decode(images[kind], type=str | list[str]))
        except (msgspec.DecodeError, RecursionError):
            continue
        if output.png:
            yield "image/png", "".join(output.png)


def _markdown(text: str) -> str:
    """Text as HTML without links, images and markup of its own; headings lower than the page's."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "link", "autolink"])
    tokens = parser.parse(plain(text))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h4"
    html: str = parser.renderer.render(tokens, parser.options, {})
    return html


def _verbatim(text: str) -> str:
    return f"<pre>{escaped(text)}</pre>"


def _of_module(order: CollectOrder) -> Collected:
    """The comments and docstrings of a module, with the lines on which they begin."""
    from pygments.lexers.python import PythonLexer
    from pygments.token import Comment, String, Whitespace

    text = normal(order.file.content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace"))[:MOST_TEXT]
    pieces, run, line, first = list[Piece](), list[str](), 1, 1
    for kind, value in PythonLexer(stripnl=False, ensurenl=False).get_tokens(plain(text)):
        if kind in Comment or kind in String.Doc:
            first = first if run else line
            run.append(value.strip())
        elif kind not in Whitespace and value.strip():
            pieces += _run(first, run)
            run = []
        line += value.count("\n")
    pieces += _run(first, run)
    return Collected(tuple(pieces))


def _run(first: int, run: Sequence[str]) -> Iterator[Piece]:
    if run:
        yield Piece(f"Line {first}", _verbatim("\n".join(run)))
