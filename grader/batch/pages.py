"""A page for each student and problem, written once and again only when something in it has changed."""

from __future__ import annotations

import contextlib
import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import msgspec

from grader.batch.contained import ItemFailed
from grader.batch.drawing import DrawnPage, PageDrawing, stamp_of
from grader.batch.outputs import PAGES, PRIVATE_FILE, PRIVATE_FOLDER
from grader.batch.store import Store
from grader.common.outfile import write_own
from grader.errors import UsageError
from grader.exports.writing import safe_name
from grader.model import Grade, Problem


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
        self._made: set[Path] = set()
        self._drawing = PageDrawing(problems)

    def __enter__(self) -> PageWriter:
        _refuse_link(self._directory / PAGES)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drawing.close()

    def prepare(self, problems: Iterable[str]) -> None:
        """Make what the pages of these problems share, and the process that draws them: before there are threads."""
        self._drawing.prepare(problems)

    def write(self, key: str, grade: Grade, drawn: DrawnPage | None = None) -> str:
        """Bring the page of `grade`, filed under `key`, up to date; its path relative to the directory.

        `drawn` is taken where it was made of the very same.
        """
        path = page_path(grade.student or grade.submission, grade.problem)
        stamp = stamp_of(key, grade)
        target = self._directory / path
        if self._store.page_stamp(path) == stamp and target.is_file():
            return path
        self._make_room(target.parent)
        page, why = self._page(grade, drawn if drawn is not None and drawn.stamp == stamp else None)
        write_own(target, page, mode=PRIVATE_FILE)
        self._store.stamp_page(path, grade.problem, stamp, why)
        return path

    def _page(self, grade: Grade, drawn: DrawnPage | None) -> tuple[bytes, str]:
        """The page, and why it is a plain one, if it is."""
        if drawn is not None:
            with contextlib.suppress(zlib.error):
                return drawn.page, ""
        try:
            return self._drawing.page(msgspec.msgpack.encode(grade)), ""
        except ItemFailed as failure:
            from grader.reports.plainpage import plain_page

            return plain_page(grade, self._problems[grade.problem], str(failure)), str(failure)

    def _make_room(self, folder: Path) -> None:
        """Make a student's folder. Raises UsageError where it is a link or cannot be made."""
        for each in (folder.parent, folder):
            if each in self._made:
                continue
            _refuse_link(each)
            try:
                each.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
            except OSError as error:
                raise UsageError(f"{each} cannot be made: {error.strerror}", hint="name another --out") from None
            self._made.add(each)

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


def _refuse_link(folder: Path) -> None:
    """Raise UsageError where `folder` is a link: what lies elsewhere is nobody's page."""
    if folder.is_symlink():
        raise UsageError(f"{folder} is a link, and what it leads to is left as it is", hint="remove the link")
