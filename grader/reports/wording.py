"""Untrusted text made short as well as harmless, and numbers made short.

A student controls names, output, exceptions and values. Escaping for HTML is the template engine's task, and
markup of a terminal is never parsed; `plain` takes care of the rest.
"""

from __future__ import annotations

from grader.text import plain

_LONG = 1e15


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
    """A number without trailing zeros: 7.5, 10, 0.33; 1e+20 where it would be too long to read."""
    if not abs(value) < _LONG:
        return f"{value:.4g}"
    text = f"{value:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def seconds(value: float) -> str:
    """A duration for people: 4 ms, 0.3 s, 1.2 s, 3 min 20 s; what is told in tenths is not said in milliseconds."""
    if value < 0.0995:
        return f"{value * 1000:.0f} ms"
    if value < 99.95:
        return f"{value:.1f} s"
    if value < _LONG:
        return f"{int(value // 60)} min {int(value % 60)} s"
    return "an unknown time"


def counted(count: int, one: str, many: str | None = None) -> str:
    """``1 check``, ``2 checks``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def signed(value: float) -> str:
    """A change of points: +1.5, −2, ±0."""
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else "\N{PLUS-MINUS SIGN}"
    return f"{sign}{number(abs(value))}"
