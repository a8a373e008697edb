"""`grade PROBLEM…`: grade my work on a problem, or on several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

import grader
from grader.bench import Bench
from grader.cli import options
from grader.cli.completion import complete_problems
from grader.cli.grading import Grading
from grader.cli.shared import nobody_reads, say, say_error
from grader.cli.targets import ALL, Target, find_targets, refuse_near_command
from grader.errors import ExitCode, GraderError, UsageError
from grader.grade import exit_code_of
from grader.tiers import SandboxMode


class _Command(click.Command):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        word, *rest = args or [""]
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption:
            # `grade batc work --out DIR`: an option of the command that was meant.
            refuse_near_command(word, rest)
            raise

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage("grade", "PROBLEM… [OPTIONS]")


@click.command("PROBLEM", cls=_Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("problems", metavar="PROBLEM…", nargs=-1, required=True, shell_complete=complete_problems)
@options.submission
@options.everything
@click.option("--json", "json_to", metavar="FILE", help="Write the result there; - for standard output.")
@click.option("--html", "html_to", metavar="FILE", help="Write the report there.")
@click.option("--open", "open_page", is_flag=True, help="Open the report in the browser.")
@options.public_only
@click.option("--reveal", is_flag=True, help="For authors: show of hidden checks what is shown of public ones.")
@options.sandbox
@click.version_option(grader.__version__, prog_name="grade")
def command(
    problems: tuple[str, ...],
    submission: Path | None,
    everything: bool,
    json_to: str | None,
    html_to: str | None,
    open_page: bool,
    public_only: bool,
    reveal: bool,
    sandbox: str,
) -> int:
    """Grade my work. PROBLEM is a number, a name, a path to an answer, or "all"; there may be several."""
    mode = SandboxMode(sandbox)
    # Started first: torch is imported while the rest is being read.
    with Bench(mode) as bench:
        targets = find_targets(problems)
        if len(targets) == 1 and problems != (ALL,):
            target = targets[0]
            if submission and target.submission:
                raise UsageError(
                    f"{target.submission} and --submission {submission} are two files for one problem", hint="name one"
                )
            page = html_to or (str(_page_of(target)) if open_page else None)
            work = submission or target.submission
            asked = Grading(
                bench,
                target.course,
                target.slug,
                work,
                page,
                json_to,
                public_only,
                reveal,
                everything,
                own=target.own and not submission,
            )
            code = exit_code_of(asked.once())
            _show_page(page, open_page)
        else:
            _refuse_for_several({"--submission": submission, "--json": json_to, "--html": html_to, "--open": open_page})
            code = _several(targets, bench, public_only)
    _flush()
    return int(code)


def _several(targets: Sequence[Target], bench: Bench, public_only: bool) -> ExitCode:
    """Print a line for each; returns the worst of their exit codes. A file that is no submission does not stop the
    others."""
    codes = []
    files = Counter(target.slug for target in targets)
    for target in targets:
        asked = Grading(
            bench,
            target.course,
            target.slug,
            target.submission,
            public_only=public_only,
            brief=True,
            several_files=files[target.slug] > 1,
            own=target.own,
        )
        try:
            codes.append(exit_code_of(asked.once()))
        except GraderError as error:
            say_error(error)
            codes.append(ExitCode(error.exit_code))
    return max(codes, default=ExitCode.FULL_MARKS)


def _refuse_for_several(options: dict[str, object]) -> None:
    for name, value in options.items():
        if value:
            raise UsageError(f"{name} goes with one problem", hint="name one, or leave the option out")


def _page_of(target: Target) -> Path:
    """The place of a report to which nobody gave a name."""
    from grader.common.caches import cache_folder

    folder = cache_folder() / "reports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{target.slug}.html"


def _show_page(page: str | None, open_it: bool) -> None:
    if page is None or page == "-":
        return
    path = Path(page).resolve()
    say(f"Report: {path}")
    if open_it:
        import webbrowser

        if not webbrowser.open(path.as_uri()):
            say("There is no browser to open it here; open that file yourself.")


def _flush() -> None:
    """Write what is still held back, while nobody minds that the reader may have gone."""
    import sys

    try:
        sys.stdout.flush()
    except BrokenPipeError:
        nobody_reads()
