"""Whose fault it is that a check ended with an exception that no comparison raised.

The student answers for what comes out of the room. The author answers for a misspelt name in a check, and for a check
that breaks on the reference's own results: then there is no grade, and no student reads that an answer could not be
used.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from grader.checking.effort import TookTooLong
from grader.checking.session.budget import NotCalledAgain, TimeUsedUp
from grader.checking.session.claims import AnswerTooLarge, ForbiddenOperatorUsed, StudentRaised
from grader.checking.session.lodging import CouldNotLoad
from grader.errors import CheckError, GraderError
from grader.model import Problem

if TYPE_CHECKING:
    from grader.checking.checks import Check

_NOT_THE_CHECKS = (
    AssertionError,
    pytest.fail.Exception,
    StudentRaised,
    ForbiddenOperatorUsed,
    AnswerTooLarge,
    NotCalledAgain,
    TimeUsedUp,
    CouldNotLoad,
    TookTooLong,
    GraderError,
)
_ALWAYS_THE_AUTHORS = (NameError, ImportError, SyntaxError, pytest.skip.Exception)


def is_odd(raised: BaseException | None) -> bool:
    """Whether a reply of another kind than the check expects may have brought this; otherwise the check itself has."""
    return raised is not None and not isinstance(raised, _NOT_THE_CHECKS)


def is_the_authors(raised: BaseException) -> bool:
    """Whether no reply, however odd, can have brought this."""
    if isinstance(raised, _ALWAYS_THE_AUTHORS):
        return True
    return isinstance(raised, AttributeError) and isinstance(raised.obj, ModuleType) and _is_written_out(raised)


def _is_written_out(error: AttributeError) -> bool:
    """Whether the attribute's name stands in the code; else it may have come from an answer."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return bool(frames) and error.name in frames[-1].f_code.co_names


_WHO_MENDS_IT = "its author has to mend it; grade PROBLEM --reveal and grade verify name file and line"


def solution_error(path: Path, raised: Exception) -> CheckError:
    """The fault where a solution's file cannot be loaded, from whatever it raised."""
    place = _own_line(raised, [path.parent]) or f"{path.parent.name}/{path.name}"
    if isinstance(raised, SyntaxError) and raised.filename == str(path):
        place = f"{path.parent.name}/{path.name}, line {raised.lineno}"
    return CheckError(
        f"{path.parent.name}: its solution cannot be loaded",
        where=f"{place}: {_reason(raised)}",
        hint=_WHO_MENDS_IT,
    )


def check_error(check: Check, raised: BaseException, problem: Problem) -> CheckError:
    """The fault: everybody reads it without file and line, the author with them."""
    return CheckError(
        f"{problem.slug}: the check “{check.title.rstrip('.')}” is broken, whatever was answered",
        where=f"{_place(check, raised, problem)}: {_reason(raised)}",
        hint=_WHO_MENDS_IT,
    )


def _reason(raised: BaseException) -> str:
    return f"{type(raised).__name__}: {raised}" if str(raised) else type(raised).__name__


def _place(check: Check, raised: BaseException, problem: Problem) -> str:
    """The last of the author's own lines that led there."""
    folders = [Path(folder) for folder in (problem.folder, problem.solution_folder) if folder]
    return _own_line(raised, folders) or f"{problem.slug}/{check.place}"


def _own_line(raised: BaseException, folders: Sequence[Path]) -> str:
    """The last line in a file of these folders that led there; empty for none."""
    for frame in reversed(traceback.extract_tb(raised.__traceback__)):
        for folder in folders:
            if Path(frame.filename).is_relative_to(folder):
                return f"{folder.name}/{Path(frame.filename).relative_to(folder)}, line {frame.lineno}"
    return ""
