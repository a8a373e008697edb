"""A batch, as a sequence of steps: collect, grade what is missing, publish."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from typing import TYPE_CHECKING

import msgspec

from grader import sources
from grader.batch import outputs
from grader.batch.adjustments import Adjustment, adjustments_of
from grader.batch.aside import aside
from grader.batch.deadlines import remember_deadlines
from grader.batch.earlier import stamps
from grader.batch.judge import BatchJudge
from grader.batch.lock import LOCK, locked
from grader.batch.model import Batch, Graded, Planned, Summary, Task, Watcher
from grader.batch.readings import remember_reading
from grader.batch.rounds import settle
from grader.batch.store import PUBLISHED, STORE, WAITING, Store
from grader.batch.timekeeping import Clock, InTime
from grader.errors import HarnessError, UsageError
from grader.intake.missing import refuse_missing
from grader.model import Status, Submission

if TYPE_CHECKING:
    from grader.batch.executors import Executor
    from grader.batch.pages import PageWriter

ASKED, SOURCE, ATTEMPTS, EARLIER = "asked", "source", "attempts", "earlier classes"
"""What the store remembers of the command, for those that work on its results."""


def run_batch(batch: Batch, watch: Watcher) -> Summary:
    """Grade a class into ``batch.out``, where it goes on from whatever is there.

    Raises UsageError where the directory is not ours, or another command is at work in it; MissingWallError where
    this machine may not grade others' work; HarnessError where the grader itself keeps failing.
    """
    _prepare(batch)
    with locked(batch.out), contextlib.ExitStack() as stack:
        # A new directory lacks every grade: torch is imported while the submissions are read.
        early = batch.fresh or not (batch.out / STORE).exists()
        executor = stack.enter_context(start_executor(batch)) if early else None
        plan = msgspec.msgpack.decode(aside(lambda: _collected(batch)), type=Planned)
        watch.planned(plan)
        batch = _with_other_rounds(batch)
        _remember(batch)
        refuse_unknown(batch)
        started = time.monotonic()
        graded, clock = 0, Clock(batch.minutes, batch.student_seconds)
        if plan.to_grade:
            graded = grade_missing(batch, watch, executor or stack.enter_context(start_executor(batch)), clock)
        seconds = time.monotonic() - started
        written = publish_if_changed(batch, watch)
        return _summary(batch, plan, graded, seconds, written, clock)


def _prepare(batch: Batch) -> None:
    """Make the directory. What is not a batch's is left alone."""
    refuse_missing(batch.source)
    source, out = batch.source.resolve(), batch.out.resolve()
    if out.is_relative_to(source):
        raise UsageError(
            f"{batch.out} lies among the submissions in {batch.source}", hint="name an --out outside of them"
        )
    try:
        if not out.is_dir():
            out.parent.mkdir(parents=True, exist_ok=True)
            out.mkdir(mode=outputs.PRIVATE_FOLDER)
        strangers = sorted(set(os.listdir(out)) - {LOCK})
    except OSError as error:
        raise UsageError(f"{batch.out} cannot be used: {error.strerror}") from None
    if strangers and STORE not in strangers:
        raise UsageError(f"{batch.out} holds other files ({strangers[0]}, …)", hint="name a new folder with --out")
    if not os.access(out, os.W_OK | os.X_OK):
        raise UsageError(f"{batch.out} cannot be written", hint="name another --out")


def _collected(batch: Batch) -> bytes:
    # Imported here, in the process aside: the driver needs nothing of it.
    from grader.batch.collecting import collect_into_store

    return msgspec.msgpack.encode(collect_into_store(batch))


def _remember(batch: Batch) -> None:
    """Note what `grader.batch.again` needs to know."""
    with Store(batch.out) as store:
        for name, value in (
            (ASKED, " ".join(problem.slug for problem in batch.problems)),
            (SOURCE, str(batch.source.resolve())),
            (ATTEMPTS, str(batch.attempts)),
            (EARLIER, msgspec.json.encode([str(each.resolve()) for each in batch.earlier]).decode()),
        ):
            if store.fact(name) != value:
                store.note(name, value)
        remember_reading(store, batch)
        remember_deadlines(store, batch.deadlines)


def _with_other_rounds(batch: Batch) -> Batch:
    """The batch with the problems, too, that other rounds in its directory answer."""
    with Store(batch.out) as store:
        answered = store.problems()
    asked = {problem.slug for problem in batch.problems}
    problems = tuple(problem for problem in batch.course if problem.slug in asked | answered)
    return msgspec.structs.replace(batch, problems=problems)


def refuse_unknown(batch: Batch) -> None:
    """Raise UsageError where a rule is for nobody: before anything is graded, not after."""
    if batch.rules.of_batch:
        with Store(batch.out) as store:
            students = {student.id: student.name for student in store.students()}
        batch.rules.refuse_unknown(students)


def start_executor(batch: Batch) -> Executor:
    # Imported where there is something to grade: light commands stay light.
    from grader.batch.executors import EXECUTORS

    return EXECUTORS[batch.executor](batch)


def grade_missing(batch: Batch, watch: Watcher, executor: Executor, clock: Clock) -> int:
    """Grade what the store has no grade for; returns how many grades are new."""
    from grader.batch.pages import PageWriter
    from grader.batch.points import refuse_wrong_points

    problems = {problem.slug: problem for problem in batch.problems}
    judge = BatchJudge(batch)
    graded = 0
    with Store(batch.out) as store, PageWriter(batch.out, problems, store) as pages:
        tasks = store.tasks()
        watch.beginning(len(tasks))
        _prepare_reports(pages, tasks)
        executor.demand_floor()
        refuse_wrong_points(executor, [problems[slug] for slug in sorted({task.problem for task in tasks})])
        clock.look_back(store.rows())
        in_time = InTime(tasks, clock)
        under_way: set[str] = set()

        def submission_of(task: Task) -> Submission:
            under_way.add(task.key)
            return store.submission(task.content)

        for done in executor.grade(problems, in_time, submission_of, workers=batch.jobs):
            task, grade = done.task, done.grade
            under_way.discard(task.key)
            if grade is None:
                why = done.fault.in_full if done.fault is not None else ""
                store.save_fault(task.key, why)
                watch.graded(Graded(task.student, task.problem, None, 0.0, why))
                continue
            clock.count(task, grade.duration_s)
            store.save(task.key, grade)
            for row in judge.rows(store, task.key):
                if row.grade is not None:
                    pages.write(row.key, row.grade, done.page)
            graded += 1
            watch.graded(Graded(task.student, task.problem, grade.status, grade.percent))
    if under_way:
        raise HarnessError(
            f"nothing was heard of {len(under_way)} submissions that were given out",
            hint="what is graded is kept; the same command goes on with the rest",
        )
    return graded


def _prepare_reports(pages: PageWriter, tasks: list[Task]) -> None:
    """Make what all reports share. Torch is still being imported, and this process has nothing else to do."""
    from grader.batch import publish

    pages.prepare({task.problem for task in tasks})
    publish.prepare()


def with_adjustments(batch: Batch, adjustments: tuple[Adjustment, ...]) -> Batch:
    """The batch with others in the place of its own adjustments."""
    return msgspec.structs.replace(batch, rules=msgspec.structs.replace(batch.rules, of_batch=adjustments))


def rules_stamp(batch: Batch) -> str:
    """Changes with the rules of a batch."""
    return hashlib.sha256(batch.rules.digest).hexdigest()


def publish_if_changed(batch: Batch, watch: Watcher) -> bool:
    """Write the results, unless the existing ones were made from the very same; returns whether they were written."""
    # Somebody may have adjusted a grade since the rules were read: those of now hold.
    batch = with_adjustments(batch, adjustments_of(batch.out, batch.slug_of))
    refuse_unknown(batch)
    with Store(batch.out) as store:
        if len(store.rounds()) > 1:
            settle(store, batch.attempts, BatchJudge(batch))
        rules = rules_stamp(batch)
        columns = " ".join(f"{problem.slug}@{problem.version}" for problem in batch.problems)
        earlier = " ".join(stamps(batch.earlier))
        state = f"{columns} {batch.source.resolve()} {store.state()} {sources.publishing()} {rules} {earlier}"
        if store.fact(PUBLISHED) == state and all((batch.out / name).is_file() for name in outputs.ALL):
            return False
        store.note(PUBLISHED, "")
    watch.publishing()
    aside(lambda: _published(batch))
    with Store(batch.out) as store:
        store.note(PUBLISHED, state)
    return True


def _published(batch: Batch) -> bytes:
    from grader.batch.publish import publish

    return publish(batch)


def _summary(batch: Batch, plan: Planned, graded: int, seconds: float, written: bool, clock: Clock) -> Summary:
    with Store(batch.out) as store:
        statuses, faults = store.outcome()
        waiting = int(store.fact(WAITING) or 0)
    ungradable = sum(count for status, count in statuses.items() if status != Status.GRADED)
    return Summary(plan, graded, seconds, ungradable, tuple(faults), written, clock.slowest, waiting, clock.not_begun)
