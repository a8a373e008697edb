"""The autograder's zip for Gradescope: the grader, the problems with their solutions, and the two scripts it runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.model import Problem
from grader.problem.courserules import CourseRules
from grader.problem.packages import quoted
from grader.release.autograding import fault
from grader.release.bundle import Bundle, files_below
from grader.release.packages import add_course_file, required_by
from grader.release.texts import filled
from grader.release.wheel import torch_version, wheel

_FETCH = """
# Genuine images of digits, where this machine reaches a mirror; else the grader draws its own.
"$installed/grade" data fetch || true
"""


def autograder(problems: Sequence[Problem], rules: CourseRules, scratch: Path) -> Bundle:
    """The autograder of these problems of a course; `scratch` is an empty folder to build in."""
    bundle = Bundle()
    for problem in problems:
        assert problem.solution_folder is not None
        for kind, folder in (("problems", problem.folder), ("solutions", problem.solution_folder)):
            for path, content in files_below(Path(folder)).items():
                if not path.startswith("submission."):
                    bundle.add(f"course/{kind}/{problem.slug}/{path}", content)
    name, grader = wheel()
    grader.zipped(scratch / name)
    bundle.add(name, (scratch / name).read_bytes())
    data = _FETCH if any(problem.data is not None for problem in problems) else ""
    add_course_file(bundle, "course/", rules, [problem.slug for problem in problems])
    required = " ".join(map(quoted, required_by(problems)))
    packages = f'\n"$installed/pip" install --no-cache-dir {required}' if required else ""
    setup = filled("gradescope/setup.sh", wheel=name, torch=torch_version(), packages=packages, data=data)
    bundle.add("setup.sh", setup, program=True)
    script = filled("gradescope/run_autograder", fallback=fault().decode().strip())
    bundle.add("run_autograder", script, program=True)
    return bundle
