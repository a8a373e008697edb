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
from dataclasses import dataclass, field, replace

from grader.intake.folding import folded, in_ascii_digits, listed, words
from grader.intake.naming import Hit, Names, Strength, split_copy
from grader.intake.ownname import SHORT, beside, own_name, says_task, without_common_words
from grader.intake.phrases import on_purpose
from grader.intake.shapes import Shaped, announced_by_all, shaped

_GROUPS = words(
    "team teams group groups grp gruppe gruppen team equipe équipe groupe equipo grupo squadra gruppo groep grupp "
    "zespol zespół tym tým komanda команда группа группа ομάδα 组 小组 グループ チーム 팀 조 takim takım pair paar"
)
"""Words that a number makes the name of a group."""
_SHORT_NUMBER = re.compile(r"(?<![0-9])[0-9]{1,3}(?![0-9])")
_LETTER_AND_NUMBER = re.compile(r"[^\W\d_] ?[0-9]{1,3}")


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
    texts = [in_ascii_digits(split_copy(stem).text if numbers_alone else stem) for stem in stems]
    phrases = on_purpose(texts, names, answers)
    parsed = list(map(shaped, stems, texts, phrases))
    shapes: dict[str, list[int]] = defaultdict(list)
    for index, name in enumerate(parsed):
        shapes[name.shape].append(index)
    told = Told([Named("", None)] * len(stems))
    for indices in shapes.values():
        family = _Family([parsed[index] for index in indices], names, given, numbers_alone, len(stems))
        for index, named in zip(indices, family.told(lambda i, at=indices: answers(at[i])), strict=True):  # type: ignore[misc]
            told.named[index] = named
        told.doubts += family.doubts
    places = [index for index, named in enumerate(told.named) if named.student]
    students = without_common_words([told.named[index].student for index in places])
    for index, student in zip(places, students, strict=True):
        told.named[index] = replace(told.named[index], student=student)
    told.doubts += _second_copies(set(students)) if numbers_alone else []
    told.doubts += _split(parsed, told.named, names, answers)
    return told


def _split(
    parsed: Sequence[Shaped], named: Sequence[Named], names: Names, answers: Callable[[int], Collection[str]]
) -> list[str]:
    """Doubts about students who differ in a number alone, where that is always the number of what they answer.

    ``ann1`` and ``ann2`` may be Ann's answers to problems 1 and 2.
    """
    alike: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for index, name in enumerate(parsed):
        whole, phrase = name.text, name.phrase
        if phrase is not None:
            whole = f"{whole[: phrase.start]}/{whole[phrase.end :]}"
        for match in _SHORT_NUMBER.finditer(whole) if named[index].student else ():
            if problem := names.by_number.get(int(match[0])):
                alike[f"{whole[: match.start()]}/{whole[match.end() :]}"].append((index, problem))

    def is_of(index: int, problem: str) -> bool:
        phrase = parsed[index].phrase
        return problem == phrase.problem if phrase is not None else set(answers(index)) == {problem}

    doubts = []
    for own in alike.values():
        apart = len({named[index].student for index, _ in own}) > 1 and len({problem for _, problem in own}) > 1
        if apart and all(is_of(index, problem) for index, problem in own):
            shown = listed([repr(named[index].student) for index, _ in own], 2)
            doubts.append(f"{shown} may be one student's answers to several problems, or several students")
    return doubts


def _second_copies(students: set[str]) -> list[str]:
    """Doubts about names that are others with the mark of a second copy: ``Bob (1)`` may be a second Bob."""
    plain = {student: split_copy(student).text for student in students}
    marked = sorted(student for student, text in plain.items() if text != student and text in students)
    return [f"{listed([repr(name) for name in marked], 3)} may be a second copy or another student"] if marked else []


def is_problems_name(text: str, names: Names) -> bool:
    """Whether a name is a problem's and nothing more, such as ``02-conv-bias``, ``hw2`` or ``Tarea 2``."""
    hits = names.hits(text)
    if not hits or hits[0].strength < Strength.CERTAIN:
        return False
    return all(map(says_task, beside(text, [hit for hit in hits if hit.problem == hits[0].problem])))


def may_be_an_id(text: str) -> bool:
    """Whether a name is a letter and a number, as ids are and short names of problems: ``a05``."""
    return _LETTER_AND_NUMBER.fullmatch(folded(text)) is not None


def beside_the_problem(text: str, names: Names) -> str:
    """What a name says beside the problem that it names."""
    hits = names.hits(text)
    return " ".join(beside(text, [hit for hit in hits if hit.problem == hits[0].problem]))


class _Family:
    """Names of one shape."""

    def __init__(
        self, parsed: Sequence[Shaped], names: Names, given: str | None, numbers_alone: bool, everybody: int
    ) -> None:
        self._parsed = announced_by_all(parsed)
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
        habits = {slot: self._is_habit(slot) for slot in removed}
        named = []
        for name, problem in zip(self._parsed, known, strict=True):
            spans = [Hit("", Strength.SLUG, name.phrase.start, name.phrase.end)] if name.phrase else []
            for slot in removed:
                start = name.slots[slot].word if habits[slot] else name.slots[slot].start
                spans.append(Hit("", Strength.NUMBER, start, name.slots[slot].end))
            number = self._names.by_number.get(name.slots[removed[-1]].number) if removed else None
            told = (name.phrase.problem if name.phrase else None) or number
            parts = beside(name.whole, spans)
            student = own_name(parts) if spans else "".join(parts)
            named.append(Named(student, told or problem, told is not None))
        return named

    def _known(self, index: int, answers: Callable[[int], Collection[str]]) -> str | None:
        """The problem, known by something else than a number."""
        name = self._parsed[index]
        if name.phrase is not None:
            return name.phrase.problem
        if self._given is not None:
            return self._given
        if not (name.slots or self._numbers_alone):
            return None  # A folder's own files say what they answer.
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
                # "Bob 2" answers problem 2 among people without numbers: this may be a second Bob.
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
        return first.announced and first.prefix not in SHORT

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
        if any(word in _GROUPS for word in rest.split()) or rest in SHORT or self._given is not None:
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
        if any(word in _GROUPS for word in rest.split()) or (first.prefix in SHORT and not rest):
            self.doubts.append(
                f"the numbers in names such as {self._parsed[0].text!r} may be the problems' or belong to the names"
            )

    def _is_habit(self, slot: int) -> bool:
        """Whether several students have a word for problem before the number: one alone may be called Lab or Blatt."""
        return self._parsed[0].slots[slot].announced and len({self._rest(name, slot) for name in self._parsed}) > 1

    @staticmethod
    def _rest(name: Shaped, slot: int) -> str:
        chosen = name.slots[slot]
        spans = [Hit("", Strength.NUMBER, chosen.word if chosen.announced else chosen.start, chosen.end)]
        if name.phrase:
            spans.append(name.phrase)
        return folded(own_name(beside(name.text, spans)))
