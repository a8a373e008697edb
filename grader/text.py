"""Untrusted text made harmless: terminal sequences, control characters, characters that reorder what is around them.

A student controls names, output, exceptions and values. What is kept of them goes through here once, where it enters;
reports do it again, since a result may come from a file.
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
