"""`grade regrade DIR [STUDENT] [PROBLEM]`: grade again and show what changed, by check."""

from __future__ import annotations

from pathlib import Path

import click

from grader.batch.again import open_batch, regrade
from grader.batch.diff import compare, kept
from grader.batch.model import Batch
from grader.batch.store import Store
from grader.cli import options
from grader.cli.progress import progress
from grader.cli.summary import tell_changes
from grader.common.suggest import did_you_mean_person
from grader.errors import UsageError
from grader.problem import Course, find_course
from grader.reports.wording import counted


@click.command("regrade", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("names", metavar="[STUDENT] [PROBLEM]", nargs=-1)
@options.jobs
def command(directory: Path, names: tuple[str, ...], jobs: int) -> int:
    """Grade answers of a batch in DIR again: one student's, those to one problem, or all.

    The files are those that the batch keeps; the checks are those of now. Adjustments stay.
    """
    course = find_course(Path.cwd())
    batch = open_batch(directory, course, jobs)
    student, problem = _chosen(batch, course, names)
    with kept(directory) as before:
        with progress(jobs) as watch:
            graded = regrade(batch, student, problem, watch)
        click.echo(f"Graded {counted(graded, 'submission')} again.")
        tell_changes(compare(before, directory, {each.slug for each in batch.problems}), directory, directory)
    return 0


def _chosen(batch: Batch, course: Course, names: tuple[str, ...]) -> tuple[str | None, str | None]:
    """The student and the problem that are meant; of one word, whichever it is."""
    with Store(batch.out) as store:
        students = {each.id: each.name for each in store.students()}
    if len(names) > 2:
        raise UsageError(f"what is {names[2]}?", hint="grade regrade DIR [STUDENT] [PROBLEM]")
    if not names:
        return None, None
    if len(names) == 2:
        if names[0] not in students:
            near = did_you_mean_person(names[0], students)
            raise UsageError(f"there is no student {names[0]} in {batch.out}", hint=near)
        return names[0], course.resolve(names[1])
    if names[0] in students:
        return names[0], None
    try:
        return None, course.resolve(names[0])
    except UsageError:
        near = did_you_mean_person(names[0], {**students, **dict.fromkeys(course.slugs, "")})
        raise UsageError(f"{names[0]} is no student in {batch.out} and no problem", hint=near) from None
