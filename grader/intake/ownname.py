"""The part of a name that is a student's own, where people made the names: all but what is shown to be something else.

A word such as *copy*, *final*, *lab* or *solution* may be a surname. It is no part of the name where it stands beside
the problem on the other side than the name, which is in one piece (``final_02_alice``, ``alice_02_v2``), or where
everybody in the class has it (``alice_submission``, ``bob_submission``, ``cy_submission``). Else the name stays whole.
Names that differ in such words alone may be one student's or two: `unsure` names them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from grader.intake.folding import folded, listed, natural, words
from grader.intake.naming import GENERIC, NUMBERED, ORDINARY, Hit
from grader.intake.versions import says_only_version, unmarked

HANDED_IN = words(
    "submission submissions solution solutions answer answers final notebook untitled homework hw assignment exercise "
    "exercises task problem copy abgabe lösung loesung übung uebung aufgabe submitted attempt"
)
"""Words for what is handed in, which a name may bear beside the student's."""
SHORT = words("a p q s u g t w l")
"""One letter before a number is as likely the beginning of an id as a word for problem."""

_ABOUT_WORK = HANDED_IN | (NUMBERED - SHORT)
_CHUNK = re.compile(r"[^\W_]+")
_ENDS = " _-.+#,\0"
_VERSION = re.compile(r"v[0-9]{1,2}")
_ENOUGH = 3
"""Students who have a word in common, from which on it is no surname."""


def beside(text: str, hits: Iterable[Hit]) -> list[str]:
    """What stands before, between and after the spans of `hits`, in order; all of `text` where there are none."""
    spans = sorted((hit.start, hit.end) for hit in hits)
    if not spans:
        return [text] if folded(text) else []
    parts, position = [], 0
    for start, end in [*spans, (len(text), len(text))]:
        parts.append(_trimmed(text[position : max(start, position)]))
        position = max(position, end)
    return [part for part in parts if folded(part)]


@lru_cache(maxsize=16_384)
def says_handed_in(part: str) -> bool:
    """Whether a part of a name is made of words for hand-ins, and of marks such as ``v2``."""
    return all(folded(chunk) in HANDED_IN or _is_version(folded(chunk)) for chunk in _CHUNK.findall(part))


@lru_cache(maxsize=16_384)
def says_task(part: str) -> bool:
    """Whether a part of a name is made of words for hand-ins and words that a problem's number stands behind."""
    return all(chunk in _ABOUT_WORK or _is_version(chunk) for chunk in _chunks(part))


def own_name(parts: Sequence[str]) -> str:
    """The student's name in the parts beside the problem's; empty where there is none."""
    named = [part for part in parts if not says_handed_in(part)]
    if len(named) < 2:
        return "".join(named)
    own = [part for part in named if not _says_no_name(part)]
    return "_".join(own or named)


def without_common_words(names: Sequence[str]) -> list[str]:
    """`names` without the words for hand-ins with which all of them begin or end."""
    found = list(names)
    for end in (-1, 0):
        while (shorter := _without(found, end)) is not None:
            found = shorter
    return found


def unsure(names: Sequence[str], plain: Callable[[str], str]) -> list[str]:
    """Why some of `names` may be one student's: they differ in words for hand-ins and versions alone.

    Args:
        names: of students, each different.
        plain: a name without what may be a problem's.
    """
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in names:
        if core := _core(plain(name)):
            alike[core].append(name)
    doubts = []
    for found in alike.values():
        # Names that differ in how they are written are told elsewhere, and are not joined either.
        if len({"".join(_chunks(name)) for name in found}) > 1:
            shown = listed([repr(name) for name in sorted(found, key=natural)], 3)
            doubts.append(f"{shown} may be one student or several: they differ only in words such as copy or final")
    return doubts


def _without(names: list[str], end: int) -> list[str] | None:
    """`names` without their last word (`end` -1) or their first, if it is the same word for hand-ins in all."""
    if len(set(names)) < _ENOUGH:
        return None
    chunks = []
    for name in names:
        chunks.append(list(_CHUNK.finditer(name)))
        if len(chunks[-1]) < 2 or not folded(chunks[-1][end][0]) == folded(chunks[0][end][0]) in HANDED_IN:
            return None
    shorter = [
        _trimmed(name[: own[-1].start()] if end else name[own[0].end() :])
        for name, own in zip(names, chunks, strict=True)
    ]
    return shorter if len(set(shorter)) == len(set(names)) else None


@lru_cache(maxsize=16_384)
def _says_no_name(part: str) -> bool:
    return says_only_version(part) or says_task(part)


def _core(name: str) -> tuple[str, ...]:
    """The words of a name that speak of no work, no file and no version; where all do, the first."""
    kept = tuple(word for word in unmarked(name) if not (word in _ABOUT_WORK or word in GENERIC or word in ORDINARY))
    return kept or tuple(_chunks(name)[:1])


def _is_version(chunk: str) -> bool:
    return _VERSION.fullmatch(chunk) is not None


def _chunks(text: str) -> list[str]:
    return [folded(chunk) for chunk in _CHUNK.findall(text)]


def _trimmed(text: str) -> str:
    """`text` without separators at its ends, and without the brackets that only held what was taken out."""
    bare = text.strip(_ENDS)
    if "(" not in bare and ")" not in bare:
        return bare
    bare = re.sub(r"\(\s*\)", "", bare)
    if bare.count("(") > bare.count(")"):
        bare = bare.removeprefix("(") if bare.startswith("(") else bare + ")"
    elif bare.count(")") > bare.count("("):
        bare = bare.removesuffix(")") if bare.endswith(")") else bare
    return bare.strip(_ENDS)
