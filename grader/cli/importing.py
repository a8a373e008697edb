"""`grade import FORMAT PATH --as SLUG`: an assignment of another grader becomes a problem."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.shared import say_course_begins
from grader.errors import GraderError
from grader.problem import Course, find_or_begin_course, open_course

_FORMATS = ("nbgrader", "otter", "pytest")


@click.command("import", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("format_", metavar="nbgrader|otter|pytest", type=click.Choice(_FORMATS))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--as", "slug", required=True, metavar="SLUG", help="The name of the new problem.")
def command(format_: str, path: Path, slug: str) -> int:
    """For authors: make a problem of a notebook of nbgrader's or Otter's, or of a folder with pytest files.

    Never overwrites. What does not carry over is told, line by line.
    """
    from grader.porting import FORMATS, write_problem

    course = find_or_begin_course(Path.cwd())
    written = write_problem(course, slug, FORMATS[format_](path))
    say_course_begins(course)
    plural = "" if written.by_hand == 1 else "s"
    by_hand = f", {written.by_hand} part{plural} graded by hand" if written.by_hand else ""
    checks = f"{written.public} public and {written.hidden} hidden checks{by_hand}, {written.points:g} points"
    click.echo(f"problems/{written.slug} and solutions/{written.slug} are written: {checks}.")
    if written.lost:
        click.echo("\nNot carried over:")
        for each in written.lost:
            click.echo(f"  {each.where}: {each.code[:80]}" if each.code else f"  {each.where}")
            click.echo(f"      {each.reason}")
    click.echo()
    for line in _tried(course, written.slug):
        click.echo(line)
    click.echo("Make it yours: a summary, hints for hidden checks, wrong answers that you know. Then:")
    click.echo(f"    grade verify {written.slug}")
    return 0


def _tried(course: Course, slug: str) -> list[str]:
    """What the solution gets, once it is graded here."""
    from grader.bench import Bench
    from grader.grade import Given, grade_one
    from grader.jobs import Terms
    from grader.model import Outcome, SourceFile, Submission

    problem = open_course(course.root).load(slug)
    solution = Path(problem.solution_folder or "") / "solution.py"
    submission = Submission("solution.py", SourceFile("solution.py", solution.read_bytes()))
    try:
        with Bench() as bench:
            grade = grade_one(Given(problem, submission, bench), Terms(reveal=True, recognise=False))
    except GraderError as error:
        return [f"Its solution could not be graded: {error.message}"]
    said = [f"Its solution gets {grade.score:g} of {grade.max_score:g} points here."]
    if grade.message:
        said.append(f"  {grade.message}")
    for check in grade.checks:
        if check.outcome is not Outcome.PASSED:
            said.append(f"  {check.id}: {check.message.splitlines()[0] if check.message else check.outcome.value}")
    return said
