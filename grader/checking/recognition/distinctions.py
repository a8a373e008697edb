"""Recognising a wrong answer by the mistake behind it.

A misconception is a whole wrong submission. It is put before the same checks as a student's, in a room of its own, and
so is the reference. A place is a question that both were asked alike; the misconception shows itself at the places
where its reply is not the reference's. A student's function is taken for the misconception's if it gives the
misconception's reply at each of these places that it reached, and at every other place of that function. Nothing is
guessed: after a single contradiction the function is no evidence.

A mistake that can be made in several functions may be made in one of them alone. Then that function speaks for it, but
only where nothing that fits in all functions explains the same replies, and no other mistake fits as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from grader.checking.recognition.sameness import has_numbers, numbers, same, same_reply
from grader.checking.session.transcript import LIBRARY, Transcript, TranscriptEntry

# An exception's type and words alone are thin evidence: two functions may stumble over the same thing.
_RAISED_EVIDENCE = 2
# A mistake that is made in some of its functions alone must show in more than one answer.
_PARTIAL_NUMBERS = 2


@dataclass(frozen=True)
class _Place:
    """A question that the reference and one misconception were asked alike."""

    check: str
    index: int
    reply: TranscriptEntry
    """The misconception's."""
    telling: bool
    """Whether the reference answers otherwise."""
    by_numbers: bool
    """Whether it answers with other numbers, which nobody hits upon by chance."""


Evidence = frozenset[tuple[str, int]]
"""Places, as (check, index), at which a misconception shows itself and the student agrees."""


class Distinctions:
    """Where each misconception parts from the reference: worked out once, and asked about every failed submission."""

    def __init__(self, reference: Transcript, known: Mapping[str, Transcript]) -> None:
        self._reference = reference
        self._places = {name: self._places_of(transcript) for name, transcript in known.items()}

    def _places_of(self, known: Transcript) -> dict[str, list[_Place]]:
        """The places in the functions in which the misconception shows itself at all, by function."""
        places: dict[str, list[_Place]] = {}
        for check, entries in known.items():
            for index, (right, theirs) in enumerate(zip(self._reference.get(check, ()), entries, strict=False)):
                if right.function != theirs.function or not same(right.question, theirs.question):
                    break
                telling = not same_reply(right, theirs)
                place = _Place(check, index, theirs, telling, telling and _other_numbers(right, theirs))
                places.setdefault(theirs.function, []).append(place)
        return {
            function: here
            for function, here in places.items()
            if function != LIBRARY and any(place.telling for place in here)
        }

    def recognise(self, student: Transcript) -> list[str]:
        """Ids of the misconceptions whose replies the student's are, those with most evidence first.

        One that shows itself only where another one does as well, and at fewer places, adds nothing and is left out.
        """
        asked = _Asked(lambda check: self._asked_alike(student, check))
        whole: dict[str, Evidence] = {}
        partly: dict[str, Evidence] = {}
        for name, functions in self._places.items():
            agreed = [_agreed(student, asked, places) for places in functions.values()]
            places = [place for found in agreed for place in found or ()]
            evidence = frozenset((place.check, place.index) for place in places)
            if None in agreed:
                if sum(place.by_numbers for place in places) >= _PARTIAL_NUMBERS:
                    partly[name] = evidence
            elif any(place.reply.kind == "value" for place in places) or len(places) >= _RAISED_EVIDENCE:
                whole[name] = evidence
        explained = Evidence().union(*whole.values())
        partly = {name: evidence for name, evidence in partly.items() if not evidence <= explained}
        return [*_widest(whole), *(name for name in _widest(partly) if _alone(name, partly))]

    def _asked_alike(self, student: Transcript, check: str) -> int:
        """How many questions of a check the student was asked as the reference was, before the first that differs."""
        if check not in student:
            return 0
        pairs = zip(student[check], self._reference.get(check, ()), strict=False)
        for count, (mine, right) in enumerate(pairs):
            if mine.function != right.function or not same(mine.question, right.question):
                return count
        return min(len(student[check]), len(self._reference.get(check, ())))


class _Asked(dict[str, int]):
    """Check -> how much of it counts, found out when it is asked for: most misconceptions fall at the first check."""

    def __init__(self, find_out: Callable[[str], int]) -> None:
        self._find_out = find_out

    def __missing__(self, check: str) -> int:
        self[check] = count = self._find_out(check)
        return count


def recognise(student: Transcript, reference: Transcript, known: Mapping[str, Transcript]) -> list[str]:
    """The misconceptions that a student's replies are; see `Distinctions`."""
    return Distinctions(reference, known).recognise(student)


def _agreed(student: Transcript, asked: Mapping[str, int], places: Sequence[_Place]) -> list[_Place] | None:
    """Places of one function at which the misconception shows itself; None where the student's answer is another."""
    telling = []
    for place in places:
        if place.index >= asked[place.check]:
            continue
        if not same_reply(student[place.check][place.index], place.reply):
            return None
        if place.telling:
            telling.append(place)
    return telling


def _other_numbers(right: TranscriptEntry, wrong: TranscriptEntry) -> bool:
    """Whether a wrong answer has numbers that differ; yes or no, a name, or asking for a gradient is none."""
    if wrong.kind != "value" or not has_numbers(wrong.value):
        return False
    return right.kind != "value" or not same(numbers(right.value), numbers(wrong.value))


def _widest(evidence: Mapping[str, Evidence]) -> list[str]:
    """Names by how much speaks for them, without those for which only a part of another's evidence speaks."""
    names = sorted(evidence, key=lambda name: (-len(evidence[name]), name))
    return [name for name in names if not any(evidence[name] < evidence[other] for other in names)]


def _alone(name: str, evidence: Mapping[str, Evidence]) -> bool:
    """Whether no other one has the same evidence: between two that fit alike there is nothing to choose."""
    return not any(evidence[name] == evidence[other] for other in evidence if other != name)
