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
    _line(console, Text(done))
    if summary.ungradable:
        _line(console, Text(f"{counted(summary.ungradable, 'answer')} could not be graded as handed in."))
    if notices := sum(plan.notices.values()):
        _line(console, Text(f"{counted(notices, 'file or student', 'files or students')} to look at: {out / NOTICES}"))
    if summary.faults:
        _line(
            console,
            Text(f"{counted(len(summary.faults), 'answer')} not graded, through the grader's own fault:", style="red"),
        )
        for student, problem, message in summary.faults[:_FAULTS_SHOWN]:
            _line(console, Text(f"    {one_line(student, 60)}, {problem}: {one_line(message)}"))
        _line(console, Text("    The same command tries them again."))
    _line(console, Text(f"Results: {out / INDEX}, {SCORES}, {RESULTS}", style="bold"))


def tell_changes(changes: Sequence[Change], old: Path, new: Path) -> None:
    """Who gains or loses points, by check."""
    console = Console(highlight=False)
    gains, losses = (sum(sign * change.points > 0 for change in changes) for sign in (1, -1))
    if not changes:
        _line(console, Text(f"No grade differs between {old} and {new}."))
        return
    _line(
        console,
        Text(
            f"{counted(len(changes), 'answer differs', 'answers differ')} between {old} and {new}: "
            f"{gains:,} with more points, {losses:,} with fewer.",
            style="bold",
        ),
    )
    for change in changes[:_CHANGES_SHOWN]:
        style = "green" if change.points > 0 else "red" if change.points < 0 else ""
        head = f"{one_line(change.student, 60)}, {change.problem}: {_side(change.before)} → {_side(change.after)}"
        _line(console, Text.assemble(head, "  ", (_signed(change.points), style)))
        for check in change.checks:
            outcomes = f"{check.before or 'no such check'} → {check.after or 'no such check'}"
            _line(console, Text(f"    {_signed(check.points):>6}  {one_line(check.title)}: {outcomes}"))
    if len(changes) > _CHANGES_SHOWN:
        _line(console, Text(f"and {counted(len(changes) - _CHANGES_SHOWN, 'other')}"))


def _line(console: Console, text: Text) -> None:
    # Never broken at the console's width: the lines are read by scripts too.
    console.print(text, soft_wrap=True)


def _side(side: Side | None) -> str:
    if side is None:
        return "no grade"
    score = f"{number(side.score)} of {number(side.max_score)}"
    return score if side.status is Status.GRADED else f"{score} ({side.status.replace('_', ' ')})"


def _signed(points: float) -> str:
    return f"{'+' if points > 0 else '−' if points < 0 else '±'}{number(abs(points))}"
