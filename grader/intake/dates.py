"""Dates in names: ``02_2026-03-01``, ``02_28.02.``, ``02_260301``, ``02_mar3``, ``02_03-15-2026``.

What a date's numbers are depends on whoever wrote it. Names that are compared were written by one student, so they are
read by one habit: the month first where some of them allow nothing else, and six digits in the order that puts their
years closest together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

MONTHS = (
    "jan ene gen oca", "feb fév fev şub", "mar mär mrt", "apr avr abr nis", "may mai maj mayo mei mag",
    "jun juin giu haz", "jul juil lug tem", "aug aoû ago ağu", "sep set eyl", "oct okt out ott eki",
    "nov kas", "dec dez déc dic ara",
)  # fmt: skip
"""How the months' names begin, in the languages of Western Europe and in Turkish."""

_CLOCK = r"(?:[-_T. ]+(?P<hour>[01]?[0-9]|2[0-3])[-_:.h]?(?P<minute>[0-5][0-9])(?:[-_:.]?(?P<second>[0-5][0-9]))?)?"
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12][0-9]|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)[0-9]{2}"
_TWO = r"(?:0[1-9]|[12][0-9]|3[01])", r"(?:0[1-9]|1[0-2])"
_YEAR_FIRST = re.compile(
    rf"(?<![0-9])(?P<year>{_YEAR})(?:(?P<month>{_TWO[1]})(?P<day>{_TWO[0]})"
    rf"|[-_. ](?P<month2>{_MONTH})[-_. ](?P<day2>{_DAY})){_CLOCK}(?![0-9])"
)
_DAY_FIRST = re.compile(rf"(?<![0-9])(?P<day>{_DAY})[-_.](?P<month>{_MONTH})[-_.](?P<year>{_YEAR}){_CLOCK}(?![0-9])")
_MONTH_FIRST = re.compile(rf"(?<![0-9])(?P<month>{_MONTH})[-_.](?P<day>{_DAY})[-_.](?P<year>{_YEAR}){_CLOCK}(?![0-9])")
_ONLY_MONTH_FIRST = re.compile(rf"(?<![0-9]){_MONTH}[-_.](?:1[3-9]|2[0-9]|3[01])[-_.]{_YEAR}(?![0-9])")
_WITHOUT_YEAR = re.compile(rf"(?<![0-9.])(?P<day>{_TWO[0]})\.(?P<month>{_TWO[1]})\.?(?![0-9])")
_SIX = re.compile(r"(?<![0-9])(?P<first>[0-9]{2})(?P<month>0[1-9]|1[0-2])(?P<last>[0-9]{2})(?![0-9])")
_NAMED = re.compile(
    rf"(?<![0-9])(?P<day>{_DAY})[-_. ]{{0,2}}(?P<name>[^\W\d_]{{3,9}})(?![^\W\d_])"
    rf"|(?<![^\W\d_])(?P<name2>[^\W\d_]{{3,9}})[-_. ]{{0,2}}(?P<day2>{_DAY})(?![0-9])"
)
_NAMES = {begins: number for number, own in enumerate(MONTHS, 1) for begins in own.split()}
_IN_FULL = (
    "january januar", "february februar", "march märz", "april", "may mai", "june juni", "july juli", "august",
    "september", "october oktober", "november", "december dezember",
)  # fmt: skip
_NAMES |= {name: number for number, own in enumerate(_IN_FULL, 1) for name in own.split()}


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody writes dates."""

    month_first: bool = False
    """``03-15-2026`` instead of ``15-03-2026``."""
    day_first: bool = False
    """``010326`` instead of ``260301``."""


def habit(texts: Iterable[str]) -> Habit:
    """The habit in which all dates of `texts` are written."""
    names = list(texts)
    six = [match for text in names for match in _SIX.finditer(text)]
    firsts, lasts = ([int(match[part]) for match in six] for part in ("first", "last"))
    by_year = max(firsts, default=0) - min(firsts, default=0)
    by_day = max(lasts, default=0) - min(lasts, default=0)
    return Habit(any(map(_ONLY_MONTH_FIRST.search, names)), by_day < by_year)


@lru_cache(maxsize=16_384)
def found(text: str, habit: Habit | None) -> tuple[str, str]:
    """The date that `text`, in lower case, holds as something that sorts, and the text without it; empty for none.

    Without a `habit` only a date with its year counts: six digits may be anybody's id.
    """
    month_first = habit is not None and habit.month_first
    match = _YEAR_FIRST.search(text) or (_MONTH_FIRST if month_first else _DAY_FIRST).search(text)
    match = match or (_WITHOUT_YEAR.search(text) if habit else None)
    if match:
        parts = match.groupdict()
        month, day = (int(parts[name] or parts.get(f"{name}2") or 0) for name in ("month", "day"))
        hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
        date = f"{parts.get('year') or '0000'}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
        return date, _without(text, match)
    if habit is None:
        return "", text
    if (match := _SIX.search(text)) is not None:
        year, last = (match["last"], match["first"]) if habit.day_first else (match["first"], match["last"])
        if 1 <= int(last) <= 31:
            return f"20{year}-{match['month']}-{last} 00:00:00", _without(text, match)
    for match in _NAMED.finditer(text):
        number = _NAMES.get(match["name"] or match["name2"])
        if number is not None:
            return f"0000-{number:02}-{int(match['day'] or match['day2']):02} 00:00:00", _without(text, match)
    return "", text


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"
