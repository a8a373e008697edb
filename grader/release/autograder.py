"""A platform's autograder: the grader, the problems with their solutions, and the scripts that the platform runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from grader.model import Problem
from grader.problem.courserules import CourseRules
from grader.problem.packages import quoted
from grader.release.autograders.model import OUR_FAULT, Autograder
from grader.release.bundle import Bundle, files_below
from grader.release.filling import filled
from grader.release.requirements import add_course_file, required_by
from grader.release.wheel import torch_version, wheel

_FETCH = """
# The data sets of these problems, where this machine reaches a mirror; else the grader makes its own.
"$installed/grade" data fetch {names} || true
"""
_START_SECONDS, _MOST_SECONDS = 30, 600
"""What importing torch may take beside the submission's own time; the most that PrairieLearn grants."""


def autograder(kind: Autograder, problems: Sequence[Problem], rules: CourseRules, scratch: Path) -> Bundle:
    """The autograder of these problems of a course; `scratch` is an empty folder to build in."""
    course = Bundle()
    for problem in problems:
        assert problem.solution_folder is not None
        for folder_kind, folder in (("problems", problem.folder), ("solutions", problem.solution_folder)):
            for path, content in files_below(Path(folder)).items():
                if not path.startswith("submission."):
                    course.add(f"{folder_kind}/{problem.slug}/{path}", content)
    add_course_file(course, "", rules, [problem.slug for problem in problems])
    bundle = Bundle()
    if kind.course_zipped:
        course.zipped(scratch / "course.zip")
        bundle.add("course.zip", (scratch / "course.zip").read_bytes())
    else:
        for path, content in course.files.items():
            bundle.add(f"course/{path}", content)
    name, grader = wheel()
    grader.zipped(scratch / name)
    bundle.add(name, (scratch / name).read_bytes())
    required = " ".join(map(quoted, required_by(problems)))
    data = dict.fromkeys(problem.data for problem in problems if problem.data is not None)
    most = sum(problem.limits.most_seconds for problem in problems)
    words = {
        "wheel": name,
        "torch": torch_version(),
        "packages": f'\n"$installed/pip" install --no-cache-dir {required}' if required else "",
        "data": _FETCH.format(names=" ".join(data)) if data else "",
        "fallback": kind.fault().decode().strip(),
        "say": OUR_FAULT,
        "first": problems[0].slug,
        "seconds": str(min(_MOST_SECONDS, math.ceil(most) + _START_SECONDS)),
    }
    bundle.add("setup.sh", filled("autograder/setup.sh", **words), program=True)
    for script in kind.scripts:
        bundle.add(script, filled(f"autograder/{kind.name}/{script}", **words), program=True)
    for text in kind.texts:
        bundle.add(text, filled(f"autograder/{kind.name}/{text}", **words))
    return bundle


def workflow(kind: Autograder) -> dict[str, str]:
    """What a kit holds besides, for a platform that runs where students read everything: path -> text."""
    return {f".github/workflows/{text}": filled(f"autograder/{kind.name}/{text}") for text in kind.texts}
