"""Which column of somebody's gradebook is a problem's: the one that names it exactly, or that was named by hand.

An export overwrites a column that it takes for a problem's. So likeness is not enough: "Quiz 1" and "Midterm 2" hold
the numbers of problems, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from grader.common.suggest import suggestion
from grader.errors import UsageError
from grader.exports.model import Asked
from grader.intake.folding import folded


class Column(msgspec.Struct, frozen=True):
    """A place where grades could go."""

    place: int
    heading: str
    """As the platform shows it."""
    names: tuple[str, ...]
    """What the heading may be read as: the assignment's name, with and without its course."""
    id: str = ""
    """The assignment's number on the platform."""


def choose(
    problems: Sequence[Asked], columns: Sequence[Column], by_hand: Mapping[str, str], what: str
) -> dict[str, Column]:
    """Problem, or `TOTAL` -> its column; a problem that no column names is left out.

    Args:
        problems: those that have grades.
        columns: all that grades could go into.
        by_hand: problem or `TOTAL` -> the id, the name or the heading of its column.
        what: what the columns are called together, for messages: "gradebook".

    Raises:
        UsageError: if nothing fits, if several columns fit one problem or several problems one column, or if what
            was named by hand is not there.
    """
    chosen = {problem: _by_hand(problem, named, columns, what) for problem, named in by_hand.items()}
    for problem in problems:
        if problem.slug in chosen:
            continue
        found = [column for column in columns if exact_names(problem) & {folded(name) for name in column.names}]
        if len(found) > 1:
            raise UsageError(
                f"{len(found)} columns of the {what} name {problem.slug}: {_listed(found)}",
                hint=_how(problem.slug, found),
            )
        if found:
            chosen[problem.slug] = found[0]
    _refuse_shared(chosen, what)
    if not chosen:
        raise UsageError(
            f"No column of the {what} names a problem that was graded ({', '.join(p.slug for p in problems)}); "
            f"nothing is written. Its columns: {_listed(columns) or 'none that takes grades'}",
            hint=_how(problems[0].slug if problems else "02", columns),
        )
    return chosen


def exact_names(problem: Asked) -> set[str]:
    """What a column may be called to be this problem's, folded: its slug, its title, either with its number."""
    name = problem.slug.partition("-")[2]
    named = {problem.slug, problem.title, name, f"{problem.number} {problem.title}"}
    if problem.number.isdecimal():
        named |= {f"{int(problem.number)} {each}" for each in (problem.title, name) if each}
    return {folded(each) for each in named} - {""}


def _by_hand(problem: str, named: str, columns: Sequence[Column], what: str) -> Column:
    found = [column for column in columns if column.id == named]
    found = found or [c for c in columns if folded(named) in {folded(c.heading), *map(folded, c.names)}]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(column.id or column.heading for column in found)
        raise UsageError(f"{problem}: several columns of the {what} are called {named}", hint=f"give its number: {ids}")
    known = [name for column in columns for name in (column.id, column.heading) if name]
    hint = suggestion(named, known) or f"its columns: {_listed(columns) or 'none that takes grades'}"
    raise UsageError(f"{problem}: the {what} has no column {named}", hint=hint)


def _refuse_shared(chosen: Mapping[str, Column], what: str) -> None:
    owners: dict[int, list[str]] = {}
    for problem, column in chosen.items():
        owners.setdefault(column.place, []).append(problem)
    for problems in owners.values():
        if len(problems) > 1:
            heading = chosen[problems[0]].heading
            raise UsageError(f"{' and '.join(problems)} would go into one column of the {what}: {heading}")


def _listed(columns: Iterable[Column]) -> str:
    return ", ".join(repr(column.heading) for column in columns)


def _how(problem: str, columns: Sequence[Column]) -> str:
    example = next((column.id for column in columns if column.id), "NUMBER")
    return f"Say which it is: --column {problem}={example}, with the number of the assignment."
