"""`grade watch PROBLEM`: grade again whenever the work is saved."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import click

from grader import sources
from grader.bench import Bench
from grader.cli import options
from grader.cli.completion import complete_problems
from grader.cli.grading import Grading, own_work
from grader.cli.shared import console as make_console
from grader.cli.shared import say, say_error
from grader.cli.targets import find_targets
from grader.errors import ExitCode, GraderError, HarnessError, UsageError
from grader.grade import exit_code_of
from grader.intake.content import CODE, suffix
from grader.model import Grade
from grader.tiers import SandboxMode

_LOOK_SECONDS = 0.02


@click.command("watch", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("problem", shell_complete=complete_problems)
@options.submission
@options.everything
@click.option("--html", "html_to", metavar="FILE", help="Write the report there, each time anew.")
@options.public_only
@options.sandbox
def command(
    problem: str, submission: Path | None, everything: bool, html_to: str | None, public_only: bool, sandbox: str
) -> int:
    """Grade again whenever the work, or code beside it, is saved. Ctrl-C ends it."""
    from rich.text import Text

    mode = SandboxMode(sandbox)
    console = make_console()
    begun_with = sources.on_disk()
    grade: Grade | None = None
    with Bench(mode) as bench, contextlib.suppress(KeyboardInterrupt):
        targets = find_targets([problem])
        if len(targets) != 1:
            raise UsageError("one problem is watched at a time", hint="name it: grade watch 02")
        target = targets[0]
        work = submission or target.submission or own_work(target.course.load(target.slug))
        asked = Grading(
            bench,
            target.course,
            target.slug,
            work,
            html_to,
            public_only=public_only,
            everything=everything,
            own=target.own and not submission,
        )
        for _ in saves(work if work.is_dir() else work.parent):
            # Where the output is a terminal: the last verdict is of no use any more.
            console.clear()
            _refuse_another_grader(begun_with, target.slug)
            grade = _once(asked) or grade
            now = time.strftime("%H:%M:%S")
            console.print(Text(f"{now}  waiting for {work.name} to be saved; Ctrl-C ends", style="dim"))
    return int(exit_code_of(grade) if grade is not None else ExitCode.CANNOT_BE_GRADED)


def _refuse_another_grader(begun_with: str, slug: str) -> None:
    """Raise HarnessError once torchgrade has changed: a part is in memory, and the rest would be another version's."""
    if sources.on_disk() != begun_with:
        raise HarnessError(
            "torchgrade was changed while it ran", hint=f"begin again: grade watch {slug.split('-', 1)[0]}"
        )


def _once(asked: Grading) -> Grade | None:
    """One verdict; None, with the reason printed, where there is none this time. The next save may mend it."""
    own = asked.course.root / "problems" / asked.slug
    if asked.work.resolve().parent == own.resolve() and not os.path.lexists(asked.work):
        say(f"grade: {asked.work.name} is gone")
        say(f"       put it back, or begin anew from the stub: grade start {asked.slug.split('-', 1)[0]}")
        return None
    try:
        return asked.once()
    except GraderError as error:
        say_error(error)
        return None


def saves(folder: Path) -> Iterator[None]:
    """Now, and then each time that code in `folder` has been written, added or removed, once it is left alone again.

    An editor may empty a file before it writes it, or put a new one in its place: both take several looks.
    """
    graded: dict[str, tuple[int, int, int]] | None = None
    while True:
        seen = _code(folder)
        time.sleep(_LOOK_SECONDS)
        if seen != graded and seen == _code(folder):
            graded = seen
            yield


def _code(folder: Path) -> dict[str, tuple[int, int, int]]:
    # Code alone: a report, or what else is written beside the work, is nothing to grade again for.
    found = {}
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in (entry for entry in entries if suffix(entry.name) in CODE):
            with contextlib.suppress(OSError):
                about = entry.stat()
                found[entry.name] = (about.st_ino, about.st_size, about.st_mtime_ns)
    return found
