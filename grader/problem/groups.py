"""A course's groups: who hands in together. A CSV that course.yaml names, one line a student.

    student,group,problem
    ann,7,
    bob,7,
    cy,lab-2,02

A line without a problem holds for all problems but those for which the student has another line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from grader.common.suggest import did_you_mean
from grader.errors import UsageError

_COLUMNS = ("student", "group", "problem")
_NEEDED = ("student", "group")


class Groups(msgspec.Struct, frozen=True):
    """Who is in which group."""

    path: str = ""
    lines: Mapping[str, Mapping[str, str]] = {}
    """Problem, or nothing for all -> student -> group."""

    def of(self, student: str, problem: str) -> str:
        """The student's group for a problem; empty where there is none."""
        own = self.lines.get(problem, {}).get(student)
        return own if own is not None else self.lines.get("", {}).get(student, "")

    def members(self, problem: str) -> dict[str, list[str]]:
        """Group -> its students, for a problem, in the order of the file."""
        found: dict[str, list[str]] = {}
        students = dict.fromkeys([*self.lines.get("", {}), *self.lines.get(problem, {})])
        for student in students:
            if group := self.of(student, problem):
                found.setdefault(group, []).append(student)
        return found


def read_groups(path: Path, resolve: Callable[[str], str]) -> Groups:
    """The groups in a file. Raises UsageError, with the line, where one cannot be, or two fight."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        separator = max(",;\t", key=text.partition("\n")[0].count)
        rows = [
            [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        ]
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} is no CSV in UTF-8: {error}") from None
    heading = [cell.lower() for cell in rows[0]] if rows else []
    for name in heading:
        if name and name not in _COLUMNS:
            raise UsageError(f"{path}, line 1: unknown column {name}; {did_you_mean(name, _COLUMNS)}")
    for name in _NEEDED:
        if name not in heading:
            raise UsageError(f"{path}, line 1: there is no column {name}", hint=f"its columns: {', '.join(_COLUMNS)}")
    lines: dict[str, dict[str, str]] = {}
    places: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        cells = dict(zip(heading, row, strict=False))
        student, group = cells.get("student", ""), cells.get("group", "")
        if not student or not group:
            raise UsageError(f"{path}, line {number}: {'group' if student else 'student'} is empty")
        problem = _resolved(path, number, cells.get("problem", ""), resolve)
        if (first := places.setdefault((problem, student), number)) != number:
            about = f" for {problem}" if problem else ""
            raise UsageError(f"{path}, line {number}: {student} has a group{about} already, in line {first}")
        lines.setdefault(problem, {})[student] = group
    return Groups(str(path), lines)


def _resolved(path: Path, number: int, typed: str, resolve: Callable[[str], str]) -> str:
    try:
        return resolve(typed) if typed else ""
    except UsageError as error:
        raise UsageError(
            f"{path}, line {number}: {error.message}" + (f"; {error.hint}" if error.hint else "")
        ) from None
