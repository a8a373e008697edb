"""The numbers behind the class page: pure functions from a stream of grades to one `ClassReport`.

Grades stream by and are dropped: only percent, outcomes and duration of each stay, so that a large class costs little
memory.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

import msgspec

from grader.intake.folding import natural
from grader.model import CheckResult, Outcome, RulingKind, Status
from grader.reports.items import extremes, histogram, point_biserial, quantile
from grader.reports.model import (
    Alike,
    CheckStatistics,
    ClassCell,
    ClassEntry,
    ClassNotice,
    ClassReport,
    ClassRow,
    CommonFailure,
    IdeaStatistics,
    Learner,
    MisconceptionStatistics,
    ProblemStatistics,
    SectionStatistics,
    Slow,
)
from grader.reports.shown import FULL_PERCENT, STATUS_WORDS
from grader.reports.wording import one_line
from grader.scoring import percent, total

SLOW_SECONDS = 1.0
"""Seconds of grading, from which on a submission is worth a line."""
MOST_SLOW = 8

OUTCOME_CODES = {
    Outcome.PASSED: "p",
    Outcome.FAILED: "f",
    Outcome.ERROR: "e",
    Outcome.TIMEOUT: "t",
    Outcome.CRASHED: "c",
    Outcome.NOT_RUN: "n",
}


class Titled(Protocol):
    """What a page calls a problem."""

    @property
    def slug(self) -> str: ...

    @property
    def title(self) -> str: ...


class ClassCounting:
    """Reports of one class, once or again and again: a problem of which no grade has changed is not counted anew."""

    def __init__(self) -> None:
        self._counted: dict[str, _Counted] = {}

    def report(
        self,
        title: str,
        problems: Sequence[Titled],
        learners: Iterable[Learner],
        entries: Iterable[ClassEntry],
        notices: Iterable[ClassNotice] = (),
        alike: Iterable[Alike] = (),
        about: Iterable[str] = (),
        *,
        capped: bool = False,
    ) -> ClassReport:
        """The report of a class. Students who appear only in the entries are added to the students.

        With `capped`, points beyond full marks only make up for lost ones.
        """
        answers: dict[str, list[ClassEntry]] = {problem.slug: [] for problem in problems}
        known = {learner.id: learner for learner in learners}
        failures = []
        for entry in entries:
            grade = entry.grade
            if grade.problem not in answers:
                continue
            student = grade.student or grade.submission
            if student not in known:
                known[student] = Learner(student, student)
            answers[grade.problem].append(entry)
            if grade.status is not Status.GRADED:
                reason = one_line(grade.message) or STATUS_WORDS[grade.status]
                failures.append(CommonFailure(student, grade.problem, reason, entry.page))
        before, self._counted = self._counted, {}
        for problem in problems:
            counted = before.get(problem.slug)
            if counted is None or not counted.still_holds(problem, answers[problem.slug]):
                counted = _Counted(problem, answers[problem.slug])
            self._counted[problem.slug] = counted
        return _report(title, list(self._counted.values()), known, failures, notices, alike, about, capped=capped)


def _report(
    title: str,
    counted: Sequence[_Counted],
    known: Mapping[str, Learner],
    failures: Iterable[CommonFailure],
    notices: Iterable[ClassNotice],
    alike: Iterable[Alike],
    about: Iterable[str],
    *,
    capped: bool,
) -> ClassReport:
    tallies = {each.tally.problem.slug: each.tally for each in counted}
    figures = [msgspec.structs.replace(each.figure, absent=len(known) - each.figure.handed_in) for each in counted]
    outcomes = [each.outcomes for each in counted]
    points = sum(tally.points for tally in tallies.values()) or 1.0
    rows = [_row(learner, list(tallies.values()), outcomes, points, capped=capped) for learner in known.values()]
    rows.sort(key=lambda row: (-row.total, row.learner.name.casefold(), row.learner.id))
    totals = [row.total for row in rows]
    return ClassReport(
        title=title,
        problems=tuple(figures),
        rows=tuple(rows),
        misconceptions=_misconceptions(tallies),
        ideas=_ideas(figures),
        alike=tuple(sorted(alike, key=lambda group: (group.problem, -group.similarity, group.students))),
        failures=tuple(sorted(failures, key=lambda failure: (failure.problem, failure.student))),
        notices=tuple(notices),
        histogram=histogram(totals, 20),
        mean=statistics.fmean(totals) if totals else 0.0,
        median=statistics.median(totals) if totals else 0.0,
        submissions=sum(figure.handed_in for figure in figures),
        slowest=_slowest(tallies),
        about=tuple(about),
        adjusted=sum(tally.adjusted for tally in tallies.values()),
        late=sum(tally.late for tally in tallies.values()),
        waiting=sum(tally.waiting for tally in tallies.values()),
        sections=_parts(rows, lambda learner: learner.section, lambda learner: learner.tutor),
        tutors=_parts(rows, lambda learner: learner.tutor, lambda learner: learner.section),
    )


class _Result(msgspec.Struct, frozen=True):
    """What is kept of one grade."""

    percent: float
    score: float
    status: Status
    page: str
    checks: tuple[str, ...]
    """Ids, shared by all results that have the same."""
    outcomes: str
    """One code per check."""
    seconds: float


class _Tally:
    """Collects the results of one problem."""

    def __init__(self, problem: Titled) -> None:
        self.problem = problem
        self.adjusted = self.late = self.waiting = 0
        self.points = 0.0
        """What the grades are out of, which the course may have changed after the fact."""
        self.results: dict[str, _Result] = {}
        self.checks: dict[str, CheckResult] = {}
        """The first result of each check, for what is the same in all."""
        self.orders: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.misconceptions: dict[str, tuple[str, str, list[str]]] = {}

    def add(self, student: str, entry: ClassEntry) -> None:
        grade = entry.grade
        self.points = max(self.points, grade.max_score)
        self.adjusted += any(ruling.kind is RulingKind.HAND for ruling in grade.rulings)
        self.late += any(ruling.kind is RulingKind.LATE for ruling in grade.rulings)
        self.waiting += bool(grade.waiting)
        for check in grade.checks:
            self.checks.setdefault(check.id, check)
        for found in grade.misconceptions:
            self.misconceptions.setdefault(found.id, (found.title, found.advice, []))[2].append(student)
        ids = tuple(check.id for check in grade.checks)
        self.results[student] = _Result(
            percent=grade.percent,
            score=grade.score,
            status=grade.status,
            page=entry.page,
            checks=self.orders.setdefault(ids, ids),
            outcomes="".join(OUTCOME_CODES[check.outcome] for check in grade.checks),
            seconds=grade.duration_s,
        )

    def statistics(self) -> ProblemStatistics:
        results = self.results.values()
        percents = [result.percent for result in results]
        durations = sorted(result.seconds for result in results)
        columns = zip(*self.outcomes(list(self.checks)).values(), strict=True)
        checks = [self._check(id, column) for id, column in zip(self.checks, columns, strict=True)] if results else []
        return ProblemStatistics(
            slug=self.problem.slug,
            title=self.problem.title,
            handed_in=len(percents),
            absent=0,
            ungraded=sum(result.status is not Status.GRADED for result in results),
            full=sum(percent >= FULL_PERCENT for percent in percents),
            mean=statistics.fmean(percents) if percents else 0.0,
            median=statistics.median(percents) if percents else 0.0,
            histogram=histogram(percents, 10),
            seconds=(quantile(durations, 0.5), quantile(durations, 0.95), quantile(durations, 1.0)),
            checks=tuple(sorted(checks, key=lambda check: -check.rate)),
        )

    def outcomes(self, checks: Sequence[str]) -> dict[str, str]:
        """Student -> codes in the order of `checks`; a check that a submission's version lacks was not run."""
        places = {ids: {id: place for place, id in enumerate(ids)} for ids in self.orders}
        return {
            student: "".join(
                result.outcomes[places[result.checks][id]] if id in places[result.checks] else "n" for id in checks
            )
            for student, result in self.results.items()
        }

    def _check(self, id: str, codes: Sequence[str]) -> CheckStatistics:
        check = self.checks[id]
        taken = [(code == "p", r.score) for code, r in zip(codes, self.results.values(), strict=True) if code != "n"]
        passed = [right for right, _ in taken]
        scores = [score for _, score in taken]
        lower, upper = extremes(passed, scores)
        return CheckStatistics(
            id=id,
            title=check.title,
            visibility=check.visibility,
            taken=len(taken),
            passed=sum(passed),
            discrimination=point_biserial(passed, [score - check.max_points * right for right, score in taken]),
            lower=lower,
            upper=upper,
            idea=check.idea,
        )


class _Counted:
    """One problem, counted: its tally, with what comes of it."""

    def __init__(self, problem: Titled, entries: Sequence[ClassEntry]) -> None:
        self._entries = entries
        self.tally = _Tally(problem)
        for entry in entries:
            self.tally.add(entry.grade.student or entry.grade.submission, entry)
        self.figure = self.tally.statistics()
        """How many did not hand in is left to whoever knows the class."""
        self.outcomes = self.tally.outcomes([check.id for check in self.figure.checks])

    def still_holds(self, problem: Titled, entries: Sequence[ClassEntry]) -> bool:
        """Whether the very same grades are counted."""
        return (
            problem.title == self.tally.problem.title
            and len(entries) == len(self._entries)
            and all(
                new.grade is old.grade and new.page == old.page for new, old in zip(entries, self._entries, strict=True)
            )
        )


def _row(
    learner: Learner, tallies: Sequence[_Tally], outcomes: Sequence[Mapping[str, str]], points: float, *, capped: bool
) -> ClassRow:
    cells: list[ClassCell | None] = []
    scores = []
    for tally, codes in zip(tallies, outcomes, strict=True):
        result = tally.results.get(learner.id)
        if result is None:
            cells.append(None)
            continue
        scores.append(result.score)
        cells.append(ClassCell(result.percent, result.status, result.page, codes[learner.id]))
    return ClassRow(learner, percent(total(scores, points, capped=capped), points), tuple(cells))


def _parts(
    rows: Sequence[ClassRow], part_of: Callable[[Learner], str], beside: Callable[[Learner], str]
) -> tuple[SectionStatistics, ...]:
    """The parts of a class, by name; those who are in none come last. Nothing where nobody is in one."""
    parts: dict[str, list[ClassRow]] = {}
    for row in rows:
        parts.setdefault(part_of(row.learner), []).append(row)
    if not any(parts):
        return ()
    return tuple(_part(name, parts[name], beside) for name in sorted(parts, key=lambda name: (not name, natural(name))))


def _part(name: str, rows: Sequence[ClassRow], beside: Callable[[Learner], str]) -> SectionStatistics:
    with_answer = [row for row in rows if any(row.cells)]
    columns = zip(*(row.cells for row in rows), strict=True)
    return SectionStatistics(
        name,
        tuple(sorted({beside(row.learner) for row in rows} - {""}, key=natural)),
        len(rows),
        len(with_answer),
        _median([row.total for row in with_answer]),
        tuple(_median([cell.percent for cell in column if cell is not None]) for column in columns),
    )


def _median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None


def _slowest(tallies: Mapping[str, _Tally]) -> tuple[Slow, ...]:
    every = (
        Slow(student, slug, result.seconds, result.page)
        for slug, tally in tallies.items()
        for student, result in tally.results.items()
        if result.seconds >= SLOW_SECONDS
    )
    return tuple(sorted(every, key=lambda slow: (-slow.seconds, slow.problem, slow.student))[:MOST_SLOW])


def _misconceptions(tallies: Mapping[str, _Tally]) -> tuple[MisconceptionStatistics, ...]:
    found = [
        MisconceptionStatistics(
            problem=slug,
            id=id,
            title=title,
            advice=advice,
            students=tuple(sorted(students)),
            share=len(students) / len(tally.results),
        )
        for slug, tally in tallies.items()
        for id, (title, advice, students) in tally.misconceptions.items()
    ]
    return tuple(sorted(found, key=lambda each: (-len(each.students), each.problem, each.id)))


def _ideas(problems: Sequence[ProblemStatistics]) -> tuple[IdeaStatistics, ...]:
    found = []
    for problem in problems:
        named: dict[str, list[CheckStatistics]] = {}
        for check in problem.checks:
            if check.idea and check.taken:
                named.setdefault(check.idea, []).append(check)
        for title, checks in named.items():
            wrong = 1 - sum(check.passed for check in checks) / sum(check.taken for check in checks)
            hardest = min(checks, key=lambda check: check.rate)
            found.append(IdeaStatistics(problem.slug, title, len(checks), wrong, hardest))
    return tuple(
        sorted((idea for idea in found if idea.wrong), key=lambda idea: (-idea.wrong, idea.problem, idea.title))
    )
