"""Names and cells made comparable and printable. Whoever handed in chose them, so anything may be in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
_NINE = "\N{CIRCLED DIGIT NINE}"
_SEPARATORS = re.compile(r"[\W_]+")


def printable(text: str) -> str:
    """`text` in composed form, on one line, without anything that steers a terminal or reorders text.

    Bytes that were no UTF-8 (`os.fsdecode` smuggles them through as lone surrogates) come out as ``\\xNN``.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(map(_printable_character, unicodedata.normalize("NFC", text)))


def _printable_character(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    return " " if character.isspace() else "\N{REPLACEMENT CHARACTER}"


def written_apart(names: Iterable[str]) -> dict[str, str]:
    """Each of the names in one folder as `printable` writes it; escaped where two of them would come out the same.

    Names are one where they differ in composition alone.
    """
    several = set(names)
    if all(name.isascii() and name.isprintable() and "\\" not in name for name in several):
        return {name: name for name in several}
    alike: dict[str, set[str]] = {}
    for name in several:
        alike.setdefault(printable(name), set()).add(unicodedata.normalize("NFC", name))
    return {name: _escaped(name) if len(alike[shown := printable(name)]) > 1 else shown for name in several}


def _escaped(name: str) -> str:
    plain = unicodedata.normalize("NFC", name).replace("\\", "\\\\")
    return "".join(
        letter if letter == " " or _printable_character(letter) == letter else letter.encode("unicode_escape").decode()
        for letter in plain
    )


def in_ascii_digits(text: str) -> str:
    """`text` with the digits of any script, and those in circles, as 0 to 9; it is as long as before."""
    return text if text.isascii() else "".join(map(_in_ascii, text))


def _in_ascii(letter: str) -> str:
    value = unicodedata.digit(letter, -1) if letter.isdecimal() or "\N{CIRCLED DIGIT ONE}" <= letter <= _NINE else -1
    return letter if value < 0 else str(value)


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """`text` without differences of case, width and separators: ``Anna_Maria  Zoë`` is ``anna maria zoë``."""
    plain = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return plain if plain.isalnum() else _SEPARATORS.sub(" ", plain).strip()


def squashed(text: str) -> str:
    """`folded` without any separator."""
    return folded(text).replace(" ", "")


def name_keys(name: str) -> set[str]:
    """A person's name in any order of its parts, without separators: ``Doe, Jane`` and ``doejane`` share one."""
    words = folded(name).split()
    orders = [sorted(words), words, words[-1:] + words[:-1], words[1:] + words[:1]]
    return {"".join(order) for order in orders} - {""}


@lru_cache(maxsize=16_384)
def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key under which ``p2`` comes before ``p10``."""
    parts = re.findall(r"[0-9]+|[^0-9]+", unicodedata.normalize("NFKC", text).casefold())
    return tuple((0, int(part), "") if "0" <= part[0] <= "9" and len(part) < 30 else (1, 0, part) for part in parts)


def words(text: str) -> frozenset[str]:
    """The words of `text` as a set, for tables of words."""
    return frozenset(text.split())


def size(count: int) -> str:
    """A size in bytes for people: 12 bytes, 3.4 kB, 1.0 MB."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count} bytes"


def listed(names: list[str], limit: int = 6) -> str:
    """Names in one phrase, cut after `limit`."""
    more = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {more} more" if more > 0 else "")
