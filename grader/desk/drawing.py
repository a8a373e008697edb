"""What students made, drawn: each in a process that may die over it, forked before the desk has threads."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable

import msgspec

from grader.batch.contained import Contained, ItemFailed
from grader.batch.drawing import MOST_PAGE_MB
from grader.desk.code_view import CodeFile, CodeOrder, PassageOrder, Sides, draw_code, plainly, prepare_code
from grader.desk.collected import Collected, CollectOrder, collect
from grader.desk.likenesses import comparing
from grader.model import Grade, Problem, SourceFile, Submission
from grader.problem.load import read_statement
from grader.reports import templating
from grader.reports.plainpage import plain_page

_CODE_SECONDS = 5.0
_KEPT = 200
"""Answers whose code stays drawn: who looks at one often comes back to it."""


class _PageOrder(msgspec.Struct, frozen=True, array_like=True):
    grade: Grade
    problem: Problem
    statement: str | None
    reveal: bool


class Drawing:
    """Draws code, passages and pages. Threads may share it. Use as a context manager."""

    def __init__(self, students: int) -> None:
        self._keeping = threading.Lock()
        self._kept: dict[bytes, tuple[CodeFile, ...]] = {}
        self._code = _InTurn(Contained(draw_code, cpu_seconds=_CODE_SECONDS))
        self._collecting = _InTurn(Contained(collect, cpu_seconds=_CODE_SECONDS))
        self._pages = _InTurn(Contained(_draw_page, most_mb=MOST_PAGE_MB))
        self.compare = _InTurn(comparing(students))
        self._all = (self._code, self._collecting, self._pages, self.compare)

    def __enter__(self) -> Drawing:
        # Loaded here, so that no process that draws does it anew.
        prepare_code()
        templating.environment().get_template("student.html")
        for each in self._all:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._all:
            each.close()

    def code(self, submission: Submission) -> tuple[tuple[CodeFile, ...], str]:
        """The files of an answer; and why they are plain, where they could not be drawn."""
        files = (submission.main, *submission.extra)
        order = msgspec.msgpack.encode(CodeOrder(files))
        name = hashlib.sha256(order).digest()
        if (kept := self._kept.get(name)) is not None:
            return kept, ""
        try:
            drawn = msgspec.msgpack.decode(self._code(order), type=tuple[CodeFile, ...])
        except ItemFailed as failure:
            return tuple(map(plainly, files)), str(failure)
        with self._keeping:
            while len(self._kept) >= _KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[name] = drawn
        return drawn, ""

    def sides(self, one: SourceFile, other: SourceFile, stub: bytes, common: tuple[int, ...]) -> tuple[Sides, str]:
        """Two answers with what they share; and why nothing is marked, where they could not be compared."""
        try:
            drawn = self._code(msgspec.msgpack.encode(PassageOrder(one, other, stub, common)))
            return msgspec.msgpack.decode(drawn, type=Sides), ""
        except ItemFailed as failure:
            return Sides(plainly(one), plainly(other), 0), str(failure)

    def collected(self, file: SourceFile, part: str, title: str, given: tuple[str, ...]) -> Collected:
        """What an answer holds for a manual part."""
        try:
            drawn = self._collecting(msgspec.msgpack.encode(CollectOrder(file, part, title, given)))
            return msgspec.msgpack.decode(drawn, type=Collected)
        except ItemFailed as failure:
            return Collected(left_out=(f"everything: {failure}",))

    def page(self, grade: Grade, problem: Problem, *, reveal: bool = False) -> bytes:
        """The page of a grade; with `reveal` the one for staff, where hidden checks are told like public ones."""
        order = _PageOrder(grade, problem, read_statement(problem), reveal)
        try:
            return self._pages(msgspec.msgpack.encode(order))
        except ItemFailed as failure:
            return plain_page(grade, problem, str(failure))


class _InTurn:
    """A contained function that threads call one after another."""

    def __init__(self, contained: Contained) -> None:
        self._contained = contained
        self._turn = threading.Lock()
        self.start: Callable[[], None] = contained.start
        self.close: Callable[[], None] = contained.close

    def __call__(self, item: bytes) -> bytes:
        with self._turn:
            return self._contained(item)


def _draw_page(encoded: bytes) -> bytes:
    from grader.reports.html import student_page

    order = msgspec.msgpack.decode(encoded, type=_PageOrder)
    return student_page(order.grade, order.problem, order.statement, reveal=order.reveal).encode("utf-8", "replace")
