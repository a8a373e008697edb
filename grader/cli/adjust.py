"""`grade adjust DIR STUDENT PROBLEM --points ±N --because TEXT`: change a grade by hand, so that it stays."""

from __future__ import annotations

import getpass
import shlex
from pathlib import Path

import click

from grader.batch.adjustments import points_of
from grader.batch.again import open_batch, republish
from grader.batch.decisions import Decision, adjusting, undoing
from grader.batch.lock import DirectoryBusyError
from grader.batch.model import Batch, Row
from grader.batch.store import Store
from grader.cli.shared import Quiet, say
from grader.common.suggest import did_you_mean_person
from grader.errors import UsageError
from grader.problem import Course, find_course


def _points(_ctx: click.Context, _option: click.Parameter, said: str | None) -> float | None:
    """A number of points, as adjustments.csv takes it."""
    points = points_of(said) if said is not None else None
    if said is not None and points is None:
        raise click.BadParameter(f"{said} is no number of points, of up to six digits before and after the point")
    return points


@click.command("adjust", context_settings={"help_option_names": ["-h", "--help"], "ignore_unknown_options": True})
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("student", required=False)
@click.argument("problem", required=False)
@click.option(
    "--check", "check", default="", metavar="ID", help="One check or manual part; without it, the problem as a whole."
)
@click.option("--points", callback=_points, metavar="±N", help="So many points more or less.")
@click.option("--to", callback=_points, metavar="N", help="So many points.")
@click.option("--because", default=None, metavar="TEXT", help="The reason; the student reads it.")
@click.option("--by", default="", metavar="NAME", help="Who decides; default: the name of your account.")
@click.option("--undo", is_flag=True, help="Take the last adjustment of this grade back; with --check, of that check.")
def command(
    directory: Path,
    student: str | None,
    problem: str | None,
    check: str,
    points: float | None,
    to: float | None,
    because: str | None,
    by: str,
    undo: bool,
) -> int:
    """Change a grade of a batch in DIR by hand. It stays when the batch is graded again.

    The change is a line of DIR/adjustments.csv, with the reason, who and when; results and pages are written anew.
    Without STUDENT and PROBLEM they are written by what course.yaml and adjustments.csv say now: after you edited one.
    """
    asks = undo or points is not None or to is not None or because is not None or bool(check)
    if student is None or problem is None:
        if asks or student is not None:
            raise UsageError("whose grade, for which problem?", hint="grade adjust DIR STUDENT PROBLEM …")
        return _write_anew(directory, find_course(Path.cwd()))
    _refuse_halves(points, to, because, undo=undo)
    course = find_course(Path.cwd())
    batch = open_batch(directory, course)
    row = _row(batch, student, course.resolve(problem))
    decision: Decision
    if undo:
        decision = undoing(batch, row, check=check, by=by or _account())
    else:
        assert because is not None
        decision = adjusting(batch, row, check=check, points=points, to=to, because=because, by=by or _account())
    decision.keep()
    click.echo(decision.change)
    # Before the results are written: whoever stops that knows what holds.
    say(decision.kept)
    try:
        republish(decision.batch, Quiet())
    except DirectoryBusyError as busy:
        say(f"The results do not have it yet: {busy.message}. When that is done:")
        say(f"    grade adjust {shlex.quote(str(directory))}")
        return 0
    say(f"The results in {directory} are written anew.")
    return 0


def _write_anew(directory: Path, course: Course) -> int:
    """Bring results in line with the rules of now."""
    if republish(open_batch(directory, course), Quiet()):
        say(f"The results in {directory} are written anew, by course.yaml and adjustments.csv as they are now.")
    else:
        say(f"The results in {directory} say what course.yaml and adjustments.csv say; nothing was written.")
    return 0


def _refuse_halves(points: float | None, to: float | None, because: str | None, *, undo: bool) -> None:
    """Raise UsageError where options do not go together."""
    if undo:
        if points is not None or to is not None or because is not None:
            hint = "without --points, --to and --because"
            raise UsageError("--undo takes an adjustment back and makes none", hint=hint)
        return
    if (points is None) == (to is None):
        raise UsageError("give either --points or --to", hint="--points +1.5 changes the grade, --to 8 sets it")
    if to is not None and to < 0:
        raise UsageError(f"--to {to:g} is below 0")
    if because is None:
        raise UsageError("--because is missing", hint="the student reads the reason")
    if not because.strip():
        raise UsageError("--because is empty", hint="the student reads the reason")


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


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
