"""Names that hold a student and a problem: which part is which, told by the class as a whole.

``team_1_conv_bias``, ``s01_maxpool``, ``jane_02``, ``Bob 2_03``: a number may be the problem's, or belong to the
student's name. One name alone does not tell. So names of one shape are looked at together: a number that names the
right problem in them is the problem's; one that does not in some of them is everybody's own. What the right problem is
comes from the problem's own name beside it, or from the functions that the file defines.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from grader.intake.naming import NUMBERED, Hit, Names, Strength, split_copy, without
from grader.intake.text import folded, words

_TOKEN = re.compile(r"(?P<prefix>[^\W\d_]*)(?P<digits>[0-9]+)(?P<after>[^\W_]*)|[^\W\d_]+")
_MOST_DIGITS = 3
_GROUPS = words(
    "team teams group groups grp gruppe gruppen team equipe équipe groupe equipo grupo squadra gruppo groep grupp "
    "zespol zespół tym tým komanda команда группа группа ομάδα 组 小组 グループ チーム 팀 조 takim takım pair paar"
)
"""Words that a number makes the name of a group."""


@dataclass(frozen=True, slots=True)
class Named:
    """What one name says."""

    student: str
    """Empty where the name names nobody."""
    problem: str | None
    certain: bool = False
    """Whether the name itself tells the problem."""


@dataclass(slots=True)
class Told:
    """What all names of a class say."""

    named: list[Named]
    doubts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Slot:
    """A number in a name."""

    start: int
    end: int
    prefix: str
    number: int
    padded: bool
    announced: bool
    """Whether a word for problem stands before it."""


@dataclass(frozen=True, slots=True)
class _Parsed:
    text: str
    phrase: Hit | None
    """The problem's own name."""
    slots: tuple[_Slot, ...]
    shape: str


def tell_apart(
    stems: Sequence[str],
    names: Names,
    answers: Callable[[int], Collection[str]],
    given: str | None = None,
    *,
    numbers_alone: bool = True,
) -> Told:
    """The student and the problem in each of `stems`.

    Args:
        stems: names without suffix.
        names: what names can say of the course.
        answers: index -> the problems that the functions in that file or folder answer; asked where a name leaves open
            what its numbers are.
        given: the problem that all of them were handed in for, where the place says so.
        numbers_alone: whether a number may be the problem's where nothing else shows that it is, and ``(2)`` at the end
            the mark of a second copy, as in file names. On a folder either may tell two students of one name apart.
    """
    parsed = [_parsed(split_copy(stem).text if numbers_alone else stem, names) for stem in stems]
    shapes: dict[str, list[int]] = defaultdict(list)
    for index, name in enumerate(parsed):
        shapes[name.shape].append(index)
    told = Told([Named("", None)] * len(stems))
    for indices in shapes.values():
        family = _Family([parsed[index] for index in indices], names, given, numbers_alone, len(stems))
        for index, named in zip(indices, family.told(lambda i, at=indices: answers(at[i])), strict=True):  # type: ignore[misc]
            told.named[index] = named
        told.doubts += family.doubts
    return told


def is_problems_name(text: str, names: Names) -> bool:
    """Whether a name is a problem's and nothing more, such as ``02-conv-bias`` or ``hw2``."""
    hits = names.hits(text)
    if not hits or hits[0].strength < Strength.CERTAIN:
        return False
    return not folded(without(text, [hit for hit in hits if hit.problem == hits[0].problem]))


class _Family:
    """Names of one shape."""

    def __init__(
        self, parsed: Sequence[_Parsed], names: Names, given: str | None, numbers_alone: bool, everybody: int
    ) -> None:
        self._parsed = parsed
        self._names = names
        self._given = given
        self._numbers_alone = numbers_alone
        self._common = 2 * len(parsed) > everybody
        """Whether most names of the class have this shape."""
        self._several = 0
        """Names of what answers several problems: a number in them is not the problem's."""
        self.doubts: list[str] = []

    def told(self, answers: Callable[[int], Collection[str]]) -> list[Named]:
        known = [self._known(index, answers) for index in range(len(self._parsed))]
        removed = self._problem_slots(known)
        named = []
        for name, problem in zip(self._parsed, known, strict=True):
            spans = [Hit("", Strength.SLUG, name.phrase.start, name.phrase.end)] if name.phrase else []
            for slot in removed:
                spans.append(Hit("", Strength.NUMBER, name.slots[slot].start, name.slots[slot].end))
            number = self._names.by_number.get(name.slots[removed[-1]].number) if removed else None
            told = (name.phrase.problem if name.phrase else None) or number
            student = without(name.text, spans)
            named.append(Named(student if folded(student) else "", told or problem, told is not None))
        return named

    def _known(self, index: int, answers: Callable[[int], Collection[str]]) -> str | None:
        """The problem, known by something else than a number."""
        name = self._parsed[index]
        if name.phrase is not None:
            return name.phrase.problem
        if self._given is not None:
            return self._given
        found = answers(index)
        self._several += len(found) > 1
        return next(iter(found)) if len(found) == 1 else None

    def _problem_slots(self, known: Sequence[str | None]) -> list[int]:
        """Which of the shape's numbers are the problem's, in order."""
        count = len(self._parsed[0].slots)
        if not count:
            return []
        redundant = any(name.phrase for name in self._parsed) or self._given is not None
        verdicts = [self._agreement(slot, known) for slot in range(count)]
        if redundant:
            return [slot for slot in range(count) if self._repeats_the_problem(slot, known)]
        told = sum(problem is not None for problem in known) + self._several
        if told:
            best = max(verdicts)
            if 2 * best <= told or not best:
                return []
            slot = max(slot for slot in range(count) if verdicts[slot] == best)
            if not (self._is_announced(slot) or self._all_padded(slot) or self._common):
                # "Bob 2" who answers problem 2, among people without numbers: it may be a second Bob.
                return []
            self._doubt_groups(slot)
            return [slot]
        valid = [slot for slot in range(count) if self._could_be(slot)]
        if not self._numbers_alone:
            valid = [slot for slot in valid if self._is_announced(slot)]
        if not valid:
            return []
        slot = max(valid, key=lambda slot: (self._is_announced(slot), self._all_padded(slot), slot))
        self._doubt_groups(slot)
        return [slot]

    def _agreement(self, slot: int, known: Sequence[str | None]) -> int:
        """In how many names the number is that of the right problem."""
        return sum(
            problem is not None and self._names.by_number.get(name.slots[slot].number) == problem
            for name, problem in zip(self._parsed, known, strict=True)
        ) if self._may_be_a_problems(slot) else 0  # fmt: skip

    def _may_be_a_problems(self, slot: int) -> bool:
        first = self._parsed[0].slots[slot]
        return not first.prefix or first.announced

    def _could_be(self, slot: int) -> bool:
        return self._may_be_a_problems(slot) and all(
            name.slots[slot].number in self._names.by_number for name in self._parsed
        )

    def _is_announced(self, slot: int) -> bool:
        first = self._parsed[0].slots[slot]
        return first.announced and first.prefix not in _SHORT

    def _all_padded(self, slot: int) -> bool:
        return all(name.slots[slot].padded for name in self._parsed)

    def _repeats_the_problem(self, slot: int, known: Sequence[str | None]) -> bool:
        """Whether a number beside the problem's name only says it again."""
        if self._agreement(slot, known) < len(known):
            return False
        others = {self._rest(name, slot) for name in self._parsed}
        if self._is_announced(slot):
            return True
        if len(others) > 1:
            # Two second Zoës, "Zoë 5" and "Ann 5", may well both answer problem 5.
            return self._all_padded(slot) or self._common
        rest = others.pop()
        if any(word in _GROUPS for word in rest.split()) or rest in _SHORT or self._given is not None:
            if len(set(known)) > 1:
                self.doubts.append(
                    f"the numbers in names such as {self._parsed[0].text!r} may be the problems' or belong to the names"
                )
            return False
        return self._all_padded(slot) or not rest

    def _doubt_groups(self, slot: int) -> None:
        others = {self._rest(name, slot) for name in self._parsed}
        first = self._parsed[0].slots[slot]
        if len(self._parsed) < 2 or len(others) > 1 or self._is_announced(slot):
            return
        rest = others.pop()
        if any(word in _GROUPS for word in rest.split()) or (first.prefix in _SHORT and not rest):
            self.doubts.append(
                f"the numbers in names such as {self._parsed[0].text!r} may be the problems' or belong to the names"
            )

    @staticmethod
    def _rest(name: _Parsed, slot: int) -> str:
        chosen = name.slots[slot]
        spans = [Hit("", Strength.NUMBER, chosen.start, chosen.end)]
        if name.phrase:
            spans.append(Hit("", Strength.SLUG, name.phrase.start, name.phrase.end))
        return folded(without(name.text, spans))


_SHORT = words("a p q s u g t w l")
"""One letter before a number is as likely the beginning of an id as a word for problem."""


def _parsed(text: str, names: Names) -> _Parsed:
    phrase = _phrase(text, names)
    slots, shape = list[_Slot](), list[str]()
    before, began, position = "", 0, 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if phrase is not None and start < phrase.end and phrase.start < end:
            if start >= phrase.start and (not shape or shape[-1] != "§"):
                shape += [_gap(text[position:start]), "§"]
            before, position = "", end
            continue
        digits = match["digits"]
        if digits and len(digits) <= _MOST_DIGITS and not match["after"] and folded(match["prefix"]) != "v":
            prefix = folded(match["prefix"])
            announced = prefix in NUMBERED if prefix else before in NUMBERED and before not in _SHORT
            slots.append(
                _Slot(
                    began if announced and not prefix else start,
                    end,
                    prefix,
                    int(digits),
                    digits.startswith("0"),
                    announced,
                )
            )
            # "jane_01" and "team_1" are two habits.
            shape += [_gap(text[position:start]), f"{prefix}0#" if digits.startswith("0") else f"{prefix}#"]
        else:
            # Names have one word or several; that is no difference of shape.
            gap = _gap(text[position:start])
            if not (shape and shape[-1] == "w"):
                shape += [gap, "w"]
        before, began, position = folded(match[0]), start, end
    return _Parsed(text, phrase, tuple(slots), "".join(shape))


def _gap(text: str) -> str:
    return "_" if text.strip("_") == "" and text else text.strip() or text[:1]


def _phrase(text: str, names: Names) -> Hit | None:
    """The name of a problem in `text`, without the number that may stand before it."""
    hits = [hit for hit in names.hits(text) if hit.strength == Strength.SLUG]
    if len({hit.problem for hit in hits}) != 1:
        return None
    hit = hits[0]
    span = text[hit.start : hit.end]
    core = span.lstrip("0123456789 _-.")
    return Hit(hit.problem, hit.strength, hit.end - len(core), hit.end) if core else hit
