"""What a person is shown of an answer for a manual part: what is the part's, and nothing that could do harm."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from typing import Any

import msgspec
import pytest

from grader.desk.collected import MOST_FIGURES, MOST_TEXT, Collected, CollectOrder, collect
from grader.model import SourceFile

TITLE = "Why it is so"


def png(width: int = 4, height: int = 2) -> str:
    """A grey image, in base64."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    size = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * min(width, 100)) * min(height, 100))
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return base64.b64encode(data).decode()


def text(source: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def shown(*images: dict[str, str]) -> dict[str, Any]:
    outputs = [{"output_type": "display_data", "metadata": {}, "data": image} for image in images]
    return {"cell_type": "code", "metadata": {}, "source": "plot()", "outputs": outputs}


def collected(
    *cells: Any, name: str = "work.ipynb", content: bytes | None = None, given: tuple[str, ...] = ()
) -> Collected:
    notebook = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}).encode()
    file = SourceFile(name, content if content is not None else notebook)
    order = CollectOrder(file, "why", TITLE, given)
    return msgspec.msgpack.decode(collect(msgspec.msgpack.encode(order)), type=Collected)


OWN = {
    "by-its-id": text("Since.", id="why"),
    "by-a-tag": text("Since.", metadata={"tags": ["hard", "why"]}),
    "by-its-heading": text(f"## {TITLE.upper()}?\nSince."),
    "as-lines": text(["Since."], id="why"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("cell", OWN.values(), ids=OWN)
def test_what_belongs_to_a_part(cell: dict[str, Any]) -> None:
    found = collected(text("# Work"), cell, shown({"image/png": png()}), text("## Other"), text("Not this."))
    assert found.own
    assert "Since." in found.pieces[0].html
    assert [bool(piece.figure) for piece in found.pieces] == [False, True]


def test_without_any_mark_all_that_was_written_is_shown() -> None:
    found = collected(text("The task."), text("Since."), text("So there."), given=("The task.\n",))
    assert not found.own
    assert [piece.label for piece in found.pieces] == ["Cell 2", "Cell 3"]


def test_text_is_text() -> None:
    (piece,) = collected(text("<script>x</script> **b** [l](http://e.x) ![i](http://e.x/i.png) <http://e.x>")).pieces
    assert "<strong>b</strong>" in piece.html
    for tag in ("<script", "<a", "<img"):
        assert tag not in piece.html


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x04ab\xff\xdb\x00\x03a\xff\xc0\x00\x11\x08%s%s"
    b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xd9"
)


def jpeg(width: int = 4, height: int = 2) -> str:
    """The beginning of one, in base64: comments, tables and the frame."""
    return base64.b64encode(JPEG % (struct.pack(">H", height), struct.pack(">H", width))).decode()


def svg(inside: str, before: str = "", more: str = "") -> str:
    """A drawing as matplotlib writes one."""
    public = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<?xml version="1.0" encoding="utf-8"?>{before or public}<svg {names} {more}>{inside}</svg>'


GLYPH = '<defs><style>*{stroke-linejoin: round}</style><g id="a"><path d="M0 0"/></g></defs>'
DRAWING = svg(f"""{GLYPH}<g clip-path="url(#b)"><use xlink:href="#a"/></g><clipPath id="b"><rect/></clipPath>
<a xlink:href="http://e.x"><text>ä</text></a><image xlink:href="data:image/png;base64,
{png()}"/>""")
FIGURES: dict[str, tuple[dict[str, Any], str]] = {
    "png": ({"image/png": png()}, "png"),
    "jpeg": ({"image/jpeg": jpeg()}, "jpeg"),
    "svg": ({"image/svg+xml": DRAWING}, "svg+xml"),
    "svg-in-lines": ({"image/svg+xml": DRAWING.splitlines(keepends=True)}, "svg+xml"),
    "one-of-several": ({"image/svg+xml": DRAWING, "image/png": png()}, "png"),
}


@pytest.mark.parametrize(("image", "kind"), FIGURES.values(), ids=FIGURES)
def test_a_figure_is_an_image_of_its_kind(image: dict[str, Any], kind: str) -> None:
    attached = {"attachments": {"x": {"image/svg+xml": base64.b64encode(DRAWING.encode()).decode()}}}
    cells = [shown(image), *([text("![](attachment:x)", **attached)] if kind == "svg+xml" else [])]
    found = collected(*cells)
    assert not found.left_out
    figures = [piece.figure for piece in found.pieces if piece.figure]
    assert len(figures) == len(cells)
    assert all(each.startswith(f"data:image/{kind};base64,") for each in figures)


def multiplied(times: int, levels: int) -> str:
    """A drawing of which each level refers to the one below so many times."""
    parts = (f"<g id='l{n + 1}'>" + f"<use xlink:href='#l{n}'/>" * times + "</g>" for n in range(levels))
    return svg("<path id='l0'/>" + "".join(parts))


NO_FIGURES = {
    "no-svg": {"image/svg+xml": "<svg onload='x'/>"},
    "svg-that-is-none": {"image/svg+xml": svg("<g>")},
    "svg-with-a-handler": {"image/svg+xml": svg("", more="onload='x'")},
    "svg-with-a-script": {"image/svg+xml": svg("<script>x</script>")},
    "svg-with-a-page": {"image/svg+xml": svg("<foreignObject/>")},
    "svg-from-elsewhere": {"image/svg+xml": svg("<image xlink:href='http://e.x/a.png'/>")},
    "svg-with-a-style-from-elsewhere": {"image/svg+xml": svg("<style>@import 'http://e.x';</style>")},
    "svg-with-a-fill-from-elsewhere": {"image/svg+xml": svg("<g style='fill: url( &quot;http://e.x#a&quot;)'/>")},
    "svg-with-escapes": {"image/svg+xml": svg("<g style='fill: u\\72l(#a)'/>")},
    "svg-with-a-large-picture": {
        "image/svg+xml": svg(f"<image xlink:href='data:image/png;base64,{png(60_000, 60_000)}'/>")
    },
    "svg-of-itself": {"image/svg+xml": svg("<g id='a'><use xlink:href='#b'/></g><g id='b' fill='url(#a)'/>")},
    "svg-that-multiplies": {"image/svg+xml": multiplied(10, 9)},
    "svg-of-many": {"image/svg+xml": svg("<g/>" * 100_001)},
    "svg-that-is-deep": {"image/svg+xml": svg("<g>" * 150 + "</g>" * 150)},
    "svg-with-entities": {"image/svg+xml": svg("&a;", before='<!DOCTYPE svg [<!ENTITY a "aaaa">]>')},
    "no-jpeg": {"image/jpeg": png()},
    "jpeg-without-a-size": {"image/jpeg": base64.b64encode(b"\xff\xd8\xff" * 50).decode()},
    "a-large-jpeg": {"image/jpeg": jpeg(60_000, 60_000)},
    "another-kind": {"image/gif": base64.b64encode(b"GIF89a" + b"0" * 50).decode()},
    "no-base64": {"image/png": "no!"},
    "no-png": {"image/png": base64.b64encode(b"GIF89a" + b"0" * 50).decode()},
    "a-bomb": {"image/png": png(60_000, 60_000)},
    "left-out-at-intake": {"image/png": "#5000000"},
}


@pytest.mark.parametrize("image", NO_FIGURES.values(), ids=NO_FIGURES)
def test_what_is_no_figure_to_look_at_is_said(image: dict[str, str]) -> None:
    found = collected(shown(image))
    assert not found.pieces
    assert "a figure of cell 1" in found.left_out[0]


def test_there_is_a_bound_to_everything() -> None:
    found = collected(text("x" * (MOST_TEXT + 5)), *[shown({"image/png": png()})] * (MOST_FIGURES + 1))
    assert len(found.pieces) == 1 + MOST_FIGURES
    assert [why.partition(" of ")[0] for why in found.left_out] == ["5 characters", "a figure"]


def test_a_module_has_comments_and_docstrings() -> None:
    source = b'"""Why."""\n\n# Since\n# it is.\nx = "no comment"\n\n\ndef f():\n    """Does <b>."""  # so\n'
    found = collected(name="work.py", content=source)
    assert [(piece.label, piece.html) for piece in found.pieces] == [
        ("Line 1", "<pre>&quot;&quot;&quot;Why.&quot;&quot;&quot;\n# Since\n# it is.</pre>"),
        ("Line 9", "<pre>&quot;&quot;&quot;Does &lt;b&gt;.&quot;&quot;&quot;\n# so</pre>"),
    ]


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b'{"cells": [1, {"outputs": 3}]}'], ids=repr)
def test_what_is_no_notebook_is_said(content: bytes) -> None:
    found = collected(content=content)
    assert not found.pieces
    assert found.left_out
