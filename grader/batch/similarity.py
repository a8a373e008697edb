"""Submissions that are alike: who may have worked together, for the instructor to look at.

Two are alike when most of what is their own is the same. What comes from the stub is nobody's own, and neither is what
many wrote: in a short exercise a right answer has few forms. So runs of tokens that more than a handful share prove
nothing and are left out; what is left must be long enough to mean something. A text that is the same throughout, names
and all, is listed however many share it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from grader.batch.tokens import CodeShape

ALIKE = 0.7
"""Of the runs that two answers have between them, the share that both have."""
_FEWEST_GRAMS = 24
"""The least runs of one's own; they take as many tokens and a few more."""
_FEWEST_IDENTICAL = 40
"""The least for texts that are the same throughout, since short ones may be so by chance."""
_SHARED_BY_MOST = 40
_SHARED_AT_LEAST = 8
_SHARED_PART = 20


class LookAlikes(msgspec.Struct, frozen=True):
    """Students whose answers are alike; `similarity` is that of the least alike pair that joins them."""

    students: tuple[str, ...]
    similarity: float


class AlikePair(msgspec.Struct, frozen=True):
    """Two students whose answers to one problem are alike."""

    one: str
    other: str
    similarity: float


def alike(
    answers: Iterable[tuple[str, CodeShape]], stub: CodeShape, teams: Mapping[str, str] | None = None
) -> list[LookAlikes]:
    """Groups among the answers to one problem, the most alike first. `stub` is what all began with.

    `teams` says of students with whom they handed in: who did so together is no look-alike.
    """
    students, pairs = _pairs(answers, stub, teams or {})
    return _groups(students, pairs)


def alike_pairs(
    answers: Iterable[tuple[str, CodeShape]], stub: CodeShape, teams: Mapping[str, str] | None = None
) -> list[AlikePair]:
    """Pairs among the answers to one problem, the most alike first.

    Of many texts that are the same throughout, each makes a pair with the first; of a handful, with every other.
    """
    students, pairs = _pairs(answers, stub, teams or {})
    found = {(students[one], students[other]): similarity for one, other, similarity in pairs}
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [AlikePair(one, other, round(similarity, 3)) for (one, other), similarity in ranked]


def most_sharing(answers: int) -> int:
    """How many may share a run of tokens, of so many answers, for it to prove anything."""
    return min(_SHARED_BY_MOST, max(_SHARED_AT_LEAST, answers // _SHARED_PART))


def _pairs(
    answers: Iterable[tuple[str, CodeShape]], stub: CodeShape, teams: Mapping[str, str]
) -> tuple[list[str], list[tuple[int, int, float]]]:
    """Students, and (one, other, similarity) of pairs, by their places."""
    given = stub.numbers()
    students: list[str] = []
    texts: defaultdict[bytes, list[int]] = defaultdict(list)
    own: list[frozenset[int]] = []
    for student, shape in answers:
        grams = shape.numbers() - given
        if len(grams) >= _FEWEST_IDENTICAL:
            texts[shape.text].append(len(students))
        students.append(student)
        own.append(grams)
    pairs = [
        (one, other, 1.0)
        for same in texts.values()
        for place, one in enumerate(same if len(same) <= _SHARED_AT_LEAST else same[:1])
        for other in same[place + 1 :]
    ]
    pairs += _near(own)
    sides = [teams.get(student, "") for student in students]
    return students, [pair for pair in pairs if not sides[pair[0]] or sides[pair[0]] != sides[pair[1]]]


def _near(own: Sequence[frozenset[int]]) -> list[tuple[int, int, float]]:
    """(one, other, similarity) of pairs; each pair's work is bounded by how few may share a run."""
    count = Counter(gram for grams in own for gram in grams)
    most = most_sharing(len(own))
    rare = [[gram for gram in grams if count[gram] <= most] for grams in own]
    holders: defaultdict[int, list[int]] = defaultdict(list)
    pairs = []
    for one, grams in enumerate(rare):
        if len(grams) < _FEWEST_GRAMS:
            continue
        shared = Counter(other for gram in grams for other in holders.get(gram, ()))
        for other, common in shared.items():
            similarity = common / (len(grams) + len(rare[other]) - common)
            if similarity >= ALIKE:
                pairs.append((other, one, similarity))
        for gram in grams:
            if count[gram] > 1:
                holders[gram].append(one)
    return pairs


def _groups(students: Sequence[str], pairs: Iterable[tuple[int, int, float]]) -> list[LookAlikes]:
    """Groups of students whom a chain of pairs joins; the strongest pairs join first."""
    leader = list(range(len(students)))
    weakest: dict[int, float] = {}

    def find(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for one, other, similarity in sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])):
        first, second = sorted((find(one), find(other)))
        if first != second:
            leader[second] = first
            weakest[first] = similarity
    members: defaultdict[int, list[str]] = defaultdict(list)
    for index, student in enumerate(students):
        members[find(index)].append(student)
    groups = [LookAlikes(tuple(names), round(weakest[index], 3)) for index, names in members.items() if len(names) > 1]
    return sorted(groups, key=lambda group: (-group.similarity, group.students))
