"""The last line of a grading: what has changed since last time, and what comes next."""

from __future__ import annotations

from pathlib import Path

from grader.cli.solutions import why_closed
from grader.cli.work import submission_in, untouched
from grader.journal import Journal, JournalEntry, best, entry_of
from grader.model import Grade, Status
from grader.problem import Course
from grader.reports.causes import first_failure
from grader.reports.shown import FULL_PERCENT
from grader.reports.wording import counted, number


def closing(course: Course, journal: Journal | None, grade: Grade, work: Path) -> str:
    """``+2 points, 3 more checks since last time; next: grade hint 02``. `work` is what was graded.

    Without a journal nothing is compared: the work is an author's, say, and not the student's own.
    """
    if journal is None:
        return ""
    change = change_since(journal.last(grade.problem), entry_of(grade))
    step = next_step(course, journal, grade, work)
    return "; ".join(part for part in (change, _to_read(course, grade), f"next: {step}" if step else "") if part)


def _to_read(course: Course, grade: Grade) -> str:
    """After full marks: how to read other right answers, where the course shows them."""
    earned = grade.status is Status.GRADED and grade.percent >= FULL_PERCENT and not grade.public_only
    if not earned or why_closed(course, grade.problem) is not None:
        return ""
    return f"other right answers: grade read {short_name(course, grade.problem)} --solution"


def change_since(before: JournalEntry | None, now: JournalEntry) -> str:
    """What has changed between two gradings; empty where they cannot be compared."""
    if before is None or (before.version, before.public_only) != (now.version, now.public_only):
        return ""
    if before.sha256 == now.sha256:
        return ""
    if now.status is not Status.GRADED:
        return ""
    points, checks = now.score - before.score, now.passed - before.passed
    if not points and not checks:
        return "as many points as last time"
    parts = []
    if points:
        amount = number(abs(points))
        parts.append(f"{'+' if points > 0 else '−'}{amount} {'point' if amount == '1' else 'points'}")
    if checks:
        parts.append(
            counted(
                abs(checks), f"{'more' if checks > 0 else 'fewer'} check", f"{'more' if checks > 0 else 'fewer'} checks"
            )
        )
    return f"{', '.join(parts)} since last time"


def next_step(course: Course, journal: Journal, grade: Grade, work: Path) -> str:
    """A command to type, or what to do before it."""
    problem = short_name(course, grade.problem)
    if grade.status is not Status.GRADED:
        return f"mend that, then grade {problem}"
    if grade.percent < FULL_PERCENT:
        if work.parent.name == grade.problem and untouched(work):
            return f"write your answers in {work.name}; grade read {problem} shows the task"
        return f"grade hint {problem}" if first_failure(grade.checks) is not None else ""
    following = next_problem(course, journal, done=grade.problem)
    if following is None:
        return "grade pack"
    folder = course.root / "problems" / following
    verb = "grade start" if submission_in(folder) is None else "grade"
    return f"{verb} {short_name(course, following)}"


def next_problem(course: Course, journal: Journal, done: str = "") -> str | None:
    """The first problem after `done`, else the first of all, that has no full marks yet."""
    place = course.slugs.index(done) + 1 if done in course.slugs else 0
    for slug in (*course.slugs[place:], *course.slugs[:place]):
        top = best(journal.entries(slug))
        if slug != done and (top is None or top.percent < FULL_PERCENT):
            return slug
    return None


def short_name(course: Course, slug: str) -> str:
    """The shortest word that means this problem: its number, where no other has it."""
    number = slug.split("-", 1)[0]
    return number if sum(other.split("-", 1)[0] == number for other in course.slugs) == 1 else slug
