"""What a batch and a comparison come to, for the person at the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.batch import Summary
from grader.batch.diff import Change, Side
from grader.batch.outputs import INDEX, NOTICES, RESULTS, SCORES
from grader.model import Status
from grader.reports.text import counted, number, one_line, seconds

_FAULTS_SHOWN = 10
_CHANGES_SHOWN = 200


def tell_summary(summary: Summary, out: Path) -> None:
    """The end of a batch: what was done, what could not be, where the results are."""
    console = Console(highlight=False)
    plan = summary.planned
    if summary.graded:
        rate = summary.graded / max(summary.seconds, 1e-3)
        done = f"Graded {counted(summary.graded, 'submission')} in {seconds(summary.seconds)}, {rate:.1f} a second."
    else:
        done = "Nothing to do: everything is graded already." if not summary.faults else "Nothing was graded."
    console.print(Text(done))
    if summary.ungradable:
        console.print(Text(f"{counted(summary.ungradable, 'answer')} could not be graded as handed in."))
    if notices := sum(plan.notices.values()):
        console.print(Text(f"{counted(notices, 'file or student', 'files or students')} to look at: {out / NOTICES}"))
    if summary.faults:
        console.print(
            Text(f"{counted(len(summary.faults), 'answer')} not graded, through the grader's own fault:", style="red")
        )
        for student, problem, message in summary.faults[:_FAULTS_SHOWN]:
            console.print(Text(f"    {one_line(student, 60)}, {problem}: {one_line(message)}"))
        console.print(Text("    The same command tries them again."))
    console.print(Text(f"Results: {out / INDEX}, {SCORES}, {RESULTS}", style="bold"))


def tell_changes(changes: Sequence[Change], old: Path, new: Path) -> None:
    """Who gains or loses points, by check."""
    console = Console(highlight=False)
    gains, losses = (sum(sign * change.points > 0 for change in changes) for sign in (1, -1))
    if not changes:
        console.print(Text(f"No grade differs between {old} and {new}."))
        return
    console.print(
        Text(
            f"{counted(len(changes), 'answer')} differ between {old} and {new}: "
            f"{gains:,} gain points, {losses:,} lose points.",
            style="bold",
        )
    )
    for change in changes[:_CHANGES_SHOWN]:
        style = "green" if change.points > 0 else "red" if change.points < 0 else ""
        head = f"{one_line(change.student, 60)}, {change.problem}: {_side(change.before)} → {_side(change.after)}"
        console.print(Text.assemble(head, "  ", (_signed(change.points), style)))
        for check in change.checks:
            outcomes = f"{check.before or 'no such check'} → {check.after or 'no such check'}"
            console.print(Text(f"    {_signed(check.points):>6}  {one_line(check.title)}: {outcomes}"))
    if len(changes) > _CHANGES_SHOWN:
        console.print(Text(f"and {counted(len(changes) - _CHANGES_SHOWN, 'other')}"))


def _side(side: Side | None) -> str:
    if side is None:
        return "no grade"
    score = f"{number(side.score)} of {number(side.max_score)}"
    return score if side.status is Status.GRADED else f"{score} ({side.status.replace('_', ' ')})"


def _signed(points: float) -> str:
    return f"{'+' if points > 0 else '−' if points < 0 else '±'}{number(abs(points))}"
