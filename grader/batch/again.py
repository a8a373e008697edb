"""Work on existing results: publish them by other rules, grade some of them again."""

from __future__ import annotations

import shlex
from pathlib import Path

import msgspec

from grader.batch.deadlines import remembered_deadlines, with_deadlines
from grader.batch.keys import grade_key, surroundings
from grader.batch.lock import locked
from grader.batch.model import Attempts, Batch, Watcher
from grader.batch.rulings import Rules
from grader.batch.run import (
    ASKED,
    ATTEMPTS,
    EARLIER,
    SOURCE,
    grade_missing,
    publish_if_changed,
    refuse_unknown,
    rules_stamp,
    start_executor,
)
from grader.batch.store import PUBLISHED, STORE, Store
from grader.batch.timekeeping import Clock
from grader.errors import UsageError
from grader.problem import Course
from grader.tiers import demand_walls


def open_batch(directory: Path, course: Course, jobs: int = 1) -> Batch:
    """The batch that left its results in `directory`, with the rules of now.

    Raises UsageError where there is none, and MissingWallError where others' work cannot be worked on.
    """
    demand_walls("to work on a class's results")
    if not (directory / STORE).is_file():
        raise UsageError(f"{directory} holds no results of grade batch", hint="give the folder that its --out named")
    problems = tuple(course.load_all())
    with Store(directory) as store:
        asked, source = (store.fact(ASKED) or "").split(), store.fact(SOURCE) or str(directory)
        attempts = store.fact(ATTEMPTS) or course.rules.attempts
        answered = store.problems()
        deadlines = remembered_deadlines(store)
        earlier = msgspec.json.decode(store.fact(EARLIER) or "[]", type=list[str])
    chosen = tuple(problem for problem in problems if problem.slug in answered or problem.slug in asked)
    return Batch(
        Path(source),
        directory,
        chosen,
        problems,
        jobs=jobs,
        attempts=Attempts(attempts),
        title=course.rules.title,
        rules=Rules.of(with_deadlines(course.rules, deadlines), course, directory),
        deadlines=deadlines,
        earlier=tuple(dict.fromkeys(map(Path, (*earlier, *course.rules.likeness_with)))),
    )


def lack(batch: Batch) -> tuple[str, str]:
    """Why a batch's results are not those of now, and what makes them so; empty where they are, or there are none."""
    with Store(batch.out) as store:
        published = store.fact(PUBLISHED)
    if published is None:
        return "", ""
    if not published:
        return (
            f"the last command in {batch.out} was stopped before it had written everything, or is still at work:",
            "wait for it, or run it again; nothing is graded twice.",
        )
    if rules_stamp(batch) in published.split():
        return "", ""
    return (
        f"course.yaml or adjustments.csv have changed since {batch.out} was written, and that is not in it yet:",
        f"grade adjust {shlex.quote(str(batch.out))} writes it anew; nothing is graded again.",
    )


def republish(batch: Batch, watch: Watcher) -> bool:
    """Write the results of a batch anew where rules have changed, without grading; returns whether that was so."""
    with locked(batch.out):
        return publish_if_changed(batch, watch)


def regrade(batch: Batch, student: str | None, problem: str | None, watch: Watcher) -> int:
    """Grade answers again: those of a student, to a problem, or all; how many were graded.

    The store keeps their files; the checks, the reference and the machine are those of now. Raises
    UsageError where there is no such answer.
    """
    with locked(batch.out):
        refuse_unknown(batch)
        with start_executor(batch) as executor:
            # A machine that may not grade is refused before any grade is dropped.
            executor.demand_floor()
            _forget(batch, student, problem)
            graded = grade_missing(batch, watch, executor, Clock(None, None))
        publish_if_changed(batch, watch)
        return graded


def _forget(batch: Batch, student: str | None, problem: str | None) -> None:
    """File the answers under the keys of now, and drop their grades."""
    around = surroundings(batch.problems)
    problems = {each.slug: each for each in batch.problems}
    with Store(batch.out) as store:
        rows = [row for row in store.all_rows() if student in (None, row.student) and problem in (None, row.problem)]
        if not rows:
            whose = f"{student or 'anybody'} to {problem}" if problem else student
            raise UsageError(f"there is no answer of {whose} in {batch.out}")
        keys = [
            (row.place, grade_key(row.content, problems[row.problem], around))
            for row in rows
            if row.problem in problems
        ]
        store.refile(keys)
        # A code may answer otherwise today: then the same key has another grade.
        store.note(PUBLISHED, "")
