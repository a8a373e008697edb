"""Recognising a wrong answer by the mistake behind it.

A misconception is a whole wrong submission. It is put before the same checks as a student's, in a room of its own, and
so is the reference. A place is a question that both were asked alike; the misconception shows itself at the places
where its reply is not the reference's. A student's function is taken for the misconception's if it gives the
misconception's reply at each of these places that it reached, and the reference's at every other place of that
function. Nothing is guessed: after a single contradiction the function is no evidence.

What a function replies is explained, where it can be, by the first of these that fits:

1. a mistake that fits in all functions in which it shows itself;
2. a mistake that can be made in several functions, and was made in this one alone: only where its numbers say so twice;
3. two mistakes in one function, each of which shows itself at places of its own.

Between several that fit alike there is nothing to choose, and none is named. What explains more points is named first.
A mistake in detail, whose function is right elsewhere, is not named beside a plainer failure that costs more, such as
an exception that nothing explains. Where a function is never right, such failures may well be what follows from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations

from grader.checking.recognition.comparison import NUMBERS_EVIDENCE, RAISED_EVIDENCE, Evidence, Place, Replies, Showing
from grader.checking.recognition.sameness import as_right, has_numbers, numbers, same, same_reply
from grader.checking.session.transcript import LIBRARY, Transcript, TranscriptEntry
from grader.problem.variants import misconception_of

# Of two mistakes in one function, both together.
_PAIR_PLACES = 3


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

    def _whole(self, replies: Replies) -> dict[str, Evidence]:
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

    def _plainest(self, whole: Mapping[str, Evidence], replies: Replies) -> dict[str, Evidence]:
        """Of several with the same evidence, the one that was to show itself at the fewest other places."""
        fewest: dict[Evidence, int] = {}
        beyond = {
            name: sum(len(showing.replies) for showing in self._showings[name].values()) - len(evidence)
            for name, evidence in whole.items()
        }
        for name, evidence in whole.items():
            fewest[evidence] = min(beyond[name], fewest.get(evidence, beyond[name]))
        plainest = {name: evidence for name, evidence in whole.items() if beyond[name] == fewest[evidence]}
        return {name: evidence for name, evidence in plainest.items() if _alone(name, plainest)}

    def _partly(self, replies: Replies, function: str) -> dict[str, Evidence]:
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

    def _together(self, replies: Replies, function: str) -> dict[str, Evidence]:
        """The two mistakes that were both made in this function."""
        wrong = replies.wrong[function]
        candidates = []
        for name, showings in self._showings.items():
            showing = showings.get(function)
            if showing is not None and not (showing.places & replies.right):
                agreed = frozenset(place for place in showing.places & wrong if replies.agrees(place, showing))
                if agreed:
                    candidates.append((name, showing, agreed))
        fitting = []
        for (one, shown, agreed), (other, shown_too, agreed_too) in combinations(candidates, 2):
            if misconception_of(one) == misconception_of(other):
                continue
            alone, alone_too = (shown.places - shown_too.places) & wrong, (shown_too.places - shown.places) & wrong
            if (
                wrong <= shown.places | shown_too.places
                and alone <= agreed
                and alone_too <= agreed_too
                and _tells(alone, shown, replies)
                and _tells(alone_too, shown_too, replies)
                and len(alone) + len(alone_too) >= _PAIR_PLACES
            ):
                fitting.append({one: alone, other: alone_too})
        if not fitting:
            return {}
        common = set.intersection(*({misconception_of(name) for name in pair} for pair in fitting))
        return {name: evidence for name, evidence in fitting[0].items() if misconception_of(name) in common}


def recognise(
    student: Transcript,
    reference: Transcript,
    known: Mapping[str, Transcript],
    lost: Mapping[str, float] | None = None,
) -> list[str]:
    """The misconceptions that a student's replies are; see `Distinctions`."""
    return Distinctions(reference, known).recognise(student, lost)


def _named(found: Mapping[str, Evidence], replies: Replies, lost: Mapping[str, float]) -> list[str]:
    """Ids by the points that they explain, without details that explain less than what is plain to see has cost."""
    explained = {name: {check for check, _ in evidence} for name, evidence in found.items()}
    plain = replies.plainly.difference(*explained.values())
    cost: Callable[[set[str]], float] = lambda checks: sum(lost.get(check, 0.0) for check in checks)  # noqa: E731
    names = sorted(found, key=lambda name: (-cost(explained[name]), -len(found[name]), name))
    weighty = [name for name in names if cost(explained[name]) >= cost(plain) or not replies.in_detail(found[name])]
    return list(dict.fromkeys(map(misconception_of, weighty)))


def _tells(evidence: Evidence | set[Place], showing: Showing, replies: Replies) -> bool:
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


def _widest(evidence: Mapping[str, Evidence]) -> dict[str, Evidence]:
    """The evidence without that which is only a part of another's."""
    return {
        name: here
        for name, here in evidence.items()
        if not any(here < there for other, there in evidence.items() if other != name)
    }


def _alone(name: str, evidence: Mapping[str, Evidence]) -> bool:
    """Whether no other misconception has the same evidence: between two that fit alike there is nothing to choose."""
    return not any(
        evidence[name] == there
        for other, there in evidence.items()
        if misconception_of(other) != misconception_of(name)
    )
