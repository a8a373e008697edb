"""What a student replied, and how that compares with the reference and with a misconception."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.checking.recognition.sameness import as_right, has_numbers, numbers, numbers_fit, same, same_reply
from grader.checking.session.transcript import LIBRARY, Transcript, TranscriptEntry
from grader.sandbox.operations import CallFunction

# An exception's type and words alone are thin evidence: two functions may stumble over the same thing.
RAISED_EVIDENCE = 2
# What agrees in a part alone must agree in the numbers of more than one answer.
NUMBERS_EVIDENCE = 2

Place = tuple[str, int]
"""(check, number of the question in it)."""

Places = frozenset[Place]
"""Places at which a misconception shows itself and the student agrees."""


@dataclass(frozen=True)
class Showing:
    """How one misconception shows itself in one function."""

    replies: Mapping[Place, TranscriptEntry]
    """Its reply where that is not the reference's."""
    asked: frozenset[Place]
    """Where it was asked what the reference was."""
    by_numbers: Places
    """Where it replies with other numbers, which nobody hits upon by chance."""
    by_order: Places
    """Where it replies with the same, in another order."""

    @property
    def places(self) -> Places:
        """Where it shows itself."""
        return frozenset(self.replies)


class Replies:
    """What a student replied where the reference was asked alike, and how that compares."""

    def __init__(self, student: Transcript, reference: Transcript, lost: Mapping[str, float] | None) -> None:
        self._student = student
        self._reference = reference
        self.right: set[Place] = set()
        self.wrong: dict[str, set[Place]] = {}
        """By function; LIBRARY is none."""
        self.plainly: set[str] = set()
        """Checks in which something failed that is plain to see: an exception, nothing returned, another type."""
        self._same: dict[tuple[Place, int], bool] = {}
        for check, entries in student.items():
            for index, (mine, right) in enumerate(zip(entries, reference.get(check, ()), strict=False)):
                if mine.function != right.function or not same(mine.question, right.question):
                    break
                passed = lost is not None and not lost.get(check)
                self._take((check, index), mine, right, passed=passed)

    def _take(self, place: Place, mine: TranscriptEntry, right: TranscriptEntry, *, passed: bool) -> None:
        if as_right(right, mine):
            self.right.add(place)
            return
        if passed:
            return  # Another reply is free there, and says nothing.
        if mine.function != LIBRARY:
            self.wrong.setdefault(mine.function, set()).add(place)
        if mine.kind != "value" or (right.kind == "value" and type(mine.value) is not type(right.value)):
            self.plainly.add(place[0])

    def in_detail(self, evidence: Places) -> bool:
        """Whether a function of which this is evidence is right elsewhere."""
        functions = {self._entry(place).function for place in evidence}
        return any(
            _says_something(self._entry(place)) for place in self.right if self._entry(place).function in functions
        )

    def _entry(self, place: Place) -> TranscriptEntry:
        check, index = place
        return self._student[check][index]

    def kind(self, place: Place) -> str:
        """What a reply is: "value", "raised" or "lost"."""
        return self._entry(place).kind

    def agrees(self, place: Place, showing: Showing) -> bool:
        """Whether the student's reply is the misconception's, at a place where that shows itself."""
        known = showing.replies[place]
        key = place, id(known)
        if key not in self._same:
            mine = self._entry(place)
            self._same[key] = same_reply(mine, known, ordered=place in showing.by_order) or (
                # Where its numbers tell, whether it asks for a gradient does not decide.
                place in showing.by_numbers
                and mine.kind == known.kind
                and same(numbers(mine.value), numbers(known.value))
            )
        return self._same[key]

    def agreed(self, function: str, showing: Showing) -> Places | None:
        """Where the misconception shows itself in a function; None where the student's reply is another."""
        wrong = self.wrong.get(function, set()) & showing.asked
        if not wrong <= showing.replies.keys():
            return None
        if any(place not in showing.by_order for place in showing.replies.keys() & self.right):
            return None
        reached = [place for place in showing.replies if place in wrong or place in self.right]
        raised = [place for place in reached if self.kind(place) == "raised" == showing.replies[place].kind]
        if not numbers_fit((self._entry(place).value, showing.replies[place].value) for place in raised):
            return None
        if all(self.agrees(place, showing) for place in reached) or self._stumbles_alike(showing, reached):
            return frozenset(reached)
        return self._breaks_otherwise(showing, reached)

    def _breaks_otherwise(self, showing: Showing, reached: Sequence[Place]) -> Places | None:
        """Where both reply alike, if the rest is where one of the two raises.

        What comes of an impossible size, say, depends on how a loop is written: an exception, an empty tensor, a row of
        infinite numbers. The numbers elsewhere have to say twice that it is the same mistake, and at more places than
        those at which the student alone raises.
        """
        agreed = frozenset(place for place in reached if self.agrees(place, showing))
        others = [place for place in reached if place not in agreed and showing.replies[place].kind != "raised"]
        wrong = all(place in agreed or place not in self.right for place in reached)
        stumbled = wrong and all(self.kind(place) == "raised" for place in others) and len(others) < len(agreed)
        return agreed if stumbled and len(agreed & showing.by_numbers) >= NUMBERS_EVIDENCE else None

    def _stumbles_alike(self, showing: Showing, reached: Sequence[Place]) -> bool:
        """Whether both raise the same kind of exception at the same places and at no other; its words may differ.

        Who is right elsewhere and raises just where the misconception does stumbles over the same thing. The kind says
        nothing where it is RuntimeError: torch raises it for whatever does not fit.
        """
        elsewhere = (self._entry(place) for place in showing.asked & self.right)
        if len(reached) < RAISED_EVIDENCE or not any(map(_says_something, elsewhere)):
            return False
        return all(self._raised_alike(place, showing) for place in reached)

    def _raised_alike(self, place: Place, showing: Showing) -> bool:
        mine, known = self._entry(place), showing.replies[place]
        if mine.kind != "raised" or known.kind != "raised":
            return self.agrees(place, showing)
        if not isinstance(mine.value, tuple) or not isinstance(known.value, tuple) or mine.value[0] != known.value[0]:
            return False
        return bool(mine.value[0] != "RuntimeError") or self.agrees(place, showing)


def _says_something(entry: TranscriptEntry) -> bool:
    """Whether a right reply shows that the function works: that a call came back with anything at all does not."""
    return entry.question[0] == CallFunction.__name__ and has_numbers(entry.value)
