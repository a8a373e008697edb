"""A task with all that is needed to grade it, and how a worker does that."""

from __future__ import annotations

import msgspec

from grader.batch.executors.protocol import Done
from grader.batch.floor import refuse_room
from grader.batch.model import Task
from grader.bench import Bench
from grader.grade import Given, grade_one
from grader.jobs import fault_of
from grader.model import Problem, Submission

ATTEMPTS = 2
"""A submission whose checker died is tried once more, on a new bench."""


class WorkItem(msgspec.Struct, frozen=True):
    """A task, with the submission that it is about."""

    task: Task
    submission: Submission


def grade_item(bench: Bench, problem: Problem, item: WorkItem) -> Done:
    """Grade it; a fault of the grader's becomes a part of the outcome, as data."""
    try:
        grade = grade_one(Given(problem, item.submission, bench))
        refuse_room(grade.walls)
    except Exception as error:
        return Done(item.task, fault=fault_of(error))
    return Done(item.task, grade)
