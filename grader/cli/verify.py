"""`grade verify [PROBLEM...]`: every file of a problem, held to its promise."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import options
from grader.errors import ExitCode, UsageError
from grader.problem import Course, find_course


@click.command("verify", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("problems", nargs=-1)
@click.option(
    "--runs", default=5, show_default=True, type=click.IntRange(1), help="How often a right answer is graded."
)
@click.option(
    "--mutants",
    is_flag=False,
    flag_value="all",
    metavar="[N]",
    help="Instead: slight changes of the solution that keep full marks; at most N of each problem.",
)
@click.option("--drafts", type=click.Path(path_type=Path), help="Write survivors there, as drafts of misconceptions.")
@options.jobs
def command(problems: tuple[str, ...], runs: int, mutants: str | None, drafts: Path | None, jobs: int) -> int:
    """For authors: solutions and alternatives score full marks, stubs do not, each misconception is recognised."""
    if mutants is not None:
        return _mutants(problems, mutants, drafts, jobs)
    if drafts is not None:
        raise UsageError("--drafts goes with --mutants")
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from grader.verify import Report, verify

    course = _course(problems)
    slugs = [course.resolve(typed) for typed in problems] or list(course.slugs)
    console = Console(highlight=False)

    def tell(report: Report) -> None:
        mark = ("✗", "red") if report.broken else ("✓", "green")
        console.print(Text.assemble((f"{mark[0]} ", mark[1]), report.slug))
        for sentence in report.broken:
            console.print(Text(f"    {sentence}"))
        for sentence in (*report.written, *report.remarks):
            console.print(Text(f"  {sentence}", style="dim"))

    reports = verify(
        [course.load(slug) for slug in slugs], runs=runs, jobs=jobs, thresholds=course.rules.thresholds, tell=tell
    )
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


def _course(problems: tuple[str, ...]) -> Course:
    course = find_course(Path.cwd(), problems[0] if problems else None)
    if course.solutions is None:
        raise UsageError(f"{course.root} has no solutions/", hint="a student kit cannot be verified; use the course")
    return course


def _mutants(problems: tuple[str, ...], typed: str, drafts: Path | None, jobs: int) -> int:
    from rich.console import Console
    from rich.text import Text

    from grader.verify.mutation import MutantsReport, try_mutants, write_drafts

    if typed != "all" and (not typed.isdigit() or typed.startswith("0")):
        # `--mutants 02` means the problem.
        problems, typed = (*problems, typed), "all"
    course = _course(problems)
    everything = [course.load(course.resolve(slug)) for slug in problems or course.slugs]
    chosen = [problem for problem in everything if problems or problem.data is None]
    console = Console(highlight=False)

    def tell(report: MutantsReport) -> None:
        mark = ("✗", "red") if report.survivors else ("✓", "green")
        sentence = (
            f"{report.slug}: {report.tried} mutants, {report.caught} caught, {report.equal} equal on every input, "
            f"{report.noted} noted as equal, {len(report.survivors)} survive"
        )
        console.print(Text.assemble((f"{mark[0]} ", mark[1]), sentence))
        for survivor in report.survivors:
            mutant = survivor.mutant
            console.print(Text(f"    {survivor.path}, line {mutant.line}: {mutant.code}"))
            console.print(Text(f"        {mutant.change}"))
            for difference in survivor.differences or ("no inputs.py tells whether it is equal",):
                console.print(Text(f"        {difference}", style="dim"))
        for remark in report.remarks:
            console.print(Text(f"    {remark}"))

    reports = try_mutants(chosen, most=0 if typed == "all" else int(typed), jobs=jobs, tell=tell)
    left = [problem.slug for problem in everything if problem not in chosen]
    if left:
        console.print(Text(f"{', '.join(left)} trains: name it to try its mutants, which takes minutes.", style="dim"))
    if drafts is not None:
        for path in write_drafts(reports, drafts):
            console.print(Text(f"written: {path}", style="dim"))
    survived = any(report.survivors for report in reports)
    return int(ExitCode.BELOW_FULL_MARKS if survived else ExitCode.FULL_MARKS)
