"""That a problem's points are those of its checks, before anybody is graded by them.

To ask a problem for its checks takes a checker a fifth of a second. So the user's cache remembers for which versions of
a problem, and of the grader, they add up; without a cache the checker is asked each time.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader import sources
from grader.common.caches import cache_folder
from grader.errors import ProblemFileError
from grader.model import Problem
from grader.scoring import wrong_points

if TYPE_CHECKING:
    from grader.batch.executors import Executor

_DIGITS = 6


def refuse_wrong_points(executor: Executor, problems: Sequence[Problem]) -> None:
    """Raise ProblemFileError where the points of a problem's checks do not add up to the problem's."""
    folder = cache_folder() / "points"
    asked = [problem for problem in problems if not _remembered(folder, problem).exists()]
    checks = executor.checks(asked) if asked else {}
    for problem in asked:
        total = round(sum(check.points for check in checks[problem.slug]), _DIGITS)
        if wrong := wrong_points(problem, total):
            raise ProblemFileError(
                f"{problem.slug}/problem.yaml: {wrong}; nothing was graded",
                hint=f"grade verify {problem.slug} says more",
            )
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            _remembered(folder, problem).touch()


def _remembered(folder: Path, problem: Problem) -> Path:
    return folder / f"{problem.slug}-{problem.version}-{sources.grading()[:16]}"
