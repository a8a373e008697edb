"""`grade new SLUG`: a problem to be written, from templates/."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import click

from grader.cli.shared import say_course_begins
from grader.problem import find_or_begin_course
from grader.problem.new import new_problem

_KINDS = ("function", "module", "numpy", "training", "notebook")


@click.command("new", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("slug")
@click.option(
    "--kind",
    type=click.Choice(_KINDS),
    default=_KINDS[0],
    help="What students write: a function of tensors (the default), a module with parameters, "
    "numpy alone, a training with a table of its own, or a notebook with a part that a person grades.",
)
def command(slug: str, kind: str) -> int:
    """For authors: begin problem SLUG, numbered after the last one. Never overwrites.

    Outside of a course it begins one in the current folder.
    """
    course = find_or_begin_course(Path.cwd())
    with resources.as_file(resources.files("grader.templates")) as templates:
        written = new_problem(course, slug, templates / "kinds" / kind)
    say_course_begins(course)
    click.echo(f"problems/{written} and solutions/{written} hold a small problem that works. Make it yours, then:")
    click.echo(f"    grade verify {written}")
    return 0
