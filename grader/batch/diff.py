"""Two batches side by side: who gains or loses points, and by which checks, before anything is handed back."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

import msgspec

from grader.batch.outputs import RESULTS
from grader.errors import UsageError
from grader.intake.folding import natural
from grader.model import Outcome, Status


class Side(msgspec.Struct, frozen=True):
    """One grade, as far as comparing goes."""

    score: float
    max_score: float
    status: Status
    checks: dict[str, tuple[str, Outcome, float]]
    """Id -> title, outcome, points."""


class CheckChange(msgspec.Struct, frozen=True):
    """One check that came out differently; an outcome of None where one side has no such check."""

    id: str
    title: str
    before: Outcome | None
    after: Outcome | None
    points: float
    """Gained, or lost where negative."""


class Change(msgspec.Struct, frozen=True):
    """One answer whose grade differs; None where one side has no grade."""

    student: str
    problem: str
    before: Side | None
    after: Side | None
    checks: tuple[CheckChange, ...]

    @property
    def points(self) -> float:
        """Gained, or lost where negative."""
        return round((self.after.score if self.after else 0.0) - (self.before.score if self.before else 0.0), 6)


class _Check(msgspec.Struct):
    id: str
    title: str
    outcome: Outcome
    points: float


class _Line(msgspec.Struct):
    problem: str
    student: str | None
    submission: str
    score: float
    max_score: float
    status: Status
    checks: list[_Check]


class CheckSummary(msgspec.Struct, frozen=True):
    """How one check came out differently, over all answers."""

    problem: str
    title: str
    gains: int
    """Answers with more points for it."""
    losses: int
    others: int
    """Answers with the same points and another outcome."""


def by_check(changes: Iterable[Change]) -> list[CheckSummary]:
    """The checks that came out differently, those of most answers first."""
    titles: dict[tuple[str, str], str] = {}
    counts: dict[tuple[str, str], list[int]] = {}
    for change in changes:
        for check in change.checks:
            key = (change.problem, check.id)
            titles[key] = check.title
            counted = counts.setdefault(key, [0, 0, 0])
            counted[0 if check.points > 0 else 1 if check.points < 0 else 2] += 1
    found = [CheckSummary(problem, titles[problem, id], *counted) for (problem, id), counted in counts.items()]
    return sorted(found, key=lambda each: (-(each.gains + each.losses + each.others), each.problem, each.title))


@contextlib.contextmanager
def kept(directory: Path) -> Iterator[Path]:
    """A copy of the results in `directory`, which may be overwritten meanwhile.

    Raises UsageError where there are none.
    """
    if not (directory / RESULTS).is_file():
        raise UsageError(f"{directory} holds no {RESULTS}", hint="name the --out of an earlier batch")
    with tempfile.TemporaryDirectory(prefix="torchgrade-") as folder:
        shutil.copyfile(directory / RESULTS, Path(folder) / RESULTS)
        yield Path(folder)


def compare(old: Path, new: Path, problems: Container[str]) -> list[Change]:
    """Every answer to `problems` that differs between the results in two directories, by student and problem.

    Raises UsageError where a directory holds no results.
    """
    before = {key: side for key, side in _lines(old) if key[1] in problems}
    changes = []
    for (student, problem), after in _lines(new):
        if problem not in problems:
            continue
        side = before.pop((student, problem), None)
        if (change := _change(student, problem, side, after)) is not None:
            changes.append(change)
    changes += [Change(student, problem, side, None, ()) for (student, problem), side in before.items()]
    return sorted(changes, key=lambda change: (natural(change.student), change.student, change.problem))


def _change(student: str, problem: str, before: Side | None, after: Side) -> Change | None:
    if before is None:
        return Change(student, problem, None, after, ())
    checks = []
    for id in {**before.checks, **after.checks}:
        title, was, had = before.checks.get(id, ("", None, 0.0))
        new_title, now, has = after.checks.get(id, ("", None, 0.0))
        if was != now or had != has:
            checks.append(CheckChange(id, new_title or title, was, now, round(has - had, 6)))
    same = (before.score, before.max_score, before.status) == (after.score, after.max_score, after.status)
    return None if same and not checks else Change(student, problem, before, after, tuple(checks))


def _lines(directory: Path) -> Iterator[tuple[tuple[str, str], Side]]:
    path = directory / RESULTS
    if not path.is_file():
        raise UsageError(f"{directory} holds no {RESULTS}", hint="name a folder that grade batch has written to")
    decoder = msgspec.json.Decoder(_Line)
    with path.open("rb") as file:
        for number, text in enumerate(file, start=1):
            try:
                line = decoder.decode(text)
            except msgspec.DecodeError as error:
                raise UsageError(f"{path}, line {number}: {error}", hint="run that batch again") from error
            checks = {check.id: (check.title, check.outcome, check.points) for check in line.checks}
            yield (
                (line.student or line.submission, line.problem),
                Side(line.score, line.max_score, line.status, checks),
            )
