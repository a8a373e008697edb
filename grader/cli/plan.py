"""`grade batch SUBMISSIONS --plan`: who handed in what for which problem, and why; nothing is graded."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.batch import Batch
from grader.cli.shared import say
from grader.common.outfile import check_output, write_output
from grader.errors import UsageError
from grader.reports.wording import counted, one_line

if TYPE_CHECKING:
    from grader.intake.plan import PlanLine

_STUDENTS_SHOWN = 60
_UNUSED_SHOWN = 20
_WIDEST = 44


def tell_plan(batch: Batch, target: Path) -> int:
    """Read the submissions, show what would be graded, and write it to `target`."""
    # Only this command needs them.
    from grader.batch.collecting import read_for_plan
    from grader.intake.collect import open_source
    from grader.intake.plan import ANSWER, is_plan, plan_file, plan_lines

    check_output(target, is_plan, never=[batch.source])
    intake = read_for_plan(batch)
    lines = plan_lines(intake, [entry.shown for entry in open_source(batch.source).entries])
    click.echo(intake.reading)
    for doubt in intake.doubts:
        say(f"doubtful: {one_line(doubt)}")
    by_student: dict[str, list[PlanLine]] = defaultdict(list)
    for line in lines:
        by_student[line.student].append(line)
    unused = [line for line in lines if not line.use and line.file]
    answers = [line for line in lines if line.use == ANSWER or (line.student and not line.file)]
    width = min(max((len(_whose(line)) for line in answers), default=0), _WIDEST)
    shown = 0
    for student, own in by_student.items():
        if not student or shown >= _STUDENTS_SHOWN:
            continue
        shown += 1
        rows = [line for line in own if line in answers]
        for row in rows:
            whose = one_line(_whose(row), _WIDEST).ljust(width)
            what = f"{row.problem:<24} {one_line(row.file, 80)}  ({one_line(row.why, 80)})" if row.file else row.why
            click.echo(f"  {whose}  {what}")
    students = len(by_student) - ("" in by_student)
    if students > shown:
        click.echo(f"  and {counted(students - shown, 'other student')}, in {target}")
    if unused:
        click.echo("not graded:")
        for line in unused[:_UNUSED_SHOWN]:
            click.echo(f"  {one_line(line.file, 80)}: {one_line(line.why, 160)}")
        if len(unused) > _UNUSED_SHOWN:
            click.echo(f"  and {counted(len(unused) - _UNUSED_SHOWN, 'other')}, in {target}")
    _write(target, plan_file(lines), batch)
    say(f"{target} holds this plan. Edited or not, --use-plan {target} grades exactly what it says.")
    return 0


def _write(target: Path, plan: bytes, batch: Batch) -> None:
    """Write the plan, never over an existing one: somebody may have edited it."""
    from grader.intake.plan import is_plan

    if target.is_file() and target.read_bytes() != plan:
        raise UsageError(
            f"{target} holds another plan, or was edited since; it is left as it is, and this one is not written",
            hint="name another file with --plan FILE, or move that one away",
        )
    write_output(target, plan, is_plan, never=[batch.source], private=True)


def _whose(line: PlanLine) -> str:
    return line.student if line.name in ("", line.student) else f"{line.name} ({line.student})"
