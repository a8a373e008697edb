"""`grade hint PROBLEM`: one further hint for what is to be mended first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from grader.bench import Bench
from grader.cli import options
from grader.cli.completion import complete_problems
from grader.cli.grading import Grading
from grader.cli.shared import console
from grader.cli.targets import Target, find_targets
from grader.errors import UsageError
from grader.grade import exit_code_of
from grader.journal import Journal
from grader.model import Grade, Outcome, Status
from grader.reports.causes import first_failure, unwritten, unwritten_functions
from grader.reports.wording import one_line
from grader.text import plain
from grader.tiers import SandboxMode


@click.command("hint", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("problem", shell_complete=complete_problems)
@options.submission
@options.sandbox
def command(problem: str, submission: Path | None, sandbox: str) -> int:
    """Grade, and give one further hint for the first failing idea, each time it is asked."""
    mode = SandboxMode(sandbox)
    with Bench(mode) as bench:
        targets = find_targets([problem])
        if len(targets) != 1:
            raise UsageError("a hint is for one problem", hint="name it: grade hint 02")
        target = targets[0]
        asked = Grading(
            bench,
            target.course,
            target.slug,
            submission or target.submission,
            own=target.own and not submission,
            silent=True,
        )
        grade = asked.once()
    _tell(grade, target)
    return int(exit_code_of(grade))


def _tell(grade: Grade, target: Target) -> None:
    from rich.text import Text

    out = console()
    number = target.slug.split("-", 1)[0]
    first = first_failure(grade.checks)
    if grade.status is not Status.GRADED:
        out.print(Text(f"Nothing could be run: {one_line(grade.message)}"))
        return
    if first is None:
        out.print("Every check passed; there is nothing left to hint at.")
        return
    if unwritten(first):
        names = ", ".join(map(one_line, unwritten_functions(grade.checks)))
        out.print(Text(f"Not written yet: {names}. The task: grade read {number}"))
        return
    idea = one_line(first.idea or first.title)
    hints = hints_for(grade, first.idea)
    journal = Journal(target.course.root)
    given = journal.hints_given(target.slug, idea)
    out.print(Text(f"{idea}: {one_line(first.title)}", style="bold"))
    if not hints:
        out.print(Text(f"There is no hint for this. What was called and what came back: grade {number}"))
        return
    shown = min(given, len(hints) - 1)
    out.print(Text(f"Hint {shown + 1} of {len(hints)}: {plain(hints[shown])}"))
    if given >= len(hints):
        out.print(Text(f"That was the last one. The task once more: grade read {number}", style="dim"))
    journal.give_hint(target.slug, idea, min(given + 1, len(hints)))


def hints_for(grade: Grade, idea: str) -> Sequence[str]:
    """The hints of an idea's failing checks in their order, and in the end the advice for a recognised mistake."""
    failing = [check for check in grade.checks if check.idea == idea and check.outcome is not Outcome.PASSED]
    hints = [check.hint.strip() for check in failing if check.hint.strip()]
    hints += [f"{mistake.title}: {mistake.advice.strip()}" for mistake in grade.misconceptions]
    return list(dict.fromkeys(hints))
