"""adjustments.csv: what somebody decided on a grade by hand, with the reason, and who and when.

    student,problem,check,points,to,because,by,when
    jdoe,02-conv-bias,,+1.5,,"the statement was unclear",Ada,2025-05-03T10:12:00+00:00
    jdoe,02-conv-bias,test_layer.py::test_once,,2,"right, but for a typo of ours",Ada,2025-05-03T10:15:00+00:00

A line changes the points of a check, or of the problem where no check is named, by `points`, or sets them `to` a
number. Lines apply in their order, so the file is the history, too. It lies in a batch's directory or, for all batches
of a course, in the course. A problem is named as in every command; the file keeps how its author wrote it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from grader.batch.lock import ADJUSTING, locked
from grader.batch.outputs import PRIVATE_FILE
from grader.common.outfile import write_own
from grader.common.suggest import did_you_mean, did_you_mean_person
from grader.errors import UsageError
from grader.intake.csv_files import quoted, read_table, unquoted

ADJUSTMENTS = "adjustments.csv"
UNDONE = "undone.csv"
"""Adjustments that were taken back, with who did and when: the history has no holes."""
COLUMNS = ("student", "problem", "check", "points", "to", "because", "by", "when")
_POINTS = re.compile(r"[+-]?[0-9]{1,6}(?:\.[0-9]{1,6})?")
_NEEDED = ("student", "problem", "because")


class Adjustment(msgspec.Struct, frozen=True):
    """One line."""

    student: str
    problem: str
    check: str
    points: float | None
    to: float | None
    because: str
    by: str = ""
    when: str = ""
    where: str = ""
    """File and line, for messages."""
    typed: str = ""
    """The problem as the file names it, where that is not its slug."""

    @property
    def row(self) -> list[str]:
        """The line's cells."""
        points = _digits(self.points, "+") if self.points is not None else ""
        to = _digits(self.to) if self.to is not None else ""
        return [self.student, self.typed or self.problem, self.check, points, to, self.because, self.by, self.when]


def adjustments_of(folder: Path, resolve: Callable[[str], str]) -> tuple[Adjustment, ...]:
    """The adjustments in `folder`, each of the problem that `resolve` says is meant.

    Raises UsageError, with the line, where one cannot be what it should be.
    """
    found = []
    for each in read_adjustments(folder):
        try:
            slug = resolve(each.problem)
        except UsageError as error:
            raise UsageError(f"{each.where}: {error.message}; {error.hint}") from None
        typed = each.problem if each.problem != slug else ""
        found.append(msgspec.structs.replace(each, problem=slug, typed=typed))
    return tuple(found)


def read_adjustments(folder: Path) -> tuple[Adjustment, ...]:
    """The adjustments in `folder`, with problems as they are named there; none where it has no such file.

    Raises UsageError, with the line, where one cannot be what it should be.
    """
    path = folder / ADJUSTMENTS
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    try:
        rows = [list(map(_text, row)) for row in read_table(content).values()]
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None
    if not any(any(row) for row in rows):
        return ()
    heading = [cell.lower() for cell in rows[0]]
    for name in heading:
        if name and name not in COLUMNS:
            raise UsageError(f"{path}, line 1: unknown column {name}; {did_you_mean(name, COLUMNS)}")
    for name in COLUMNS:
        if heading.count(name) > 1:
            raise UsageError(f"{path}, line 1: the column {name} stands there twice")
    for name in _NEEDED:
        if name not in heading:
            raise UsageError(f"{path}, line 1: there is no column {name}", hint=f"its columns are {', '.join(COLUMNS)}")
    for number, row in enumerate(rows[1:], 2):
        if any(row[len(heading) :]):
            hint = "a reason with a comma stands in quotation marks"
            raise UsageError(f"{path}, line {number}: more cells than there are columns", hint=hint)
    return tuple(
        _adjustment(dict(zip(heading, row, strict=False)), f"{path}, line {number}")
        for number, row in enumerate(rows[1:], 2)
        if any(row)
    )


def _text(cell: str) -> str:
    """What a cell says. In every file of ours an apostrophe stands before text that a spreadsheet would run."""
    plain = unquoted(cell)
    return plain.removeprefix("'") if cell.strip()[:1] == "'" and plain[1:2] in tuple("=+-@") else plain


def _adjustment(cells: dict[str, str], where: str) -> Adjustment:
    for name in _NEEDED:
        if not cells.get(name):
            raise UsageError(f"{where}: {name} is empty")
    numbers = {name: _number(cells.get(name, ""), where, name) for name in ("points", "to")}
    adjustment = Adjustment(
        cells["student"],
        cells["problem"],
        cells.get("check", ""),
        numbers["points"],
        numbers["to"],
        cells["because"],
        cells.get("by", ""),
        cells.get("when", ""),
        where,
    )
    _one_of_two(adjustment)
    return adjustment


def _number(text: str, where: str, name: str) -> float | None:
    if not text:
        return None
    points = points_of(text)
    if points is None:
        raise UsageError(f"{where}: {name}: {text} is no number of points")
    return points


def points_of(text: str) -> float | None:
    """The number of points that `text` says, as adjustments.csv, the command and the desk take it; None where none.

    Whatever is accepted can be written to the file and is read back as the same.
    """
    plain = text.strip().replace("\N{MINUS SIGN}", "-").removeprefix("'").replace(",", ".")
    return float(plain) if _POINTS.fullmatch(plain) is not None else None


def _digits(points: float, sign: str = "") -> str:
    return f"{points:{sign}.6f}".rstrip("0").rstrip(".")


def _one_of_two(adjustment: Adjustment) -> None:
    if (adjustment.points is None) == (adjustment.to is None):
        both = "both points and to" if adjustment.to is not None else "neither points nor to"
        raise UsageError(f"{adjustment.where}: names {both}", hint="points changes a grade by so much, to sets it")
    if adjustment.to is not None and adjustment.to < 0:
        raise UsageError(f"{adjustment.where}: to: must not be below 0, is {adjustment.to:g}")


def refuse_unknown(adjustments: Iterable[Adjustment], students: Mapping[str, str]) -> None:
    """Raise UsageError where one names a student who is not there; `students` are ids with names."""
    for each in adjustments:
        if each.student not in students:
            near = did_you_mean_person(each.student, students)
            raise UsageError(f"{each.where}: there is no student {each.student}; {near}")


def add_adjustment(folder: Path, adjustment: Adjustment) -> None:
    """Add a line to the file of a batch, whoever else adds one meanwhile. Raises UsageError where it cannot be."""
    with locked(folder, ADJUSTING):
        write_adjustments(folder, [*read_adjustments(folder), adjustment])


def write_adjustments(folder: Path, adjustments: Iterable[Adjustment]) -> None:
    """Put the file in place in one step. Raises UsageError where it cannot be written."""
    _write(folder / ADJUSTMENTS, [list(COLUMNS), *(each.row for each in adjustments)])


def take_back(folder: Path, adjustment: Adjustment, by: str, when: str) -> None:
    """Move a line of the file to `UNDONE`. Raises UsageError where it is not there any more, or nothing can be written.

    Killed in between, it stands in both: the grade still has it, and it can be taken back again.
    """
    with locked(folder, ADJUSTING):
        kept = list(read_adjustments(folder))
        if adjustment.row not in [each.row for each in kept]:
            raise UsageError(f"{adjustment.where}: the line has changed meanwhile; nothing was taken back")
        path = folder / UNDONE
        try:
            rows = [list(map(_text, row)) for row in read_table(path.read_bytes()).values() if any(row)]
        except FileNotFoundError:
            rows = []
        except (OSError, ValueError) as error:
            raise UsageError(f"{path} cannot be read: {error}", hint="move it away") from None
        own = [*adjustment.row, by, when]
        _write(path, [[*COLUMNS, "undone_by", "undone_when"], *rows[1:], own])
        last = max(place for place, each in enumerate(kept) if each.row == adjustment.row)
        write_adjustments(folder, [each for place, each in enumerate(kept) if place != last])


def _write(path: Path, rows: Sequence[Sequence[str]]) -> None:
    from grader.exports.spreadsheet_cells import defused  # This imports all formats: too much for whoever only reads.

    def cell(text: str) -> str:
        written = defused(text)
        return written if _text(written) == text else quoted(text)

    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([list(map(cell, row)) for row in rows])
    write_own(path, text.getvalue().encode("utf-8"), mode=PRIVATE_FILE)
