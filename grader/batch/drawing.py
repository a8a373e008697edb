"""Pages of answers: how one is drawn, and a process that draws them where the grading is done.

A page may be drawn on another machine than the one that writes it. It comes with the stamp of what it was made of, so
that it is taken only where the driver would draw the very same.
"""

from __future__ import annotations

import contextlib
import hashlib
import socket
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import msgspec

from grader import sources
from grader.batch import frames
from grader.batch.contained import Contained, ItemFailed
from grader.model import Grade, Problem
from grader.problem.load import read_statement

MOST_PAGE_MB = 8
"""A page beyond which it is written plainly; the largest of the course's known answers has 0.15."""
_QUICKLY = 1
"""zlib's level: a page shrinks to a quarter within a millisecond."""


class DrawnPage(msgspec.Struct, frozen=True):
    """A page as it travels."""

    stamp: str
    """`stamp_of` what it was made of."""
    packed: bytes

    @property
    def page(self) -> bytes:
        """The page itself. Raises zlib.error where `packed` is none, or of one that is too large."""
        unpacking = zlib.decompressobj()
        page = unpacking.decompress(self.packed, MOST_PAGE_MB << 20)
        if not unpacking.eof:
            raise zlib.error("no whole page")
        return page


def stamp_of(key: str, grade: Grade) -> str:
    """A digest that changes with anything that the page of `grade`, filed under `key`, is made of."""
    student = grade.student or grade.submission
    ruled = (grade.score, grade.rulings, grade.manual)
    made_of = (key, student, grade.submission, grade.duration_s, ruled, sources.publishing())
    return hashlib.sha256(msgspec.msgpack.encode(made_of)).hexdigest()


class PageDrawing:
    """Draws the pages of a course's problems, contained: whatever an answer has in store, only its page is lost."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        self._problems = problems
        self._contained = Contained(self._draw, most_mb=MOST_PAGE_MB)

    def prepare(self, problems: Iterable[str]) -> None:
        """Make what the pages of these problems share, and the process that draws them: before there are threads."""
        from grader.reports.html import prepare

        for problem in problems:
            prepare(self._problems[problem], self._statements[problem])
        self._contained.start()

    def page(self, encoded: bytes) -> bytes:
        """The page of a `Grade`, encoded. Raises ItemFailed where it cannot be drawn."""
        return self._contained(encoded)

    def close(self) -> None:
        """End the process that draws."""
        self._contained.close()

    def _draw(self, encoded: bytes) -> bytes:
        from grader.reports.html import student_page

        grade = msgspec.msgpack.decode(encoded, type=Grade)
        page = student_page(grade, self._problems[grade.problem], self._statements[grade.problem])
        return page.encode("utf-8", "replace")

    @cached_property
    def _statements(self) -> dict[str, str | None]:
        return {slug: read_statement(problem) for slug, problem in self._problems.items()}


class DrawingProcess:
    """`PageDrawing` in a process of its own, for an owner that has threads and so must not fork.

    It draws one page at a time, for whichever thread asks. Where it has ended, nothing is drawn here any more.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self._turn = threading.Lock()
        self._socket, theirs = socket.socketpair()
        self._pages = frames.buffered(self._socket)
        # Nothing of the folder that it is started in, which may be anyone's, is imported.
        command = [sys.executable, "-P", "-m", __name__]
        self._process: subprocess.Popen[bytes] = subprocess.Popen(command, stdin=theirs.fileno())
        theirs.close()
        frames.send(self._socket, [(frames.LAST, msgspec.msgpack.encode(problems))])

    @property
    def pid(self) -> int:
        return self._process.pid

    def drawn(self, key: str, grade: Grade) -> DrawnPage | None:
        """The page of `grade`, filed under `key`; None where it cannot be drawn."""
        with self._turn:
            try:
                frames.send(self._socket, [(frames.LAST, msgspec.msgpack.encode(grade))])
                kind, content = frames.receive(self._pages, MOST_PAGE_MB << 20)
            except (OSError, EOFError, ValueError):
                self._let_go()
                return None
        return DrawnPage(stamp_of(key, grade), content) if kind == frames.RESULT else None

    def close(self) -> None:
        """End the process."""
        self._let_go()
        self._process.kill()
        self._process.wait()

    def _let_go(self) -> None:
        for end in (self._pages, self._socket):
            with contextlib.suppress(OSError):
                end.close()


def _main() -> None:
    """Draw what the owner, at the other end of the standard input, asks for, until it is gone."""
    owner = socket.socket(fileno=0)
    asked = frames.buffered(owner)
    problems = {each.slug: each for each in msgspec.msgpack.decode(frames.message(asked)[0], type=list[Problem])}
    drawing = PageDrawing(problems)
    drawing.prepare(problems)
    with contextlib.suppress(OSError, EOFError), contextlib.closing(drawing):
        while True:
            (encoded,) = frames.message(asked)
            try:
                result = frames.RESULT, zlib.compress(drawing.page(encoded), _QUICKLY)
            except ItemFailed as failure:
                result = frames.FAILED, str(failure).encode()
            frames.send(owner, [result])


if __name__ == "__main__":
    _main()
