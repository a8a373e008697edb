"""Recognising a wrong answer by the mistake behind it.

A misconception is a whole wrong submission. It is run through the same checks as a student's work, in a
room of its own, and so is the reference. Where its answers part from the reference's, on the same
questions, it shows itself; a student's function is taken for it only if it gives *its* answer at every
such place that both reached, and at every other place of that function. No guess is made: a single
contradiction, and the function is no evidence.

A mistake that can be made in several functions may be made in one of them alone. Then that function speaks for it, but
only where nothing that fits in all functions explains the same answers, and no other mistake fits as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from grader.checking.recognition.sameness import has_numbers, numbers, same, same_reply
from grader.checking.session.transcript import LIBRARY, Entry, Transcript

# An exception's type and words alone are thin evidence: two functions may stumble over the same thing.
_RAISED_EVIDENCE = 2
_MOST_REMEMBERED = 100_000
# A mistake that is made in some of its functions alone must show in more than one answer.
_PARTIAL_NUMBERS = 2


@dataclass(frozen=True)
class _Place:
    """A question that the reference and one misconception were asked alike."""

    check: str
    index: int
    answer: Entry
    """The misconception's."""
    telling: bool
    """Whether the reference answers otherwise."""
    by_numbers: bool
    """Whether it answers with other numbers, which nobody hits upon by chance."""


Evidence = frozenset[tuple[str, int]]
"""Places, as (check, index), at which a misconception shows itself and the student agrees."""


class Distinctions:
    """Where each misconception parts from the reference: worked out once, asked about every failed submission."""

    def __init__(self, reference: Transcript, known: Mapping[str, Transcript]) -> None:
        self._reference = reference
        self._same = _Same()
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
        """Ids of the misconceptions whose answers the student's are, those with most evidence first.

        One that shows itself only where another one does as well, and at fewer places, adds nothing and is left out.
        """
        asked = _Asked(lambda check: self._asked_alike(student, check))
        agreement = _Agreement(student, self._same)
        whole: dict[str, Evidence] = {}
        partly: dict[str, Evidence] = {}
        for name, functions in self._places.items():
            agreed = [_agreed(agreement, asked, places) for places in functions.values()]
            places = [place for found in agreed for place in found or ()]
            evidence = frozenset((place.check, place.index) for place in places)
            if None in agreed:
                if sum(place.by_numbers for place in places) >= _PARTIAL_NUMBERS:
                    partly[name] = evidence
            elif any(place.answer.kind == "value" for place in places) or len(places) >= _RAISED_EVIDENCE:
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
            if mine.function != right.function or not self._same.questions(mine, right):
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
    """The misconceptions that a student's answers are; see `Distinctions`."""
    return Distinctions(reference, known).recognise(student)


class _Same:
    """Whether questions and answers that come back are those of known entries: found out once for the whole class."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, int], bool] = {}

    def questions(self, mine: Entry, known: Entry) -> bool:
        return self._remembered("asked", mine.asked, known, lambda: same(mine.question, known.question))

    def answers(self, mine: Entry, known: Entry) -> bool:
        return self._remembered(mine.kind, mine.answered, known, lambda: same_reply(mine, known))

    def _remembered(self, kind: str, number: int, known: Entry, find_out: Callable[[], bool]) -> bool:
        if not number:
            return find_out()
        pair = kind, number, id(known)  # Which lives as long as this.
        found = self._found.get(pair)
        if found is None:
            if len(self._found) >= _MOST_REMEMBERED:
                self._found.clear()
            found = self._found[pair] = find_out()
        return found


class _Agreement:
    """Whether a student's answers are those of places; at most places all misconceptions share the right one."""

    def __init__(self, student: Transcript, same: _Same) -> None:
        self._student = student
        self._same = same
        self._found: dict[tuple[int, int], bool] = {}

    def at(self, place: _Place) -> bool:
        mine = self._student[place.check][place.index]
        pair = id(mine), id(place.answer)
        found = self._found.get(pair)
        if found is None:
            found = self._found[pair] = self._same.answers(mine, place.answer)
        return found


def _agreed(agreement: _Agreement, asked: Mapping[str, int], places: Sequence[_Place]) -> list[_Place] | None:
    """Places of one function at which the misconception shows itself; None where the student's answer is another."""
    telling = []
    for place in places:
        if place.index >= asked[place.check]:
            continue
        if not agreement.at(place):
            return None
        if place.telling:
            telling.append(place)
    return telling


def _other_numbers(right: Entry, wrong: Entry) -> bool:
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
