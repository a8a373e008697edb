"""A page for each student and problem, written once and again only when something in it has changed."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType

import msgspec

from grader import sources
from grader.batch.contained import Contained, ItemFailed
from grader.batch.outputs import PAGES, PRIVATE_FILE, PRIVATE_FOLDER
from grader.batch.store import Store
from grader.common.outfile import write_own
from grader.errors import UsageError
from grader.exports.writing import safe_name
from grader.model import Grade, Problem

MOST_PAGE_MB = 8
"""A page beyond which it is written plainly; the largest of the course's known answers has 0.15."""


def page_path(student: str, problem: str) -> str:
    """Where a page lies, relative to the batch's directory."""
    folder = safe_name(student)
    # Two ids that differ in case alone are one folder on some systems.
    if folder == student and student != student.casefold():
        folder += "-" + hashlib.sha256(student.encode()).hexdigest()[:8]
    return f"{PAGES}/{folder}/{problem}.html"


class PageWriter:
    """Writes the pages of one batch. Use as a context manager.

    What draws them is contained: a page that cannot be drawn is written plainly, and the store notes why.
    """

    def __init__(self, directory: Path, problems: Mapping[str, Problem], store: Store) -> None:
        self._directory = directory
        self._problems = problems
        self._store = store
        self._drawing = Contained(self._draw, most_mb=MOST_PAGE_MB)

    def __enter__(self) -> PageWriter:
        _refuse_link(self._directory / PAGES)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drawing.close()

    def prepare(self, problems: Iterable[str]) -> None:
        """Make what the pages of these problems share, and the process that draws them: before there are threads."""
        from grader.reports.html import prepare

        for problem in problems:
            prepare(self._problems[problem], self._statements[problem])
        self._drawing.start()

    def write(self, key: str, grade: Grade) -> str:
        """Bring the page of `grade`, filed under `key`, up to date; its path relative to the directory."""
        student = grade.student or grade.submission
        path = page_path(student, grade.problem)
        ruled = (grade.score, grade.rulings, grade.manual)
        made_of = (key, student, grade.submission, grade.duration_s, ruled, sources.publishing())
        stamp = hashlib.sha256(msgspec.msgpack.encode(made_of)).hexdigest()
        target = self._directory / path
        if self._store.page_stamp(path) == stamp and target.is_file():
            return path
        _make_private(target.parent.parent, target.parent)
        problem, why = self._problems[grade.problem], ""
        try:
            page = self._drawing(msgspec.msgpack.encode(grade))
        except ItemFailed as failure:
            from grader.reports.plainpage import plain_page

            why = str(failure)
            page = plain_page(grade, problem, why)
        write_own(target, page, mode=PRIVATE_FILE)
        self._store.stamp_page(path, grade.problem, stamp, why)
        return path

    def _draw(self, encoded: bytes) -> bytes:
        """Draw a page, in the process that draws."""
        from grader.reports.html import student_page

        grade = msgspec.msgpack.decode(encoded, type=Grade)
        page = student_page(grade, self._problems[grade.problem], self._statements[grade.problem])
        return page.encode("utf-8", "replace")

    def remove_others(self, written: Sequence[str]) -> None:
        """Remove pages of these problems that nobody's grade belongs to any more."""
        current = set(written)
        for problem in self._problems:
            for path in self._store.pages(problem):
                if path not in current:
                    (self._directory / path).unlink(missing_ok=True)
                    with contextlib.suppress(OSError):
                        (self._directory / path).parent.rmdir()
                    self._store.forget_page(path)

    @cached_property
    def _statements(self) -> dict[str, str | None]:
        found = {}
        for slug, problem in self._problems.items():
            file = Path(problem.folder) / "statement.md"
            found[slug] = file.read_text(encoding="utf-8") if file.is_file() else None
        return found


def _refuse_link(folder: Path) -> None:
    """Raise UsageError where `folder` is a link: what lies elsewhere is nobody's page."""
    if folder.is_symlink():
        raise UsageError(f"{folder} is a link, and what it leads to is left as it is", hint="remove the link")


def _make_private(*folders: Path) -> None:
    """Raises UsageError where one is a link or cannot be made."""
    for folder in folders:
        _refuse_link(folder)
        try:
            folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder} cannot be made: {error.strerror}", hint="name another --out") from None
