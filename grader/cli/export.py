"""`grade export DIR --format …`: a batch's scores for a learning platform."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.shared import say, say_what_is_lacking
from grader.errors import GraderError, MissingWallError, UsageError
from grader.exports import FORMATS, run_export
from grader.exports.gradebook import read_gradebook
from grader.exports.model import TOTAL
from grader.problem import Course, find_course
from grader.reports.wording import counted, one_line
from grader.tiers import demand_walls

_SHOWN = 20


@click.command("export", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--format", "form", metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")
@click.option(
    "--template", type=click.Path(path_type=Path), help="For canvas and moodle: the file downloaded from there."
)
@click.option(
    "--column",
    "named",
    multiple=True,
    metavar="PROBLEM=ID",
    help="The template's column for a problem, by the assignment's number or its name; repeatable. "
    f"PROBLEM may be {TOTAL!r}.",
)
@click.option("--anonymous", is_flag=True, help="Number the students by chance; leave out all that may say who is who.")
@click.option("--out", type=click.Path(path_type=Path), help="A file or folder; without it, a name in DIR.")
def command(
    directory: Path, form: str | None, template: Path | None, named: tuple[str, ...], anonymous: bool, out: Path | None
) -> int:
    """Write a batch's scores as a learning platform reads them.

    A column of a template is written only where it has exactly the name of a problem, or --column says which it is.
    """
    if form is None:
        raise UsageError("--format is missing", hint=f"the formats are {', '.join(FORMATS)}")
    course = _course()
    problems = course.load_all() if course is not None else []
    graded = {problem.slug for problem in read_gradebook(directory).problems} if template is not None else set()
    report = run_export(
        directory,
        form,
        template,
        out,
        problems=problems,
        columns=_columns(course, named, graded),
        anonymous=anonymous,
        capped=course is not None and course.rules.bonus.cap == "total",
    )
    _say_what_is_lacking(directory, course)
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


def _say_what_is_lacking(directory: Path, course: Course | None) -> None:
    # An export also works without the course, from the files alone, and where no class can be graded.
    if course is None:
        return
    try:
        demand_walls("to read a class's rules")
        from grader.batch.again import open_batch
        from grader.batch.store import STORE

        if (directory / STORE).is_file():
            say_what_is_lacking(open_batch(directory, course))
    except MissingWallError:
        return
    except GraderError as error:
        say(f"The rules of now are not in it: {error.message}")


def _course() -> Course | None:
    """The course around, if there is one: an export needs little of it."""
    try:
        return find_course(Path.cwd())
    except UsageError:
        return None


def _columns(course: Course | None, named: tuple[str, ...], graded: set[str]) -> dict[str, str]:
    """Problem -> the column named for it, here or else in course.yaml."""
    in_course = course.rules.columns if course is not None else {}
    columns: dict[str, str] = {}
    for word in named:
        problem, equals, column = word.partition("=")
        if not equals or not problem.strip() or not column.strip():
            raise UsageError(f"--column {word}: names no problem and column", hint="for example: --column 02=4711")
        slug = problem if problem == TOTAL or course is None else course.resolve(problem)
        if slug in columns:
            raise UsageError(f"--column names two columns for {slug}: {columns[slug]} and {column}")
        columns[slug] = column
    # The course names the columns of all its problems; those of problems that were not graded here concern nobody.
    return {slug: column for slug, column in in_course.items() if slug in graded} | columns
