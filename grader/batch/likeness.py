"""Who is alike among a class's answers, looked for in a process that may die over it.

Each answer's shape was made in such a process when it was collected (`collecting`), and is bounded. To compare the
shapes of one problem takes time and memory by the number of students, and no more: beyond that the problem's answers
are not compared, which is told, and everything else is published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader import sources
from grader.batch.contained import CPU_SECONDS, MEMORY_MB, Contained, ItemFailed
from grader.batch.earlier import compared_with, earlier_classes
from grader.batch.groups import teams
from grader.batch.model import Batch
from grader.batch.similarity import LookAlikes, alike
from grader.batch.store import Store
from grader.batch.tokens import read_shape, shape_of
from grader.errors import HarnessError
from grader.reports.model import Alike

_STUDENT_SECONDS = 0.02
_STUDENT_MB = 0.25


class _Compared(msgspec.Struct, array_like=True):
    stub: bytes
    """The source that all began with."""
    answers: list[tuple[str, bytes]]
    """Student, and the encoded shape of the answer."""
    teams: dict[str, str] = {}
    """Student -> with whom they handed in."""


def look_for_alike(batch: Batch, store: Store, students: int) -> tuple[list[tuple[str, str]], list[Alike]]:
    """Groups of students whose answers are alike; before them (problem or earlier class, why) of what was left out."""
    found: list[Alike] = []
    classes, failed = earlier_classes(batch.earlier)
    students += sum(each.size for each in classes)
    together = teams(store.works(), batch.rules.course.groups)
    with Contained(
        _compare,
        cpu_seconds=CPU_SECONDS + students * _STUDENT_SECONDS,
        memory_mb=MEMORY_MB + int(students * _STUDENT_MB),
    ) as compare:
        for problem in batch.problems:
            stub = (Path(problem.folder) / "stub.py").read_bytes()
            try:
                own, side = list(store.shapes(problem.slug)), together.get(problem.slug, {})
                answers, side = compared_with(classes, problem.slug, own, side)
                asked = msgspec.msgpack.encode(_Compared(stub, answers, side))
                groups = _found(store, problem.slug, asked, compare)
            except (ItemFailed, HarnessError) as failure:
                failed.append((problem.slug, str(failure)))
                continue
            found += [Alike(problem.slug, group.students, group.similarity) for group in groups]
    return failed, found


def _found(store: Store, slug: str, asked: bytes, compare: Contained) -> list[LookAlikes]:
    """Groups of answers that are alike; those of last time where the very same was compared."""
    name, stamp = f"alike {slug}", hashlib.sha256(asked + sources.publishing().encode()).hexdigest()
    kept = store.fact(name) or ""
    if kept.startswith(stamp):
        return msgspec.json.decode(kept[len(stamp) :], type=list[LookAlikes])
    groups = msgspec.msgpack.decode(compare(asked), type=list[LookAlikes])
    store.note(name, stamp + msgspec.json.encode(groups).decode())
    return groups


def uncompared(batch: Batch, store: Store) -> Iterator[tuple[str, str, str]]:
    """(student, problem, reason) of answers that are compared with others in part, or not at all."""
    for problem in batch.problems:
        for student, encoded in store.shapes(problem.slug):
            if why := read_shape(encoded).unread:
                yield student, problem.slug, why


def _compare(encoded: bytes) -> bytes:
    """In the process that may die over it."""
    asked = msgspec.msgpack.decode(encoded, type=_Compared)
    shapes = ((student, read_shape(shape)) for student, shape in asked.answers)
    return msgspec.msgpack.encode(alike(shapes, shape_of("stub.py", asked.stub), asked.teams))
