"""Untrusted text made harmless, and numbers made short.

A student controls names, output, exceptions and values. Escaping for HTML is the template engine's task, and
markup of a terminal is never parsed. What is left is common to all reports: terminal sequences, control
characters, and characters that reorder the text around them.
"""

from __future__ import annotations

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_TERMINAL_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC and other strings
    r"|\x1b[ -/]*[0-~]"  # two-character escapes
)
_LINE_END = re.compile(r"\r+\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_HARMFUL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters but for tab and newline
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional marks, overrides, isolates
    "\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # invisible
    "\ud800-\udfff\ufffe\uffff]"  # halves of a pair, no characters at all
)


def plain(text: str) -> str:
    """The text without terminal sequences, every control or reordering character made visible as U+FFFD.

    Newlines and tabs stay. What `str.isprintable` accepts comes back as it is.
    """
    if text.isprintable():
        return text
    text = _TERMINAL_SEQUENCE.sub("", text)
    text = _LINE_END.sub("\n", text)
    return _HARMFUL.sub(REPLACEMENT, text)


def one_line(text: str, limit: int = 300) -> str:
    """`plain` on one line, at most `limit` characters."""
    line = " ".join(plain(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def clipped(text: str, limit: int) -> str:
    """`plain`, its middle left out beyond `limit` characters: the end of a traceback says what broke."""
    text = plain(text)
    if len(text) <= limit:
        return text
    head = text[: limit * 2 // 3]
    tail = text[-(limit // 3) :]
    return f"{head}\n… {len(text) - len(head) - len(tail):,} characters left out …\n{tail}"


def number(value: float, places: int = 2) -> str:
    """A number without trailing zeros: 7.5, 10, 0.33."""
    text = f"{value:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def seconds(value: float) -> str:
    """A duration for people: 4 ms, 1.2 s, 3 min 20 s."""
    if value < 0.9995:
        return f"{value * 1000:.0f} ms"
    if value < 99.95:
        return f"{value:.1f} s"
    return f"{int(value // 60)} min {int(value % 60)} s"


def counted(count: int, one: str, many: str | None = None) -> str:
    """``1 check``, ``2 checks``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
