"""A new problem from the template: files that `grade verify` takes as they are, but for their number."""

from __future__ import annotations

import re
from pathlib import Path

from grader.errors import UsageError
from grader.problem.course import Course

_SLUG = re.compile(r"(?:(?P<number>\d+)-)?(?P<name>[a-z0-9]+(?:-[a-z0-9]+)*)")
_TITLE = "@TITLE@"


def new_problem(course: Course, typed: str, template: Path) -> str:
    """Write ``problems/NN-slug`` and ``solutions/NN-slug``; the slug, numbered where `typed` is not.

    Raises UsageError where `typed` is no slug, or a folder of that name or number is there.
    """
    slug = free_slug(course, typed)
    folders = {kind: course.root / f"{kind}s" / slug for kind in ("problem", "solution")}
    title = slug.split("-", 1)[1].replace("-", " ").capitalize()
    try:
        for kind, folder in folders.items():
            for file in sorted((template / kind).rglob("*")):
                if file.is_file() and "__pycache__" not in file.parts:
                    written = folder / file.relative_to(template / kind)
                    written.parent.mkdir(parents=True, exist_ok=True)
                    written.write_text(file.read_text(encoding="utf-8").replace(_TITLE, title), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be written: {error.strerror}") from None
    return slug


def free_slug(course: Course, typed: str) -> str:
    """The slug of a problem that is to be written, numbered where `typed` is not.

    Raises UsageError where `typed` is no slug, or a folder of that name or number is there.
    """
    slug = _numbered(course, typed)
    for kind in ("problems", "solutions"):
        if (folder := course.root / kind / slug).exists():
            raise UsageError(f"{folder} exists already and is left as it is", hint="choose another name")
    return slug


def _numbered(course: Course, typed: str) -> str:
    word = typed.rstrip("/\\").replace("\\", "/").rpartition("/")[2]
    found = _SLUG.fullmatch(word)
    if found is None:
        raise UsageError(
            f"{typed} is no name for a problem: lower-case letters, digits and hyphens",
            hint="for example: grade new gaussian-blur",
        )
    taken = {slug.split("-", 1)[0]: slug for slug in course.slugs}
    number = found["number"]
    if number is None:
        highest = max((int(other) for other in taken if other.isdigit()), default=0)
        return f"{highest + 1:02}-{found['name']}"
    if number in taken:
        raise UsageError(
            f"the number {number} is taken by {taken[number]}", hint=f"leave it out: grade new {found['name']}"
        )
    return word
