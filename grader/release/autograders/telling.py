"""What students read of a submission on any platform: the same sentences as everywhere, and bounded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from grader.exports.formats.gradescope import overall
from grader.exports.model import Result
from grader.model import Outcome
from grader.release.autograders.model import Autoanswer, Autograded
from grader.reports.wording import clipped
from grader.text import plain

_MOST = 2000
"""Characters of one text: PrairieLearn takes a megabyte in all."""


class ToldCheck(NamedTuple):
    """One check, as a platform lists it."""

    name: str
    points: float
    max_points: float
    passed: bool
    message: str


def told(graded: Autograded) -> list[str]:
    """Paragraphs on the submission as a whole."""
    if graded.unreadable:
        return [f"Nothing can be read of this submission: {_text(graded.unreadable)}."]
    return [_text(line) for answer in graded.answers for line in _about(graded, answer)] + [*map(_text, graded.said)]


def checks_of(graded: Autograded) -> Iterator[ToldCheck]:
    """All checks; one for a problem that nothing answers."""
    for answer in graded.answers:
        prefix = _prefix(graded, answer)
        if answer.grade is None:
            name = f"{answer.problem.number}: {answer.problem.title}"
            yield ToldCheck(name, 0.0, answer.problem.check_points, False, "Nothing was handed in for this problem.")
            continue
        for check in Result.of(answer.grade).checks:
            passed = check.outcome is Outcome.PASSED
            message = "" if passed else "\n\n".join(part for part in (check.message, check.hint) if part)
            yield ToldCheck(
                _text(f"{prefix}{check.title}"),
                round(check.points, 4),
                round(check.max_points, 4),
                passed,
                _text(message),
            )


def _about(graded: Autograded, answer: Autoanswer) -> list[str]:
    prefix = _prefix(graded, answer)
    if answer.grade is None:
        return [f"{prefix}Nothing was found that answers “{answer.problem.title}”."]
    said = overall(Result.of(answer.grade))
    return [f"{prefix}The answer is {answer.path}.", *([said] if said else [])]


def _prefix(graded: Autograded, answer: Autoanswer) -> str:
    return f"{answer.problem.number}: " if len(graded.answers) > 1 else ""


def _text(text: str) -> str:
    return clipped(plain(text), _MOST)
