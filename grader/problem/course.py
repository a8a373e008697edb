"""A course: the folder that holds problems/ and, for those who grade, solutions/."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.common.suggest import nearest
from grader.errors import UsageError
from grader.model import Problem
from grader.problem.coursefile import read_course_file
from grader.problem.courserules import COURSE_FILE, CourseRules
from grader.problem.load import load_problem


@dataclass(frozen=True)
class Course:
    """Where a course lies, and which problems it has."""

    root: Path
    slugs: tuple[str, ...]

    @property
    def solutions(self) -> Path | None:
        folder = self.root / "solutions"
        return folder if folder.is_dir() else None

    @cached_property
    def rules(self) -> CourseRules:
        """What course.yaml says. Raises ProblemFileError."""
        return read_course_file(self.root, self.resolve)

    def load(self, slug: str) -> Problem:
        """The problem of this very slug."""
        return load_problem(self.root / "problems" / slug, self.solutions, self.rules)

    def load_all(self) -> list[Problem]:
        return [self.load(slug) for slug in self.slugs]

    def resolve(self, typed: str) -> str:
        """The slug that `typed` means: a path, a number, a slug, a title word, or any unique beginning of one.

        Raises `UsageError` with the nearest match, or with all that fit.
        """
        folder, _, word = typed.rstrip("/\\").replace("\\", "/").rpartition("/")
        matches = self._matches(word)
        if folder and folder.rsplit("/", 1)[-1] not in ("problems", ".", "..") and not Path(folder).is_dir():
            near = f"did you mean problems/{matches[0]}?" if len(matches) == 1 else self._nearest(word)
            raise UsageError(f"there is no folder {folder}", hint=near)
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise UsageError(f"{typed} could be any of {', '.join(matches)}", hint="type more of its name")
        raise UsageError(f"there is no problem {typed}", hint=self._nearest(word))

    def _matches(self, word: str) -> list[str]:
        if not word:
            return []
        if word in self.slugs:
            return [word]
        number_or_name = [slug for slug in self.slugs if word in slug.split("-", 1)]
        if number_or_name:
            return number_or_name
        if word.isdigit():
            same_number = [slug for slug in self.slugs if slug.split("-", 1)[0].lstrip("0") == word.lstrip("0")]
            if same_number:
                return same_number
        return [slug for slug in self.slugs if slug.startswith(word) or slug.split("-", 1)[-1].startswith(word)]

    def _nearest(self, word: str) -> str:
        names = {slug: slug for slug in self.slugs} | {slug.split("-", 1)[-1]: slug for slug in self.slugs}
        if near := nearest(word, names, cutoff=0.5):
            return f"did you mean {names[near]}?"
        return f"this course has {', '.join(self.slugs)}" if self.slugs else "this course has no problems yet"


def open_course(root: Path) -> Course:
    """The course at `root`; its problems in the order of course.yaml, then of their names."""
    root = root.absolute()  # A checker works elsewhere.
    problems = root / "problems"
    slugs = sorted(entry.name for entry in problems.iterdir() if (entry / "problem.yaml").is_file())
    course = Course(root, tuple(slugs))
    if not (root / COURSE_FILE).is_file():
        return course
    first = course.rules.problems
    return Course(root, (*first, *(slug for slug in slugs if slug not in first)))


def find_course(start: Path, typed: str | None = None) -> Course:
    """The course that `typed`, a path to a problem, lies in; else that of `start` or a folder above it.

    Raises `UsageError` where there is none.
    """
    candidates = []
    if typed is not None and ("/" in typed or "\\" in typed or (start / typed).exists()):
        path = (start / typed).resolve()
        candidates += [path, *path.parents]
    candidates += [start.resolve(), *start.resolve().parents]
    root = _nearest_course(candidates)
    if root is not None:
        return open_course(root)
    raise UsageError(
        f"there is no course here: {start} and the folders above it have no problems/",
        hint="go to the course's folder, the one that holds problems/, such as: cd my-course",
    )


def find_or_begin_course(start: Path) -> Course:
    """The course of `start`; where there is none, a new one there, without problems as yet. Writes nothing."""
    root = _nearest_course([start.resolve(), *start.resolve().parents])
    return Course(start.absolute(), ()) if root is None else open_course(root)


def _nearest_course(folders: Iterable[Path]) -> Path | None:
    """The first of the folders that holds a course."""
    return next((one for one in folders if (one / "problems").is_dir() and one.name != "problems"), None)
