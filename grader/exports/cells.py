"""Cells of a spreadsheet: numbers that stay numbers, and text that stays text.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@``, quoted or not, and some do after a
tab, a line end, or for the wide forms of these characters. A student may be called anything, so such text
gets an apostrophe in front, which spreadsheets take as "this is text".
"""

from __future__ import annotations

import re

_RUNS = "=+-@＝＋－＠"
_BLANK = " \t\r\n\v\f\0\u00a0\u200b\u2060\ufeff"
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?\s?%?")
_INSIDE = re.compile(rf"([;,\t\r\n|]\s*)(?=[{re.escape(_RUNS)}])")


def is_number(text: str) -> bool:
    """Whether `text` is a plain number, with a point or a comma, perhaps with a per cent sign."""
    return _NUMBER.fullmatch(text.strip()) is not None


def to_number(text: str) -> float | None:
    """The plain number in `text`, if it is one."""
    return float(text.strip().rstrip("% ").replace(",", ".")) if is_number(text) else None


def defused(text: str) -> str:
    """`text` as a cell that no spreadsheet runs; numbers, and signs that stand alone, are as they were."""
    start = text.lstrip(_BLANK)
    harmless = start[:1] not in _RUNS and text[:1] not in "\t\r\n\0"
    if harmless or len(start) < 2 or is_number(text):
        return text
    return "'" + text


def defused_throughout(text: str) -> str:
    """`defused`, also behind characters at which a spreadsheet of another country splits the line."""
    return defused(_INSIDE.sub(r"\1'", text))


def points(value: float, decimal: str = ".") -> str:
    """A number of points with at most two decimals: 7.5, 10, 3.33."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace(".", decimal)
