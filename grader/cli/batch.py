"""`grade batch SUBMISSIONS --out DIR`: grade a class."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from grader.batch import Attempts, Batch, run_batch
from grader.batch.deadlines import parse_deadlines, with_deadlines
from grader.batch.model import ExecutorName
from grader.batch.rulings import Rules
from grader.cli import options
from grader.cli.shared import say
from grader.common.suggest import did_you_mean
from grader.errors import UsageError
from grader.problem import Course, find_course
from grader.tiers import demand_walls


@click.command("batch", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Where results go; a folder of its own.")
@click.option("--problem", "typed", multiple=True, metavar="PROBLEM", help="Only this problem; repeatable.")
@click.option("--roster", type=click.Path(path_type=Path), help="A CSV of students; adds who handed in nothing.")
@click.option("--layout", metavar="NAME", help="How the submissions are arranged, where that is not clear.")
@click.option(
    "--plan",
    "plan_file",
    is_flag=False,
    flag_value="plan.csv",
    metavar="[FILE]",
    type=click.Path(path_type=Path),
    help="Read and do not grade: whose answer to what each file is, and why, into FILE (plan.csv).",
)
@click.option("--use-plan", "plan", type=click.Path(path_type=Path), help="Grade exactly what this plan says.")
@options.jobs
@click.option("--dask", "scheduler", metavar="ADDRESS", help="Grade on the workers of this Dask scheduler.")
@click.option("--minutes", type=click.FloatRange(min=0), help="Begin no submission later; the same command goes on.")
@click.option(
    "--student-seconds",
    type=click.FloatRange(min=0),
    help="Begin no further answer of a student whose answers have taken so long, all problems together.",
)
@click.option("--fresh", is_flag=True, help="Forget stored results; without it, finished work is never done twice.")
@click.option(
    "--add",
    is_flag=True,
    help="Add a round to what is in DIR. Without it, people of the last run who are missing now end the command.",
)
@click.option(
    "--attempts",
    type=click.Choice([str(each) for each in Attempts]),
    help="Which of a student's answers to a problem counts, of several rounds; default: course.yaml, else last.",
)
@click.option(
    "--deadline",
    "deadlines",
    multiple=True,
    metavar="[PROBLEM=]TIME",
    help="When answers are due, such as 02=2025-05-01T23:59; repeatable. What being late costs stands in course.yaml.",
)
@click.option(
    "--likeness-with",
    "earlier",
    multiple=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The --out of an earlier class, to compare with for likeness; repeatable.",
)
@click.option(
    "--diff",
    "old",
    type=click.Path(path_type=Path),
    help="The --out of an earlier batch: say who gains or loses points against it, by check.",
)
def command(
    submissions: Path,
    out: Path | None,
    typed: tuple[str, ...],
    roster: Path | None,
    layout: str | None,
    plan_file: Path | None,
    plan: Path | None,
    jobs: int,
    scheduler: str | None,
    minutes: float | None,
    student_seconds: float | None,
    fresh: bool,
    add: bool,
    attempts: str | None,
    deadlines: tuple[str, ...],
    earlier: tuple[Path, ...],
    old: Path | None,
) -> int:
    """Grade a folder or zip of submissions, as the learning platform gives it.

    Killed at any moment and started again, it goes on with what is missing.
    """
    demand_walls("to grade a class")
    course = find_course(Path.cwd())
    if course.solutions is None:
        raise UsageError(f"{course.root} has no solutions/", hint="a student kit cannot grade a class; use the course")
    everything = tuple(course.load_all())
    slugs = _chosen(course, typed)
    asked = tuple(problem for problem in everything if problem.slug in slugs)
    if plan_file is None and out is None:
        raise UsageError("Missing option --out: where do the results go?", hint="--out DIR, or --plan to read only")
    if plan is not None and (plan_file is not None or layout is not None or roster is not None):
        raise UsageError("--use-plan decides alone", hint="without --plan, --layout and --roster")
    due = parse_deadlines(course, deadlines)
    if due and not (course.rules.late and course.rules.late.per_day):
        say("Being late costs nothing: course.yaml has no late: per_day.")
    batch = Batch(
        submissions,
        out or Path(),
        asked,
        everything,
        roster,
        _workers(scheduler) if scheduler is not None and plan_file is None else jobs,
        fresh,
        add or course.rules.add,
        Attempts(attempts or course.rules.attempts),
        executor=ExecutorName.LOCAL if scheduler is None else ExecutorName.DASK,
        scheduler=scheduler or "",
        layout=_layout(layout),
        plan=plan,
        minutes=minutes if minutes is not None else course.rules.minutes,
        student_seconds=student_seconds if student_seconds is not None else course.rules.student_seconds,
        title=course.rules.title,
        rules=Rules.of(with_deadlines(course.rules, due), course, out or Path()),
        deadlines=due,
        earlier=_earlier(course, earlier),
    )
    if plan_file is not None:
        from grader.cli.plan import tell_plan

        return tell_plan(batch, plan_file)
    try:
        if old is None:
            return _grade(batch)
        return _grade_and_compare(batch, old)
    except KeyboardInterrupt:
        say(f"\nStopped. What is graded is kept; to go on: {_again()}")
        return 130


def _grade(batch: Batch) -> int:
    from grader.cli.progress import progress

    with progress(batch.jobs) as watch:
        summary = run_batch(batch, watch)
    from grader.cli.summary import tell_summary

    tell_summary(summary, batch.out)
    return 0


def _grade_and_compare(batch: Batch, old: Path) -> int:
    from grader.batch.diff import compare, kept
    from grader.cli.summary import tell_changes

    # Kept before they may be overwritten: the old results may lie in the very directory.
    with kept(old) as before:
        _grade(batch)
        tell_changes(compare(before, batch.out, {problem.slug for problem in batch.problems}), old, batch.out)
    return 0


def _chosen(course: Course, typed: Sequence[str]) -> list[str]:
    slugs = [course.resolve(word) for word in typed] or list(course.slugs)
    if not slugs:
        raise UsageError(f"{course.root}/problems holds no problems yet")
    return slugs


def _workers(scheduler: str) -> int:
    """How many threads of workers the scheduler has; it is not yet known whether they may grade."""
    from grader.batch.executors.dask import threads_at

    return threads_at(scheduler)


def _earlier(course: Course, typed: Sequence[Path]) -> tuple[Path, ...]:
    """The earlier classes to compare with. Raises UsageError where one is none."""
    from grader.batch.earlier import EarlierClass

    named = tuple(dict.fromkeys([*typed, *map(Path, course.rules.likeness_with)]))
    return tuple(EarlierClass(each).directory for each in named)


def _layout(typed: str | None) -> str | None:
    if typed is None:
        return None
    from grader.intake.layouts import NAMES

    if typed in NAMES:
        return typed
    raise UsageError(f"there is no layout {typed}", hint=did_you_mean(typed, NAMES))


def _again() -> str:
    """The same command, without what would begin anew."""
    words = [word for word in sys.argv[1:] if word != "--fresh"]
    return shlex.join([Path(sys.argv[0]).name, *words])
