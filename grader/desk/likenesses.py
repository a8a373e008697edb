"""Pairs of students whose answers are alike, ranked over all problems; and one pair side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from grader.batch.contained import CPU_SECONDS, MEMORY_MB, Contained, ItemFailed
from grader.batch.similarity import AlikePair, alike_pairs, most_sharing
from grader.batch.tokens import read_shape, shape_of
from grader.model import Problem

MOST_PAIRS = 300


class ProblemShapes(msgspec.Struct, frozen=True, array_like=True):
    """What is compared of one problem."""

    stub: bytes
    answers: tuple[tuple[str, bytes], ...]
    """Student, and the encoded shape of the answer."""
    teams: dict[str, str]
    """Student -> with whom they handed in."""


class Compared(msgspec.Struct, frozen=True, array_like=True):
    """What comes of comparing the answers to one problem."""

    pairs: tuple[AlikePair, ...]
    common: tuple[int, ...]
    """Runs of tokens that more share than prove anything."""


class RankedPair(msgspec.Struct, frozen=True):
    """Two students, with every problem in which they are alike, the most alike first."""

    one: str
    other: str
    problems: tuple[tuple[str, float], ...]

    @property
    def most(self) -> float:
        return self.problems[0][1]


class Likenesses(msgspec.Struct, frozen=True):
    """What a class has in common."""

    pairs: tuple[RankedPair, ...] = ()
    common: dict[str, tuple[int, ...]] = {}
    failed: tuple[tuple[str, str], ...] = ()
    """Problem, and why its answers were not compared."""
    missing: tuple[tuple[str, str], ...] = ()
    """Earlier class, and why it was not compared with."""
    names: dict[str, str] = {}
    """Those of students of earlier classes."""
    more: int = 0
    """Pairs that are alike in less, and not listed."""


def compare_shapes(encoded: bytes) -> bytes:
    """In the process that may die over it."""
    asked = msgspec.msgpack.decode(encoded, type=ProblemShapes)
    shapes = [(student, read_shape(shape)) for student, shape in asked.answers]
    stub = shape_of("stub.py", asked.stub)
    holders = Counter(gram for _, shape in shapes for gram in shape.numbers())
    most = most_sharing(len(shapes))
    common = tuple(gram for gram, count in holders.items() if count > most)
    return msgspec.msgpack.encode(Compared(tuple(alike_pairs(shapes, stub, asked.teams)), common))


def comparing(students: int) -> Contained:
    """What compares, in bounds for a class of that size."""
    return Contained(
        compare_shapes, cpu_seconds=CPU_SECONDS + students * 0.02, memory_mb=MEMORY_MB + int(students * 0.25)
    )


def rank(
    problems: list[tuple[Problem, tuple[tuple[str, bytes], ...]]],
    teams: Mapping[str, dict[str, str]],
    compare: Callable[[bytes], bytes],
) -> Likenesses:
    """Pairs over all problems: those alike in more of them first. Who handed in together, by `teams`, is none."""
    by_pair: defaultdict[tuple[str, str], list[tuple[str, float]]] = defaultdict(list)
    common, failed = {}, []
    for problem, answers in problems:
        stub = (Path(problem.folder) / "stub.py").read_bytes()
        try:
            found = msgspec.msgpack.decode(
                compare(msgspec.msgpack.encode(ProblemShapes(stub, answers, teams.get(problem.slug, {})))),
                type=Compared,
            )
        except ItemFailed as failure:
            failed.append((problem.slug, str(failure)))
            continue
        common[problem.slug] = found.common
        for pair in found.pairs:
            one, other = sorted((pair.one, pair.other))
            by_pair[one, other].append((problem.slug, pair.similarity))
    ranked = [
        RankedPair(one, other, tuple(sorted(alike, key=lambda each: (-each[1], each[0]))))
        for (one, other), alike in by_pair.items()
    ]
    ranked.sort(key=lambda pair: (-sum(share for _, share in pair.problems), pair.one, pair.other))
    more = max(0, len(ranked) - MOST_PAIRS)
    return Likenesses(tuple(ranked[:MOST_PAIRS]), common, tuple(failed), more=more)
