"""Cells of a spreadsheet: numbers that stay numbers, and text that stays text.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@``, quoted or not, and some do after a
tab, a line end, or for the wide forms of these characters. A student may be called anything, so such text
gets an apostrophe in front, which spreadsheets take as "this is text".
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

_RUNS = frozenset("=+-@＝＋－＠")
_AFTER = frozenset("\t\r\n\0")
"""Characters that spreadsheets drop at the start of a cell before they look at it again."""
_BLANK = " \t\r\n\v\f\0\u00a0\u200b\u2060\ufeff"
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?\s?%?")
_INSIDE = re.compile(rf"([;,\t\r\n|]\s*)(?=[{re.escape(''.join(_RUNS))}])")


def is_number(text: str) -> bool:
    """Whether `text` is a plain number, with a point or a comma, perhaps with a per cent sign."""
    return _NUMBER.fullmatch(text.strip()) is not None


def to_number(text: str) -> float | None:
    """The plain number in `text`, if it is one."""
    return float(text.strip().rstrip("% ").replace(",", ".")) if is_number(text) else None


def defused(text: str) -> str:
    """`text` as a cell that no spreadsheet runs; numbers, and a sign that stands alone, are as they were."""
    begins = text.lstrip(_BLANK)[:1]
    runs = begins in _RUNS or text[:1] in _AFTER
    return f"'{text}" if runs and len(text) > 1 and not is_number(text) else text


def defused_throughout(text: str) -> str:
    """`text` as `defused` makes it, even behind characters at which a spreadsheet of another country splits the
    line."""
    return defused(_INSIDE.sub(r"\1'", text))


def points(value: float, decimal: str = ".") -> str:
    """A number of points with at most two decimals, half rounded up: 7.5, 10, 3.33, 0.13 for 0.125."""
    rounded = Decimal(repr(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = f"{rounded:f}".rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace(".", decimal)
