"""What the autograder of one platform is, and what all of them tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from grader.model import Grade, Problem, Status

OUR_FAULT = (
    "The autograder could not do its work. That is not your fault, and your submission is kept: "
    "please tell the course's staff, who can grade it again."
)


class Autoanswer(msgspec.Struct, frozen=True):
    """A problem, and what came of the answer to it."""

    problem: Problem
    grade: Grade | None = None
    """None where nothing was found that answers it."""
    path: str = ""
    """Of the answer, in what was handed in."""


class Autograded(msgspec.Struct, frozen=True):
    """One submission, graded."""

    answers: tuple[Autoanswer, ...]
    said: tuple[str, ...]
    """Sentences on the files that were not used."""
    seconds: float
    unreadable: str = ""
    """Why nothing could be read at all; empty where something could."""

    @property
    def earned(self) -> float:
        return sum(each.grade.score for each in self.answers if each.grade is not None)

    @property
    def possible(self) -> float:
        """Full marks of all problems, whether or not they were answered."""
        return sum(each.grade.max_score if each.grade else each.problem.check_points for each in self.answers)

    @property
    def share(self) -> float:
        """What was earned, from 0 to 1; points beyond full marks are left out."""
        return min(1.0, self.earned / self.possible) if self.possible else 0.0

    @property
    def gradable(self) -> bool:
        """Whether anything was graded."""
        return any(each.grade is not None and each.grade.status is Status.GRADED for each in self.answers)


@dataclass(frozen=True)
class Autograder:
    """One platform."""

    name: str
    encode: Callable[[Autograded], bytes]
    """What the platform reads of a submission."""
    fault: Callable[[], bytes]
    """What it reads where the grader has failed, which is no grade; empty where it must read nothing."""
    scripts: tuple[str, ...]
    """Files of its folder in templates/ that are programs."""
    texts: tuple[str, ...] = ()
    """The others."""
    of_kit: bool = False
    """Whether it runs where students can read all that it has: then it holds public checks alone."""
    course_zipped: bool = False
    """Whether the course is handed to the platform as a file of its own."""
