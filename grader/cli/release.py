"""`grade release OUT`: what students are given, or what Gradescope is."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from grader.cli.shared import say
from grader.errors import UsageError
from grader.problem import Course, find_course


@click.command("release", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--problem", "chosen", multiple=True, metavar="PROBLEM", help="Only this one; repeatable.")
@click.option("--gradescope", is_flag=True, help="An autograder for Gradescope instead, with checks and solutions.")
def command(out: Path, chosen: tuple[str, ...], gradescope: bool) -> int:
    """For instructors: write a student kit to OUT, a new folder or .zip, without hidden checks and solutions."""
    from grader.release import refuse_if_there

    course = find_course(Path.cwd())
    if course.solutions is None:
        raise UsageError(f"{course.root} has no solutions/", hint="a release is made from the whole course")
    slugs = list(dict.fromkeys(course.resolve(typed) for typed in chosen)) or list(course.slugs)
    if not slugs:
        raise UsageError(f"{course.root} has no problems yet", hint="begin one with: grade new SLUG")
    refuse_if_there(out)
    with tempfile.TemporaryDirectory() as scratch:
        if gradescope:
            _autograder(course, slugs, out, Path(scratch))
        else:
            _kit(course, slugs, out, Path(scratch))
    return 0


def _kit(course: Course, slugs: list[str], out: Path, scratch: Path) -> None:
    from grader.release import student_kit, write
    from grader.reports.text import counted, number
    from grader.sandbox.launch import Stem

    with Stem() as stem:
        kit, released = student_kit(course, slugs, stem, scratch)
    write(kit, out)
    for problem in released:
        hidden = f"{counted(problem.hidden, 'hidden one')}, worth {number(problem.hidden_points)}"
        say(f"{problem.slug}: {counted(problem.public, 'public check')}; {hidden}, left out")
    click.echo(f"{out} is ready for students: its README.md says how to begin.")


def _autograder(course: Course, slugs: list[str], out: Path, scratch: Path) -> None:
    from grader.release import autograder, write

    problems = [course.load(slug) for slug in slugs]
    for problem in problems:
        if problem.solution_folder is None:
            raise UsageError(f"{problem.slug} has no folder in solutions/", hint="an autograder needs the reference")
    write(autograder(problems, course.rules, scratch), out)
    click.echo(f"{out} holds hidden checks and solutions: upload it as the assignment's autograder, and keep it there.")
