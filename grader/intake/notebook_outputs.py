"""A notebook's outputs: often most of its bytes, and of no use to checks.

A notebook may be large for them, so its limit is a multiple of a script's, and what they hold is left out once the file
has been read: a class of a thousand notebooks with plots must fit into memory. This is a search for a pattern, in
linear time, not parsing. It cannot hit code: in a cell's source every quotation mark stands behind a backslash.
"""

from __future__ import annotations

import re

from grader.intake.content import suffix

NOTEBOOK_FILES = 64
"""Times the limit of a script, for a notebook with its outputs."""

FIGURE_BYTES = 4_000_000
"""That the figures of one notebook may have together, as they are encoded."""

_FIGURES = (b'"image/png"', b'"image/jpeg"', b'"image/svg+xml"')
_SHORT = 200
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_STRINGS = rb"\[\s*+(?:" + _STRING + rb"\s*+,?+\s*+)*+\]"
# Keys that nbformat gives to what was shown: MIME types, and the text of a stream.
_SHOWN = re.compile(
    rb'("(?:text|(?:text|image|audio|video|application)/[\w.+-]++)"\s*+:\s*+)(' + _STRING + rb"|" + _STRINGS + rb")"
)


def limit_of(name: str, limit: int) -> int:
    """Bytes that the file `name` may have where a script may have `limit`."""
    return NOTEBOOK_FILES * limit if suffix(name) == ".ipynb" else limit


def without_outputs(name: str, content: bytes, *, figures: bool = False) -> bytes:
    """A notebook with what it showed replaced by its size, as ``"#12345"``; any other file as it is.

    With `figures`, for a person to look at, PNG, JPEG and SVG images stay, as far as there is room for them.
    """
    if suffix(name) != ".ipynb":
        return content
    pieces = bytearray()
    copied, room = 0, FIGURE_BYTES if figures else 0
    for match in _SHOWN.finditer(content):
        start, end = match.span(2)
        if match[1].startswith(_FIGURES) and end - start <= room:
            room -= end - start
            continue
        if end - start > _SHORT:
            pieces += content[copied:start] + _size(match[2])
            copied = end
    return bytes(pieces + content[copied:]) if copied else content


def _size(shown: bytes) -> bytes:
    # Line breaks stay, so that what is told of a damaged file names its own lines.
    breaks = shown.count(b"\n")
    return b'"#%d"' % (len(shown) - breaks) + b"\n" * breaks
