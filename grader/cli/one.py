"""`grade PROBLEM`: grade one submission and say what was found."""

from __future__ import annotations

from pathlib import Path

import click

from grader.bench import Bench
from grader.cli.grading import Grading, find_problem
from grader.grade import exit_code_of
from grader.tiers import SandboxMode


@click.command("PROBLEM", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("problem", metavar="PROBLEM")
@click.option(
    "--submission",
    type=click.Path(path_type=Path),
    help="A .py, .ipynb or folder instead of the problem's own.",
)
@click.option("--json", "json_to", metavar="FILE", help="Write the result there; - for standard output.")
@click.option("--html", "html_to", metavar="FILE", help="Write the report there.")
@click.option("--public-only", is_flag=True, help="Only the checks that a student may see.")
@click.option("--reveal", is_flag=True, help="For authors: show of hidden checks what is shown of public ones.")
@click.option(
    "--sandbox",
    type=click.Choice([mode.value for mode in SandboxMode]),
    default=SandboxMode.AUTO.value,
    show_default=True,
    help="strict refuses to run with a wall missing; process is a plain child process.",
)
def command(
    problem: str,
    submission: Path | None,
    json_to: str | None,
    html_to: str | None,
    public_only: bool,
    reveal: bool,
    sandbox: str,
) -> int:
    """Grade my work on a problem."""
    mode = SandboxMode(sandbox)
    # Started first: torch is imported while the rest is being read.
    with Bench(mode) as bench:
        course, slug = find_problem(problem)
        asked = Grading(bench, course, slug, submission, html_to, json_to, public_only, reveal)
        return int(exit_code_of(asked.once()))
