"""`grade verify [PROBLEM...]`: every file of a problem, held to its promise."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import options
from grader.errors import ExitCode, UsageError
from grader.problem import find_course


@click.command("verify", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("problems", nargs=-1)
@click.option(
    "--runs", default=5, show_default=True, type=click.IntRange(1), help="How often a right answer is graded."
)
@options.jobs
def command(problems: tuple[str, ...], runs: int, jobs: int) -> int:
    """For authors: solutions and alternatives score full marks, stubs do not, each misconception is recognised."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from grader.verify import Report, verify

    course = find_course(Path.cwd(), problems[0] if problems else None)
    if course.solutions is None:
        raise UsageError(f"{course.root} has no solutions/", hint="a student kit cannot be verified; use the course")
    slugs = [course.resolve(typed) for typed in problems] or list(course.slugs)
    console = Console(highlight=False)

    def tell(report: Report) -> None:
        mark = ("✗", "red") if report.broken else ("✓", "green")
        console.print(Text.assemble((f"{mark[0]} ", mark[1]), report.slug))
        for sentence in report.broken:
            console.print(Text(f"    {sentence}"))
        for sentence in (*report.written, *report.remarks):
            console.print(Text(f"  {sentence}", style="dim"))

    reports = verify([course.load(slug) for slug in slugs], runs=runs, jobs=jobs, tell=tell)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("problem", "checks", "hidden", "alternatives", "mistakes", "stub", "broken"):
        table.add_column(heading, justify="left" if heading == "problem" else "right")
    for report in reports:
        table.add_row(
            report.slug,
            *map(str, (report.checks, report.hidden, report.alternatives, report.misconceptions)),
            f"{report.stub_percent:g} %",
            str(len(report.broken)),
        )
    console.print(table)
    kept = not any(report.broken for report in reports)
    return int(ExitCode.FULL_MARKS if kept else ExitCode.BELOW_FULL_MARKS)
