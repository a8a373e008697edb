"""The part of course.yaml that leaves the course, and what pip is to install for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import yaml

from grader.model import Problem
from grader.problem.courserules import COURSE_FILE, CourseRules
from grader.release.bundle import Bundle


def add_course_file(bundle: Bundle, folder: str, rules: CourseRules, slugs: Collection[str]) -> None:
    """A course.yaml with title, packages and the order of these problems as the course's own has them.

    Nothing else of the course's own goes along. Where it says none of these, no file is added.
    """
    said: dict[str, object] = {
        "title": rules.title,
        "problems": [slug for slug in rules.problems if slug in slugs],
        "requirements": list(rules.requirements),
        "preload": list(rules.preload),
    }
    kept = {key: value for key, value in said.items() if value}
    if kept:
        bundle.add(f"{folder}{COURSE_FILE}", yaml.safe_dump(kept, sort_keys=False, allow_unicode=True))


def required_by(problems: Iterable[Problem]) -> Sequence[str]:
    """The requirements of all these problems, each once."""
    return list(dict.fromkeys(text for problem in problems for text in problem.requirements))
