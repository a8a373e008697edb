"""Problems' names that stand in students' names on purpose: ``jane_maxpool``, not ``Adam Smith`` where 06 is *adam*.

A name of several words, or one with the problem's number before it, is not there by accident. A single word may be a
student's: it is the problem's where the class puts problems into names, and puts them where the word stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from grader.intake.folding import squashed
from grader.intake.naming import Hit, Names, Strength
from grader.intake.ownname import says_handed_in

_START, _MIDDLE, _END, _ALL = "start", "middle", "end", "all"


@dataclass(frozen=True, slots=True)
class _Found:
    """A problem's name in a student's."""

    hit: Hit
    """Without the number before it."""
    side: str
    apart: bool
    """Whether words end where it begins and ends."""
    sure: bool


def on_purpose(texts: Sequence[str], names: Names, answers: Callable[[int], Collection[str]]) -> list[Hit | None]:
    """The problem's name in each of `texts`, without the number before it, or None.

    Args:
        texts: names of files or folders that lie side by side.
        names: what names can say of the course.
        answers: index -> the problems that what is called so answers, by its functions.
    """
    found = [_not_denied(_found(text, names), index, answers) for index, text in enumerate(texts)]
    apart = [[each for each in own if each.apart] for own in found]
    if not any(apart):
        # A class that writes names and problems in one word: "janemaxpool".
        apart = found
    alone = Counter(own[0].side for own in apart if len(own) == 1)
    side = next((side for side, count in alone.items() if 2 * count > alone.total()), "")
    by_phrase = 2 * sum(map(bool, apart)) > len(texts)
    numbered = [any(hit.strength == Strength.CERTAIN for hit in names.hits(text)) for text in texts]
    usual = 2 * sum(bool(own) or number for own, number in zip(apart, numbered, strict=True)) > len(texts)
    chosen: list[Hit | None] = []
    for index, own in enumerate(apart):
        sure = [each for each in own if each.sure]
        at_its_place = [each for each in own if each.side == side]
        if sure:
            picked = _agreed([each for each in sure if each.side == side] or sure)
        elif at_its_place and by_phrase:
            picked = at_its_place[0 if side == _START else -1].hit
        elif not own and by_phrase:
            picked = _agreed([each for each in found[index] if each.side == side])
        elif own and usual and not numbered[index] and (not side or at_its_place):
            picked = _agreed(own)
        else:
            picked = None
        chosen.append(picked)
    return chosen


def _not_denied(found: list[_Found], index: int, answers: Callable[[int], Collection[str]]) -> list[_Found]:
    """Those whose problem the file's functions do not rule out."""
    if all(each.sure for each in found) or not (answered := answers(index)):
        return found
    return [each for each in found if each.sure or each.hit.problem in answered]


def _agreed(found: Sequence[_Found]) -> Hit | None:
    return found[0].hit if len({each.hit.problem for each in found}) == 1 else None


def _found(text: str, names: Names) -> list[_Found]:
    if not (phrases := names.phrases(text)):
        return []
    found: list[_Found] = []
    for hit in sorted(phrases, key=lambda hit: hit.start):
        core = text[hit.start : hit.end].lstrip("0123456789 _-.")
        start = hit.end - len(core) if core else hit.start
        side = _side(_names_somebody(text[: hit.start]), _names_somebody(text[hit.end :]))
        sure = side == _ALL or start > hit.start or squashed(core) not in names.single_words
        apart = _ends_word(text, hit.start) and _ends_word(text, hit.end)
        found.append(_Found(Hit(hit.problem, hit.strength, start, hit.end), side, apart, sure))
    return found


def _side(before: bool, after: bool) -> str:
    if before:
        return _MIDDLE if after else _END
    return _START if after else _ALL


def _names_somebody(text: str) -> bool:
    return any(map(str.isalpha, text)) and not says_handed_in(text)


def _ends_word(text: str, place: int) -> bool:
    """Whether one word ends at `place` and another may begin."""
    if not 0 < place < len(text):
        return True
    before, after = text[place - 1], text[place]
    if not (before.isalpha() and after.isalpha()):
        return True
    return (before.islower() and after.isupper()) or before.isascii() != after.isascii()
