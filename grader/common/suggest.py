""" "Did you mean …?": the known word that is nearest to a typed one."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The known word most like `word`; None where none is at least `cutoff` alike (0: anything, 1: the same).

    Case does not count: it is the likeliest slip, and the same letters in another case would rank far apart.
    """
    import difflib  # Only a wrong word needs it.

    by_lower = {name.lower(): name for name in sorted(known, reverse=True)}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """``did you mean …?``, else ``known: a, b, c``; for the hint of an error or after a semicolon."""
    names = list(known)
    found = nearest(word, names, cutoff=cutoff)
    return f"did you mean {found}?" if found else f"known: {', '.join(names)}"
