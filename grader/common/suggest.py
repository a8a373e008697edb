""" "did you mean …?": the known word that is nearest to a typed one.

A suggestion ends what is said: it is the hint of an error, or stands after the last semicolon of a line that has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_MOST_LISTED = 20


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The known word most like `word`; None where none is at least `cutoff` alike (0: anything, 1: the same).

    Case does not count: it is the likeliest slip, and the same letters in another case would rank far apart.
    """
    import difflib  # Only a wrong word needs it.

    by_lower = {name.lower(): name for name in sorted(known, reverse=True)}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[close[0]] if close else None


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """``did you mean …?``; None where nothing is near, and what is known is too much to list."""
    found = nearest(word, known)
    return f"did you mean {found}?" if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean …?``, else ``known: a, b, c``."""
    names = list(known)
    if near := suggestion(word, names):
        return near
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return f"known: {', '.join(names[:_MOST_LISTED])}{more}"


def did_you_mean_person(word: str, people: Mapping[str, str]) -> str:
    """The same for somebody's id, where the name may have been typed instead; `people` are ids with names."""
    if not nearest(word, people):
        ids = {name: id for id, name in people.items()}
        if (name := nearest(word, ids, cutoff=0.8)) is not None:
            return f"did you mean {ids[name]}, {name}?"
    return did_you_mean(word, people)
