"""The road of one submission, from a problem's folder to a grade that somebody reads.

    load     the problem: its folder, as data
    read     the submission: what the student wrote, as bytes
    open     a bench: a sandbox, and the checker that holds the problem's checks
    check    the submission on the bench: what each check found
    score    the findings: points
    report   the grade: to whoever asked

`grade_one` below is that road. Whoever grades takes it: the command, `grade watch`, `%grade`, a batch, the autograders,
`grade verify`. They differ in where a problem and a submission come from and in who reads the report; those four
stages are theirs, as `Stages`. Check and score are the same for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from grader.bench import Bench
from grader.errors import ExitCode
from grader.jobs import EVERYTHING, Terms
from grader.model import Findings, Grade, Problem, Status, Submission
from grader.scoring import grade_of


class Stages(Protocol):
    """The stages that differ. Each may raise GraderError, which ends the road."""

    def load(self) -> Problem:
        """The problem."""

    def read(self, problem: Problem) -> Submission:
        """What is put before its checks."""

    def open(self, problem: Problem) -> Bench:
        """The bench to do it on; whoever opened it closes it."""

    def report(self, problem: Problem, grade: Grade) -> None:
        """Tell, write or keep the grade."""


def grade_one(stages: Stages, terms: Terms = EVERYTHING) -> Grade:
    """Grade one submission. Raises GraderError for faults that are not the student's."""
    problem = stages.load()
    submission = stages.read(problem)
    bench = stages.open(problem)
    findings = check(bench, problem, submission, terms)
    result = score(problem, submission, findings, terms)
    stages.report(problem, result)
    return result


def check(bench: Bench, problem: Problem, submission: Submission, terms: Terms) -> Findings:
    """What each check found, and which misconceptions explain it."""
    return bench.check(problem, submission, terms)


def score(problem: Problem, submission: Submission, findings: Findings, terms: Terms) -> Grade:
    """The points, with everything that a report says beside them."""
    return grade_of(problem, submission, findings, public_only=terms.public_only)


@dataclass(frozen=True)
class Given:
    """Stages for whoever has loaded, read and opened already; `grade_one` returns the grade, which is report enough."""

    problem: Problem
    submission: Submission
    bench: Bench

    def load(self) -> Problem:
        return self.problem

    def read(self, problem: Problem) -> Submission:
        return self.submission

    def open(self, problem: Problem) -> Bench:
        return self.bench

    def report(self, problem: Problem, grade: Grade) -> None: ...


def exit_code_of(grade: Grade) -> ExitCode:
    """What the command says of a grade to its caller."""
    if grade.status is not Status.GRADED:
        return ExitCode.CANNOT_BE_GRADED
    full = grade.score >= grade.max_score and bool(grade.checks)
    return ExitCode.FULL_MARKS if full else ExitCode.BELOW_FULL_MARKS
