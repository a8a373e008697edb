"""`grade release OUT`: what students are given, or what a platform is given."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.shared import say
from grader.common.suggest import did_you_mean
from grader.errors import UsageError
from grader.problem import Course, find_course

if TYPE_CHECKING:
    from grader.release.autograders.model import Autograder


_READ = "keep it where no student can read; docs/autograders.md says how it is installed."


@click.command("release", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--problem", "chosen", multiple=True, metavar="PROBLEM", help="Only this one; repeatable.")
@click.option("--gradescope", is_flag=True, help="An autograder for Gradescope instead, with checks and solutions.")
@click.option(
    "--autograder", "platform", metavar="NAME", help="One for another platform; docs/autograders.md lists them."
)
def command(out: Path, chosen: tuple[str, ...], gradescope: bool, platform: str | None) -> int:
    """For instructors: write a student kit to OUT, a new folder or .zip, without hidden checks and solutions."""
    from grader.release import refuse_if_there

    kind = _platform(platform, gradescope=gradescope)
    course = find_course(Path.cwd())
    if course.solutions is None:
        raise UsageError(f"{course.root} has no solutions/", hint="a release is made from the whole course")
    slugs = list(dict.fromkeys(course.resolve(typed) for typed in chosen)) or list(course.slugs)
    if not slugs:
        raise UsageError(f"{course.root} has no problems yet", hint="begin one with: grade new SLUG")
    refuse_if_there(out)
    with tempfile.TemporaryDirectory() as scratch:
        if kind is None or kind.of_kit:
            _kit(course, slugs, out, Path(scratch), kind)
        else:
            _autograder(course, slugs, out, Path(scratch), kind)
    return 0


def _platform(typed: str | None, *, gradescope: bool) -> Autograder | None:
    from grader.release import AUTOGRADERS

    if typed is None:
        return AUTOGRADERS["gradescope"] if gradescope else None
    if gradescope and typed != "gradescope":
        raise UsageError(f"--gradescope and --autograder {typed} cannot both hold", hint="leave one of them out")
    if typed not in AUTOGRADERS:
        raise UsageError(f"there is no autograder for {typed}", hint=did_you_mean(typed, AUTOGRADERS))
    return AUTOGRADERS[typed]


def _kit(course: Course, slugs: list[str], out: Path, scratch: Path, kind: Autograder | None) -> None:
    from grader.release import student_kit, workflow, write
    from grader.reports.wording import counted, number
    from grader.sandbox.launch import Stem

    with Stem() as stem:
        kit, released = student_kit(course, slugs, stem, scratch)
    for path, text in workflow(kind).items() if kind is not None else ():
        kit.add(path, text)
    write(kit, out)
    for problem in released:
        hidden = f"{counted(problem.hidden, 'hidden one')}, worth {number(problem.hidden_points)}"
        say(f"{problem.slug}: {counted(problem.public, 'public check')}; {hidden}, left out")
    click.echo(f"{out} is ready for students: its README.md says how to begin.")


def _autograder(course: Course, slugs: list[str], out: Path, scratch: Path, kind: Autograder) -> None:
    from grader.release import autograder, write

    problems = [course.load(slug) for slug in slugs]
    for problem in problems:
        if problem.solution_folder is None:
            raise UsageError(f"{problem.slug} has no folder in solutions/", hint="an autograder needs the reference")
    write(autograder(kind, problems, course.rules, scratch), out)
    how = "upload it as the assignment's autograder, and keep it there." if kind.name == "gradescope" else _READ
    click.echo(f"{out} holds hidden checks and solutions: {how}")
