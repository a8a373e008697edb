"""`grade adjust DIR STUDENT PROBLEM --points ±N --because TEXT`: change a grade by hand, so that it stays."""

from __future__ import annotations

import datetime
import getpass
from pathlib import Path

import click

from grader.batch.adjustments import (
    ADJUSTMENTS,
    UNDONE,
    Adjustment,
    read_adjustments,
    take_back,
    write_adjustments,
)
from grader.batch.again import open_batch, republish
from grader.batch.model import Batch, Row
from grader.batch.rulings import Rulings, find_id
from grader.batch.store import Store
from grader.cli.shared import Quiet, say
from grader.common.suggest import did_you_mean_person
from grader.errors import UsageError
from grader.model import Grade
from grader.problem import find_course
from grader.reports.text import number, one_line, signed


@click.command("adjust", context_settings={"help_option_names": ["-h", "--help"], "ignore_unknown_options": True})
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("student")
@click.argument("problem")
@click.option(
    "--check", "check", default="", metavar="ID", help="One check or manual part; without it, the problem as a whole."
)
@click.option("--points", type=float, metavar="±N", help="So many points more or less.")
@click.option("--to", type=click.FloatRange(min=0), metavar="N", help="So many points.")
@click.option("--because", default=None, metavar="TEXT", help="The reason; the student reads it.")
@click.option("--by", default="", metavar="NAME", help="Who decides; default: the name of your account.")
@click.option("--undo", is_flag=True, help="Take the last adjustment of this grade back; with --check, of that check.")
def command(
    directory: Path,
    student: str,
    problem: str,
    check: str,
    points: float | None,
    to: float | None,
    because: str | None,
    by: str,
    undo: bool,
) -> int:
    """Change a grade of a batch in DIR by hand. It stays when the batch is graded again.

    The change is a line of DIR/adjustments.csv, with the reason, who and when; results and pages are written anew.
    """
    if undo and (points is not None or to is not None or because is not None):
        raise UsageError("--undo takes an adjustment back and makes none", hint="without --points, --to and --because")
    if not undo:
        if (points is None) == (to is None):
            raise UsageError("give either --points or --to", hint="--points +1.5 changes the grade, --to 8 sets it")
        if because is None:
            raise UsageError("--because is missing", hint="the student reads the reason")
        if not because.strip():
            raise UsageError("--because is empty", hint="the student reads the reason")
    course = find_course(Path.cwd())
    batch = open_batch(directory, course)
    row = _row(batch, student, course.resolve(problem))
    assert row.grade is not None
    if check:
        check = find_id(row.grade, check, row.problem)
    if undo:
        return _undo(batch, row, check, by)
    assert because is not None
    before = _published(batch, row)
    _refuse_too_much(batch, before, check, to)
    adjustment = Adjustment(
        row.student, row.problem, check, points, to, because.strip(), by or _account(), _now(), "this adjustment"
    )
    adjusted = _with(batch, (*batch.rules.of_batch, adjustment))
    after = _published(adjusted, row)
    republish(
        adjusted,
        Quiet(),
        before=lambda: write_adjustments(directory, [*read_adjustments(directory), adjustment]),
    )
    _tell(row, before, after)
    say(f"Kept in {directory / ADJUSTMENTS}; the results in {directory} are written anew.")
    return 0


def _undo(batch: Batch, row: Row, check: str, by: str) -> int:
    """Take the last adjustment of a grade back, or of one of its checks."""
    kept = batch.rules.of_batch
    assert row.grade is not None
    mine = [each for each in kept if (each.student, each.problem) == (row.student, row.problem)]
    if check:
        mine = [each for each in mine if each.check and find_id(row.grade, each.check, each.where) == check]
    if not mine:
        about = f"{row.student}, {row.problem}" + (f", {check}" if check else "")
        raise UsageError(f"there is no adjustment to take back of {about}, in {batch.out / ADJUSTMENTS}")
    last = mine[-1]
    without = _with(batch, tuple(each for each in kept if each is not last))
    before, after = _published(batch, row), _published(without, row)
    republish(without, Quiet(), before=lambda: take_back(batch.out, last, by or _account(), _now()))
    _tell(row, before, after)
    say(f"Taken back: {one_line(last.because, 80)}. The line is now in {batch.out / UNDONE}.")
    return 0


def _tell(row: Row, before: Grade, after: Grade) -> None:
    click.echo(
        f"{one_line(row.student, 60)}, {row.problem}: {number(before.score)} → {number(after.score)} of "
        f"{number(after.max_score)} points ({signed(round(after.score - before.score, 6))})"
    )


def _row(batch: Batch, student: str, problem: str) -> Row:
    """The student's answer that counts. Raises UsageError where there is no such student, or no grade to change."""
    with Store(batch.out) as store:
        known = {each.id: each.name for each in store.students()}
        rows = {row.problem: row for row in store.rows() if row.student == student}
    if student not in known:
        raise UsageError(f"there is no student {student} in {batch.out}", hint=did_you_mean_person(student, known))
    row = rows.get(problem)
    if row is None or row.grade is None:
        graded = ", ".join(slug for slug, each in rows.items() if each.grade is not None)
        raise UsageError(
            f"{student} has no grade for {problem} that could be changed",
            hint=f"graded: {graded}" if graded else "nothing of this student is graded",
        )
    return row


def _refuse_too_much(batch: Batch, grade: Grade, check: str, to: float | None) -> None:
    parts = {each.id: each.max_points for each in grade.checks} | {each.id: each.max_points for each in grade.manual}
    most = parts[check] if check else Rulings(batch.rules).most(grade)
    if to is not None and to > most:
        raise UsageError(f"--to {to:g} is more than the {most:g} points there are")


def _published(batch: Batch, row: Row) -> Grade:
    from grader.batch.judge import BatchJudge

    grade = BatchJudge(batch).rule(row).grade
    assert grade is not None
    return grade


def _with(batch: Batch, adjustments: tuple[Adjustment, ...]) -> Batch:
    import msgspec

    return msgspec.structs.replace(batch, rules=msgspec.structs.replace(batch.rules, of_batch=adjustments))


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
