"""`grade export DIR --format …`: a batch's scores for a learning platform."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.shared import say
from grader.errors import UsageError
from grader.exports import Format, run_export
from grader.model import Problem
from grader.problem import find_course
from grader.reports.text import counted, one_line

_SHOWN = 20


@click.command("export", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--format", "form", required=True, metavar="FORMAT", help=f"One of {', '.join(Format)}.")
@click.option(
    "--template", type=click.Path(path_type=Path), help="For canvas and moodle: the file downloaded from there."
)
@click.option("--out", type=click.Path(path_type=Path), help="A file or folder; without it, a name in DIR.")
def command(directory: Path, form: str, template: Path | None, out: Path | None) -> int:
    """Write a batch's scores as a learning platform reads them."""
    report = run_export(directory, form, template, out, problems=_titles())
    for path in report.written[:_SHOWN]:
        click.echo(f"{path}")
    if len(report.written) > _SHOWN:
        click.echo(f"and {counted(len(report.written) - _SHOWN, 'other file')}")
    say(f"{counted(report.grades, 'grade')} written.")
    for note in report.notes:
        say(one_line(note))
    for missed in report.unmatched[:_SHOWN]:
        say(f"{missed.kind} {one_line(missed.name, 60)}: {one_line(missed.reason)}")
    if len(report.unmatched) > _SHOWN:
        say(f"and {counted(len(report.unmatched) - _SHOWN, 'other')} that found no counterpart")
    return 0


def _titles() -> list[Problem]:
    """The course's problems where there is a course around: an export needs nothing else of it."""
    try:
        return find_course(Path.cwd()).load_all()
    except UsageError:
        return []
