"""Moodle's VPL: what ``vpl_execution`` prints when a submission is evaluated.

Lines that begin with ``Comment :=>>`` are shown to the student, and the last one that begins with ``Grade :=>>`` is the
grade, on the activity's scale: VPL_GRADEMIN to VPL_GRADEMAX of vpl_environment.sh (VPL's documentation, "Automated
program assessment"; jail/default_scripts of jcrodriguez-dis/moodle-mod_vpl). So no line that a student wrote may stand
at the beginning of one, and where the grader has failed there is no grade.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from grader.errors import UsageError
from grader.release.autograders.model import OUR_FAULT, Autograded, Autograder
from grader.release.autograders.telling import checks_of, told
from grader.reports.wording import number

_LEAST, _MOST = "VPL_GRADEMIN", "VPL_GRADEMAX"


def _encode(graded: Autograded) -> bytes:
    lines = [*told(graded)]
    for check in checks_of(graded):
        mark = "passed" if check.passed else "not passed"
        lines += [f"-{check.name}: {mark}, {number(check.points)} of {number(check.max_points)}", check.message]
    low, high = _limit(_LEAST, 0.0), _limit(_MOST, 10.0)
    grade = low + graded.share * (high - low)
    return _comments(lines) + f"Grade :=>> {grade:.2f}\n".encode()


def _limit(name: str, default: float) -> float:
    text = os.environ.get(name, "")
    try:
        return float(text.replace(",", ".")) if text else default
    except ValueError:
        raise UsageError(f"{name} is {text!r}, and no number") from None


def _comments(paragraphs: Iterable[str]) -> bytes:
    """Each line behind the mark of a comment: none of them begins in any other way."""
    lines = [line for paragraph in paragraphs for line in paragraph.splitlines()]
    return "".join(f"Comment :=>> {line}\n" for line in lines if line.strip()).encode("utf-8", "replace")


AUTOGRADER = Autograder(
    "vpl",
    _encode,
    lambda: _comments([OUR_FAULT]),
    scripts=("vpl_evaluate.sh",),
    course_zipped=True,
)
