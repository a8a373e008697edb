"""A bench: a started sandbox with one checker, which works on one job after another.

Starting a bench returns at once; torch is imported meanwhile. The checker is another process; `grader.jobs` says what
goes to it and what comes back.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from types import TracebackType
from typing import TypeVar

import msgspec

from grader.common import caches, logs
from grader.data import PROVIDERS
from grader.errors import HarnessError
from grader.jobs import (
    CheckInfo,
    CheckJob,
    CompareJob,
    Described,
    DescribeJob,
    Differences,
    Fault,
    InputsJob,
    InputsReport,
    Job,
    JobOutcome,
    Known,
    KnownJob,
    Recorded,
    RecordJob,
    Terms,
    error_of,
    receive,
    send,
)
from grader.model import Findings, Problem, Submission
from grader.sandbox import shortage
from grader.sandbox.channel import Channel
from grader.sandbox.launch import Stem
from grader.sandbox.walls.table import STRICT
from grader.tiers import FORKED, Processes, SandboxMode, tier_for

# Where data sets are looked for.
_DATA_VARIABLES = (*(name for each in PROVIDERS.values() for name in each.variables), *caches.VARIABLES)

_Expected = TypeVar("_Expected", Findings, Recorded, Described, Known, InputsReport, Differences)


class Bench:
    """One sandbox and one checker. A checker that died is replaced at the next job."""

    def __init__(
        self,
        mode: SandboxMode = SandboxMode.AUTO,
        *,
        without: Iterable[str] = (),
        stem: Stem | None = None,
        core: int | None = None,
    ) -> None:
        shortage.refuse_certain()
        self._mode = mode
        self._core = core
        self._without = tuple(without)
        self.tier = tier_for(mode) if stem is None else FORKED
        self._own = stem is None
        self._processes: Processes = stem if stem is not None else self.tier.start()
        self._checker: Channel | None = None
        self._problem = ""
        """The problem that the checker serves, where it serves only one."""
        self._kills = shortage.kills()
        """Whom the kernel had killed for want of memory when all was well."""

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def check(self, problem: Problem, submission: Submission, terms: Terms) -> Findings:
        """Put a submission before a problem's checks. Raises GraderError for faults that are not the student's."""
        walls = tuple(STRICT) if self._mode is SandboxMode.STRICT else ()
        return self._outcome(CheckJob(problem, _environment(), submission, terms, walls), Findings)

    def record(self, problem: Problem, solution: Submission) -> Recorded:
        """Put the solution before the public checks, and record what the reference replies to them."""
        return self._outcome(RecordJob(problem, _environment(), solution), Recorded)

    def checks(self, problem: Problem) -> tuple[CheckInfo, ...]:
        """A problem's checks as their author wrote them."""
        return self._outcome(DescribeJob(problem, _environment()), Described).checks

    def known_answers(self, problem: Problem, *, anew: bool) -> Known:
        """What a problem's misconceptions reply, for the files that a course and a kit keep of it."""
        return self._outcome(KnownJob(problem, _environment(), anew), Known)

    def inputs(self, problem: Problem) -> InputsReport:
        """Whether a problem's inputs.py holds what it promises, and the witnesses that it gives."""
        return self._outcome(InputsJob(problem, _environment()), InputsReport)

    def compared(self, problem: Problem, submission: Submission) -> Differences:
        """Where a submission and the reference part, on what inputs.py gives."""
        return self._outcome(CompareJob(problem, _environment(), submission), Differences)

    def _outcome(self, job: Job, expected: type[_Expected]) -> _Expected:
        try:
            outcome = self._ask(job)
            if isinstance(outcome, Fault):
                raise error_of(outcome)
        except HarnessError as error:
            if type(error) is not HarnessError:
                raise  # It says itself what is wrong: a wall, a check, memory.
            # What a lack of memory brings down says something else, such as that a process has ended.
            if shortage.kills() > self._kills or self._processes.refused_memory():
                raise shortage.error() from error
            raise
        self._kills = shortage.kills()
        if not isinstance(outcome, expected):
            raise HarnessError(f"the checker gave {type(outcome).__name__} for a {type(job).__name__}")
        return outcome

    def _ask(self, job: Job) -> JobOutcome:
        logs.note(f"asks for a {type(job).__name__} of {job.problem.slug} on the {self.tier.name} tier")
        checker = self._checker_for(job.problem)
        try:
            send(checker, job)
            message = receive(checker)
        except OSError:
            message = None
        if message is None:
            self._end_checker()
            raise HarnessError("the checker's process has ended unexpectedly")
        outcome: JobOutcome = msgspec.msgpack.decode(message, type=JobOutcome)
        logs.note(f"has got {type(outcome).__name__}, {len(message)} bytes")
        return outcome

    def _checker_for(self, problem: Problem) -> Channel:
        served = f"{problem.folder}@{problem.version}" if self.tier.one_problem else ""
        if served != self._problem:
            self._end_checker()
        if self._checker is None:
            self._checker = self.tier.connect(self._processes, self._without, self._core)
            self._problem = served
        return self._checker

    def _end_checker(self) -> None:
        if self._checker is not None:
            self._checker.close()
            self._checker = None

    def close(self) -> None:
        """End the checker, and the processes of the tier where they are this bench's own."""
        self._end_checker()
        if self._own:
            self._processes.close()


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _DATA_VARIABLES if name in os.environ}
