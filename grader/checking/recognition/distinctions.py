"""Recognising a wrong answer by the mistake behind it.

A misconception is a whole wrong submission. It is put before the same checks as a student's, in a room of its own, and
so is the reference. A place is a question that both were asked alike; the misconception shows itself at the places
where its reply is not the reference's. A student's function is taken for the misconception's if it gives the
misconception's reply at each of these places that it reached, and the reference's at every other place of that
function. Nothing is guessed: after a single contradiction the function is no evidence.

What a function replies is explained, where it can be, by the first of these that fits:

1. a mistake that fits in all functions in which it shows itself;
2. a mistake that can be made in several functions, and was made in this one alone: only where its numbers say so twice;
3. two mistakes in one function, or three, each of which shows itself at places of its own.

Between several that fit alike there is nothing to choose, and none is named. What explains more points is named first.
A mistake in detail, whose function is right elsewhere, is not named beside a plainer failure that costs more, such as
an exception that nothing explains. Where a function is never right, such failures may well be what follows from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import combinations

from grader.checking.recognition.comparison import NUMBERS_EVIDENCE, RAISED_EVIDENCE, Place, Places, Replies, Showing
from grader.checking.recognition.sameness import as_right, has_numbers, numbers, same, same_reply
from grader.checking.session.transcript import LIBRARY, Transcript, TranscriptEntry
from grader.problem.variants import misconception_of

# More are not looked through: it would take seconds.
_MOST_COMBINATIONS = 5_000


class Distinctions:
    """Where each misconception parts from the reference: worked out once, and asked about every failed submission."""

    def __init__(self, reference: Transcript, known: Mapping[str, Transcript]) -> None:
        self._reference = reference
        self._showings = {name: self._showings_of(transcript) for name, transcript in known.items()}

    def _showings_of(self, known: Transcript) -> dict[str, Showing]:
        """The functions in which a misconception shows itself at all."""
        asked: dict[str, set[Place]] = {}
        replies: dict[str, dict[Place, TranscriptEntry]] = {}
        for check, entries in known.items():
            for index, (right, theirs) in enumerate(zip(self._reference.get(check, ()), entries, strict=False)):
                if right.function != theirs.function or not same(right.question, theirs.question):
                    break
                asked.setdefault(theirs.function, set()).add((check, index))
                if right is not theirs and not as_right(right, theirs, ordered=True):
                    replies.setdefault(theirs.function, {})[check, index] = theirs
        return {
            function: Showing(
                here,
                frozenset(asked[function]),
                frozenset(place for place, reply in here.items() if _other_numbers(self._right(place), reply)),
                frozenset(place for place, reply in here.items() if same_reply(self._right(place), reply)),
            )
            for function, here in replies.items()
            if function != LIBRARY
        }

    def checks_that_show(self, misconception: str) -> set[str]:
        """The checks in which a misconception, or one of its variants, gives another reply than the reference."""
        return {
            check
            for name, showings in self._showings.items()
            if misconception_of(name) == misconception
            for showing in showings.values()
            for check, _ in showing.places
        }

    def _right(self, place: Place) -> TranscriptEntry:
        check, index = place
        return self._reference[check][index]

    def recognise(self, student: Transcript, lost: Mapping[str, float] | None = None) -> list[str]:
        """Ids of the misconceptions whose replies the student's are, those that explain most points first.

        `lost` has the points that each failed check has cost. One that shows itself only where another one does as
        well, and at fewer places, adds nothing and is left out.
        """
        replies = Replies(student, self._reference, lost)
        found = self._whole(replies)
        explained = {function for name in found for function in self._showings[name]}
        for function in sorted(replies.wrong.keys() - explained):
            here = self._partly(replies, function) or self._together(replies, function)
            explained |= {function} if here else set()
            found |= here
        if replies.wrong.keys() - explained:
            # An exception may follow from what is wrong in a function that nothing explains.
            found = {name: evidence for name, evidence in found.items() if "value" in map(replies.kind, evidence)}
        return _named(found, replies, lost or {})

    def _whole(self, replies: Replies) -> dict[str, Places]:
        """Mistakes that fit in all functions in which they show themselves."""
        whole = {}
        for name, showings in self._showings.items():
            evidence: set[Place] = set()
            for function, showing in showings.items():
                agreed = replies.agreed(function, showing)
                if agreed is None:
                    break
                evidence |= agreed
            else:
                said = [replies.kind(place) for place in evidence]
                if "value" in said or len(said) >= RAISED_EVIDENCE:
                    whole[name] = frozenset(evidence)
        return self._plainest(_widest(whole), replies)

    def _plainest(self, whole: Mapping[str, Places], replies: Replies) -> dict[str, Places]:
        """Of several with the same evidence, the one whose exceptions say the same at most places, and of these the one
        that was to show itself at the fewest other places.
        """
        fewest: dict[Places, tuple[int, int]] = {}
        beyond = {name: self._beyond(name, evidence, replies) for name, evidence in whole.items()}
        for name, evidence in whole.items():
            fewest[evidence] = min(beyond[name], fewest.get(evidence, beyond[name]))
        plainest = {name: evidence for name, evidence in whole.items() if beyond[name] == fewest[evidence]}
        return {name: evidence for name, evidence in plainest.items() if _alone(name, plainest)}

    def _beyond(self, name: str, evidence: Places, replies: Replies) -> tuple[int, int]:
        """At how many of these places the misconception has other words, and at how many others it shows itself."""
        showings = self._showings[name].values()
        said = {place for showing in showings for place in evidence & showing.places if replies.agrees(place, showing)}
        return len(evidence - said), sum(len(showing.replies) for showing in showings) - len(evidence)

    def _partly(self, replies: Replies, function: str) -> dict[str, Places]:
        """The mistake, made in other functions as well, that was made in this one."""
        fit = {}
        for name, showings in self._showings.items():
            if function not in showings:
                continue
            agreed = replies.agreed(function, showings[function])
            if agreed is not None and len(agreed & showings[function].by_numbers) >= NUMBERS_EVIDENCE:
                fit[name] = agreed
        widest = _widest(fit)
        return {name: evidence for name, evidence in widest.items() if _alone(name, widest)}

    def _together(self, replies: Replies, function: str) -> dict[str, Places]:
        """The two or three mistakes that were made in this function; two, where two will do."""
        candidates = {}
        for name, showings in self._showings.items():
            showing = showings.get(function)
            if showing is not None and not (showing.places & replies.right):
                agreed = frozenset(
                    place for place in showing.places & replies.wrong[function] if replies.agrees(place, showing)
                )
                if agreed:
                    candidates[name] = agreed
        for number in (2, 3):
            if math.comb(len(candidates), number) > _MOST_COMBINATIONS:
                return {}
            fitting = [
                fit
                for names in combinations(candidates, number)
                if len(set(map(misconception_of, names))) == number
                and (fit := self._explain_together(names, candidates, replies, function))
            ]
            if fitting:
                common = set.intersection(*({misconception_of(name) for name in fit} for fit in fitting))
                return {name: evidence for name, evidence in fitting[0].items() if misconception_of(name) in common}
        return {}

    def _explain_together(
        self, names: tuple[str, ...], agreed: Mapping[str, Places], replies: Replies, function: str
    ) -> dict[str, Places]:
        """What each of several mistakes explains alone, if they explain together all that is wrong; else nothing.

        Where two of them show themselves, the reply may be any.
        """
        wrong = replies.wrong[function]
        showings = {name: self._showings[name][function] for name in names}
        if not wrong <= frozenset().union(*(showing.places for showing in showings.values())):
            return {}
        fit = {}
        for name, showing in showings.items():
            others = frozenset().union(*(other.places for key, other in showings.items() if key != name))
            alone = (showing.places - others) & wrong
            if not alone <= agreed[name] or not _tells(alone, showing, replies):
                return {}
            fit[name] = alone
        return fit if sum(map(len, fit.values())) > len(fit) else {}


def recognise(
    student: Transcript,
    reference: Transcript,
    known: Mapping[str, Transcript],
    lost: Mapping[str, float] | None = None,
) -> list[str]:
    """The misconceptions that a student's replies are; see `Distinctions`."""
    return Distinctions(reference, known).recognise(student, lost)


def _named(found: Mapping[str, Places], replies: Replies, lost: Mapping[str, float]) -> list[str]:
    """Ids by the points that they explain, without details that explain less than what is plain to see has cost."""
    explained = {name: {check for check, _ in evidence} for name, evidence in found.items()}
    plain = replies.plainly.difference(*explained.values())
    cost: Callable[[set[str]], float] = lambda checks: sum(lost.get(check, 0.0) for check in checks)  # noqa: E731
    names = sorted(found, key=lambda name: (-cost(explained[name]), -len(found[name]), name))
    weighty = [name for name in names if cost(explained[name]) >= cost(plain) or not replies.in_detail(found[name])]
    return list(dict.fromkeys(map(misconception_of, weighty)))


def _tells(evidence: Places | set[Place], showing: Showing, replies: Replies) -> bool:
    """Whether these places tell of a mistake by their numbers, or by several exceptions."""
    raised = [place for place in evidence if replies.kind(place) == "raised"]
    return bool(evidence & showing.by_numbers) or len(raised) >= RAISED_EVIDENCE


def _other_numbers(right: TranscriptEntry, wrong: TranscriptEntry) -> bool:
    """Whether a wrong answer has numbers that differ, or the same in another type of collection.

    Yes or no, a name, or asking for a gradient is none.
    """
    if wrong.kind != "value" or not has_numbers(wrong.value):
        return False
    other_type = right.kind != "value" or type(right.value) is not type(wrong.value)
    return other_type or not same(numbers(right.value), numbers(wrong.value))


def _widest(evidence: Mapping[str, Places]) -> dict[str, Places]:
    """The evidence, without what is only a part of another misconception's."""
    return {
        name: here
        for name, here in evidence.items()
        if not any(here < there for other, there in evidence.items() if other != name)
    }


def _alone(name: str, evidence: Mapping[str, Places]) -> bool:
    """Whether no other misconception has the same evidence: between two that fit alike there is nothing to choose."""
    return not any(
        evidence[name] == there
        for other, there in evidence.items()
        if misconception_of(other) != misconception_of(name)
    )
