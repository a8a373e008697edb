"""What a batch and a comparison come to, for the person at the terminal."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from grader.batch import Summary
from grader.batch.diff import Change, CheckSummary, Side, by_check
from grader.batch.outputs import INDEX, NOTICES, RESULTS, SCORES
from grader.model import Status
from grader.reports.wording import counted, number, one_line, seconds, signed

_FAULTS_SHOWN = 10
_CHANGES_SHOWN = 200
_CHECKS_SHOWN = 30


def tell_summary(summary: Summary, out: Path) -> None:
    """The end of a batch: what was done, what could not be, where the results are."""
    plan = summary.planned
    if summary.graded:
        rate = summary.graded / max(summary.seconds, 1e-3)
        done = f"Graded {counted(summary.graded, 'submission')} in {seconds(summary.seconds)}, {rate:.1f} a second."
    elif not plan.answers:
        done = f"Nothing to grade: {counted(plan.students, 'student')}, and nobody's files answer a problem."
    else:
        done = "Nothing was graded."
        if not (summary.faults or summary.not_begun):
            done = "Nothing to do: everything is graded already."
    _line(done)
    if summary.ungradable:
        _line(f"{counted(summary.ungradable, 'answer')} could not be graded as handed in.")
    if summary.waiting:
        waits = counted(summary.waiting, "answer waits", "answers wait")
        _line(f"{waits} to be graded by hand, and no score of theirs is handed on: grade desk {out}", fg="yellow")
    if notices := sum(plan.notices.values()):
        _line(f"{counted(notices, 'file or student', 'files or students')} to look at: {out / NOTICES}")
    if summary.slowest:
        slow = ", ".join(
            f"{one_line(each.student, 40)} on {each.problem.split('-')[0]} {seconds(each.seconds)}"
            for each in summary.slowest
        )
        _line(f"Slowest: {slow}.")
    if summary.not_begun:
        _line(f"{counted(summary.not_begun, 'submission')} not begun: the time that was given is used up.", fg="yellow")
        _line("    The same command with more --minutes, or more --student-seconds, goes on with them.")
    if summary.faults:
        _line(f"{counted(len(summary.faults), 'answer')} not graded, through the grader's own fault:", fg="red")
        for student, problem, message in summary.faults[:_FAULTS_SHOWN]:
            _line(f"    {one_line(student, 60)}, {problem}: {one_line(message)}")
        _line("    The same command tries them again.")
    _line(f"Results: {out / INDEX}, {SCORES}, {RESULTS}", bold=True)


def tell_changes(changes: Sequence[Change], old: Path, new: Path) -> None:
    """Which checks came out differently for how many; then who gains or loses points."""
    gains, losses = (sum(sign * change.points > 0 for change in changes) for sign in (1, -1))
    between = f"between {old} and {new}" if old.resolve() != new.resolve() else f"from what {old} held before"
    if not changes:
        _line(f"No grade differs {between}.")
        return
    _line(
        f"{counted(len(changes), 'answer differs', 'answers differ')} {between}: "
        f"{gains:,} with more points, {losses:,} with fewer.",
        bold=True,
    )
    _tell_by_check(by_check(changes))
    for change in changes[:_CHANGES_SHOWN]:
        colour = "green" if change.points > 0 else "red" if change.points < 0 else None
        head = f"{one_line(change.student, 60)}, {change.problem}: {_side(change.before)} → {_side(change.after)}"
        _line(f"{head}  {_coloured(signed(change.points), colour)}")
        for check in change.checks:
            outcomes = f"{check.before or 'no such check'} → {check.after or 'no such check'}"
            _line(f"    {signed(check.points):>6}  {one_line(check.title)}: {outcomes}")
    if len(changes) > _CHANGES_SHOWN:
        _line(f"and {counted(len(changes) - _CHANGES_SHOWN, 'other')}")


def _tell_by_check(checks: Sequence[CheckSummary]) -> None:
    for check in checks[:_CHECKS_SHOWN]:
        parts = [f"{check.gains:,} gain"] * (check.gains > 0) + [f"{check.losses:,} lose"] * (check.losses > 0)
        parts += [f"{check.others:,} with another outcome"] * (check.others > 0)
        _line(f"    {check.problem}, {one_line(check.title)}: {', '.join(parts)}")
    if len(checks) > _CHECKS_SHOWN:
        _line(f"    and {counted(len(checks) - _CHECKS_SHOWN, 'other check')}")


def _line(text: str, *, fg: str | None = None, bold: bool = False) -> None:
    # click writes it, and not rich: click is loaded already, and to load rich takes most of the time where there is
    # nothing to do.
    styled = click.style(text, fg=fg, bold=bold) if fg or bold else text
    # click takes colours off where the output is no terminal, and here where nobody wants them.
    click.echo(styled, color=False if os.environ.get("NO_COLOR") else None)


def _coloured(text: str, colour: str | None) -> str:
    return click.style(text, fg=colour) if colour is not None else text


def _side(side: Side | None) -> str:
    if side is None:
        return "no grade"
    score = f"{number(side.score)} of {number(side.max_score)}"
    return score if side.status is Status.GRADED else f"{score} ({side.status.replace('_', ' ')})"
