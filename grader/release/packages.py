"""What a course lets students use, in what leaves it: its part of course.yaml, and what pip is to install."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import yaml

from grader.model import Problem
from grader.problem.coursefile import COURSE_FILE, CourseRules
from grader.release.bundle import Bundle


def add_course_file(bundle: Bundle, folder: str, rules: CourseRules) -> None:
    """A course.yaml that says of packages what the course's own says, and no more; none where that is nothing."""
    said = {"requirements": list(rules.requirements), "preload": list(rules.preload)}
    kept = {key: names for key, names in said.items() if names}
    if kept:
        bundle.add(f"{folder}{COURSE_FILE}", yaml.safe_dump(kept, sort_keys=False))


def required_by(problems: Iterable[Problem]) -> Sequence[str]:
    """The requirements of all these problems, each once."""
    return list(dict.fromkeys(text for problem in problems for text in problem.requirements))
