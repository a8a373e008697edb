"""What the files of a class hold of each answer, made in a process that may die over it and bounded in size.

Everything that a student's code printed, raised or returned passes through here before a file of the whole class is
written. What comes out is a line of results.jsonl, and an outline: numbers, and text that the course fixed. The class
page, the tables and the exports format these and read nothing else; so no answer can keep another's row from being
written. An answer of which no line can be made has one without a word of its own, and a notice that says why.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

import msgspec

from grader.batch.contained import Contained, ItemFailed
from grader.model import CheckResult, Grade, Misconception
from grader.reports.json import encode_grade
from grader.reports.wording import one_line

MOST_LINE_MB = 8
"""A line of results.jsonl beyond which it holds no words; the largest of the course's known answers has 0.2."""
_MOST_SAID = 300
_WORDLESS = "Nothing more can be told of this answer: "


class Outline(msgspec.Struct, frozen=True, array_like=True):
    """One answer, as far as the files of a class go."""

    line: bytes
    """Of results.jsonl, its end included."""
    grade: Grade
    """The grade without what the student's code made: no output, messages of checks, figures or notes."""
    wordless: str = ""
    """Why the line holds no words, as a clause; empty where it holds all."""


class Outlines:
    """Makes outlines. Use as a context manager."""

    def __init__(self) -> None:
        self._making = Contained(_outline, most_mb=MOST_LINE_MB)
        # A class has few different lists of outcomes and of misconceptions, and many students.
        self._checks: dict[tuple[CheckResult, ...], tuple[CheckResult, ...]] = {}
        self._misconceptions: dict[tuple[Misconception, ...], tuple[Misconception, ...]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._making.close()

    def of(self, grade: Grade) -> Outline:
        """The outline of a published grade."""
        try:
            made = msgspec.msgpack.decode(self._making(msgspec.msgpack.encode(grade)), type=Outline)
        except ItemFailed as failure:
            made = _wordless(grade, str(failure))
        grade = msgspec.structs.replace(
            made.grade,
            checks=self._checks.setdefault(made.grade.checks, made.grade.checks),
            misconceptions=self._misconceptions.setdefault(made.grade.misconceptions, made.grade.misconceptions),
            walls=(),
            sha256="",
        )
        return msgspec.structs.replace(made, grade=grade)


def outlined(grade: Grade) -> Grade:
    """A grade without what the student's code made, but for the beginning of why it could not be graded."""
    checks = tuple(
        CheckResult(
            check.id,
            check.title,
            check.visibility,
            check.outcome,
            check.points,
            check.max_points,
            message="",
            hint="",
            duration_s=0.0,
            idea=check.idea,
        )
        for check in grade.checks
    )
    return msgspec.structs.replace(
        grade,
        checks=checks,
        stdout="",
        message=one_line(grade.message, _MOST_SAID),
        notes=(),
        figures=(),
        counterexamples=(),
    )


def _wordless(grade: Grade, why: str) -> Outline:
    bare = outlined(msgspec.structs.replace(grade, message=""))
    bare = msgspec.structs.replace(bare, notes=(_WORDLESS + why,))
    return Outline(encode_grade(bare, indent=None), bare, why)


def _outline(encoded: bytes) -> bytes:
    """In the process that may die over it."""
    grade = msgspec.msgpack.decode(encoded, type=Grade)
    return msgspec.msgpack.encode(Outline(encode_grade(grade, indent=None), outlined(grade)))
