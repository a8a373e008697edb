"""Consoles that cannot show every character: a mark becomes a letter, never an error."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata

_LOOK_ALIKES = {
    "✓": "+", "✗": "x", "–": "-", "—": "-", "−": "-", "…": "...", "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'",
    "×": "x", "·": ".", "•": "*", "→": "->", "←": "<-", "↳": ">", "≤": "<=", "≥": ">=", "≠": "!=", "±": "+-",
    "━": "=", "─": "-", "│": "|", "▸": ">", "●": "*", "○": "o",
}  # fmt: skip
_NAME = "torchgrade.look-alike"


def show_what_can_be_shown() -> None:
    """Have the standard streams write a look-alike for each character that their encoding lacks."""
    codecs.register_error(_NAME, _look_alike)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_NAME)


def _look_alike(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "".join(map(_alike, error.object[error.start : error.end])), error.end


def _alike(character: str) -> str:
    if character in _LOOK_ALIKES:
        return _LOOK_ALIKES[character]
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return plain or "?"
