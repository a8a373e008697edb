"""`grade start PROBLEM`: write submission.py from the stub."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.shared import begin_submission
from grader.problem import find_course


@click.command("start", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("problem")
def command(problem: str) -> int:
    """Begin with a problem: write submission.py from its stub. Never overwrites."""
    course = find_course(Path.cwd(), problem)
    slug = course.resolve(problem)
    written = begin_submission(course.root / "problems" / slug)
    click.echo(f"{written} is ready. Read problems/{slug}/statement.md, write your answers, then: grade {slug}")
    return 0
