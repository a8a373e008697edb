"""A course as bytes, for machines that do not share a disk with this one: its problems, with their solutions."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from grader.errors import HarnessError
from grader.model import Problem
from grader.problem.course import open_course
from grader.problem.courserules import COURSE_FILE

_NOT_SENT = "__pycache__"


class Parcel(msgspec.Struct, frozen=True):
    """Problems of one course, packed."""

    files: bytes
    """A zip archive of course.yaml, problems/ and solutions/."""
    versions: dict[str, str]
    """Slug -> `Problem.version`, by which whoever unpacks it finds it whole."""


def pack(problems: Sequence[Problem]) -> Parcel:
    """The problems, which are of one course, as they lie there now."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for root in dict.fromkeys(Path(problem.folder).parent.parent for problem in problems):
            if (rules := root / COURSE_FILE).is_file():
                archive.write(rules, COURSE_FILE)
        for problem in problems:
            for kind, folder in (("problems", problem.folder), ("solutions", problem.solution_folder)):
                for path, name in _files(Path(folder)) if folder is not None else ():
                    archive.write(path, f"{kind}/{problem.slug}/{name}")
    return Parcel(out.getvalue(), {problem.slug: problem.version for problem in problems})


def unpack(parcel: Parcel, folder: Path) -> dict[str, Problem]:
    """Lay the course out in an empty folder; its problems by their slugs. Raises HarnessError where one differs."""
    with zipfile.ZipFile(io.BytesIO(parcel.files)) as archive:
        archive.extractall(folder)
    course = open_course(folder)
    problems = {slug: course.load(slug) for slug in parcel.versions}
    for slug, problem in problems.items():
        if problem.version != parcel.versions[slug]:
            raise HarnessError(f"{slug} arrived as another version than was sent")
    return problems


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and _NOT_SENT not in name.parts:
            yield path, name.as_posix()
