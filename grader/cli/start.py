"""`grade start PROBLEM`: write submission.py from the stub, or a notebook from stub and statement."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.completion import complete_problems
from grader.cli.work import SUBMISSION_NAMES, begin_submission, write_new
from grader.problem import find_course


@click.command("start", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("problem", shell_complete=complete_problems)
@click.option("--notebook", is_flag=True, help="Write submission.ipynb, which holds the statement too.")
def command(problem: str, notebook: bool) -> int:
    """Begin with a problem: write submission.py from its stub. Never overwrites."""
    course = find_course(Path.cwd(), problem)
    slug = course.resolve(problem)
    if notebook:
        from grader.notebook.writing import notebook_of

        loaded = course.load(slug)
        written = write_new(Path(loaded.folder) / SUBMISSION_NAMES[1], notebook_of(loaded))
        click.echo(f"{written} is ready. Open it in Jupyter; its last cell grades it, and so does: grade {slug}")
        return 0
    written = begin_submission(course.root / "problems" / slug)
    click.echo(f"{written} is ready. Read problems/{slug}/statement.md, write your answers, then: grade {slug}")
    return 0
