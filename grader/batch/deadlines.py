"""Deadlines that a command names: they hold for its results, until it is run without them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

import msgspec

from grader.batch.store import Store
from grader.errors import UsageError
from grader.problem import Course
from grader.problem.coursefile import moment_of
from grader.problem.courserules import CourseRules, Due

_FACT = "deadlines"


def parse_deadlines(course: Course, words: Iterable[str]) -> dict[str, datetime.datetime]:
    """Problem -> its deadline, of ``PROBLEM=TIME`` or, for all problems, ``TIME``.

    Raises UsageError where one cannot be, or two are for one problem, course.yaml's among them.
    """
    found: dict[str, datetime.datetime] = {}
    for word in words:
        typed, equals, text = word.rpartition("=")
        moment = moment_of(text)
        if moment is None:
            raise UsageError(f"--deadline {word}: {text} is no time", hint="such as 02=2025-05-01T23:59, or a date")
        slugs = (course.resolve(typed),) if equals else course.slugs
        for slug in slugs:
            if slug in found:
                raise UsageError(f"--deadline {word}: {slug} has a deadline already, {found[slug]:%Y-%m-%d %H:%M} UTC")
            found[slug] = moment
    with_deadlines(course.rules, found)
    return found


def with_deadlines(rules: CourseRules, found: Mapping[str, datetime.datetime]) -> CourseRules:
    """The course's rules with these deadlines; what being late costs is what course.yaml says under ``late``.

    Raises UsageError where course.yaml has another deadline for one of the problems.
    """
    deadlines = dict(rules.deadlines)
    late = rules.late or Due(datetime.datetime.max.replace(tzinfo=datetime.UTC), 0, 0, 100)
    for slug, moment in found.items():
        there = rules.deadlines.get(slug)
        if there is not None and there.at != moment:
            raise UsageError(
                f"{slug} has two deadlines: {moment:%Y-%m-%d %H:%M} UTC by --deadline, "
                f"{there.at:%Y-%m-%d %H:%M} UTC by {rules.path}",
                hint="one of them has to go; without --deadline grade batch forgets it",
            )
        deadlines.setdefault(slug, msgspec.structs.replace(late, at=moment))
    return msgspec.structs.replace(rules, deadlines=deadlines)


def remember_deadlines(store: Store, found: Mapping[str, datetime.datetime]) -> None:
    """Note them beside the results, for those that work on these."""
    value = msgspec.json.encode(dict(found)).decode()
    if (store.fact(_FACT) or "{}") != value:
        store.note(_FACT, value)


def remembered_deadlines(store: Store) -> dict[str, datetime.datetime]:
    """Those that were named when the results were made."""
    return msgspec.json.decode(store.fact(_FACT) or "{}", type=dict[str, datetime.datetime])
