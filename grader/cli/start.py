"""`grade start PROBLEM`: write submission.py from the stub, or a notebook from stub and statement."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.closing import short_name
from grader.cli.completion import complete_problems
from grader.cli.work import SUBMISSION_NAMES, begin_submission, write_new
from grader.common.paths import short
from grader.problem import find_course


@click.command("start", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("problem", shell_complete=complete_problems)
@click.option("--notebook", is_flag=True, help="Write submission.ipynb, which holds the statement too.")
def command(problem: str, notebook: bool) -> int:
    """Begin with a problem: write submission.py from its stub. Never overwrites."""
    course = find_course(Path.cwd(), problem)
    slug = course.resolve(problem)
    name = short_name(course, slug)
    if notebook:
        from grader.notebook.from_problem import notebook_of

        loaded = course.load(slug)
        written = write_new(Path(loaded.folder) / SUBMISSION_NAMES[1], notebook_of(loaded))
        click.echo(f"{short(written)} is ready.")
        click.echo(f"Open it in Jupyter. Its last cell grades it; in a terminal: grade {name}")
        return 0
    written = begin_submission(course.root / "problems" / slug)
    click.echo(f"{short(written)} is ready.")
    click.echo(f"Read the task (grade read {name}), write your answers there, then: grade {name}")
    return 0
