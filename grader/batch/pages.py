"""A page for each student and problem, written once and again only when something in it has changed."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from grader.batch.outputs import PAGES
from grader.batch.store import Store
from grader.common.outfile import write_own
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
    """Writes the pages of one batch."""

    def __init__(self, directory: Path, problems: Mapping[str, Problem], store: Store) -> None:
        self._directory = directory
        self._problems = problems
        self._store = store

    def prepare(self, problems: Iterable[str]) -> None:
        """Make what the pages of these problems share."""
        from grader.reports.html import prepare

        for problem in problems:
            prepare(self._problems[problem], self._statements[problem])

    def write(self, key: str, grade: Grade) -> str:
        """Bring the page of `grade`, filed under `key`, up to date; its path relative to the directory."""
        student = grade.student or grade.submission
        path = page_path(student, grade.problem)
        stamp = hashlib.sha256(msgspec.msgpack.encode((key, student, grade.submission, grade.duration_s))).hexdigest()
        target = self._directory / path
        if self._store.page_stamp(path) == stamp and target.is_file():
            return path
        from grader.reports.html import student_page

        target.parent.mkdir(parents=True, exist_ok=True)
        page = student_page(grade, self._problems[grade.problem], self._statements[grade.problem])
        write_own(target, page.encode("utf-8", "replace"))
        self._store.stamp_page(path, grade.problem, stamp)
        return path

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
