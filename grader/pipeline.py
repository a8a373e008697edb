"""Grading one submission, as a sequence of stages that reads like a table of contents.

    load problem  ->  read submission  ->  start sandbox  ->  check  ->  (the checker scores)  ->  Grade

A `Bench` is a started sandbox with one worker, on which any number of submissions are graded, one after another.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from enum import StrEnum
from types import TracebackType

import msgspec

from grader.errors import ExitCode, HarnessError
from grader.jobs import Answer, CheckInfo, Job, error_of, receive, send
from grader.model import Grade, Problem, Status, Submission
from grader.sandbox.confine import STRICT
from grader.sandbox.launch import Stem

# Where genuine images are looked for; see grader.data.
_DATA_VARIABLES = ("TORCHGRADE_MNIST", "XDG_CACHE_HOME", "HOME")

CHECKER = "grader.checking.serve:main"


class SandboxMode(StrEnum):
    """How much of the sandbox a command insists on."""

    AUTO = "auto"
    STRICT = "strict"
    PROCESS = "process"


class Bench:
    """A sandbox with one worker. Starting it returns at once; torch is imported meanwhile."""

    def __init__(
        self,
        mode: SandboxMode = SandboxMode.AUTO,
        *,
        without: Iterable[str] = (),
        stem: Stem | None = None,
        core: int | None = None,
    ) -> None:
        self._mode = mode
        self._core = core
        self._without = tuple(without)
        self._own_stem = stem is None
        self._stem = stem if stem is not None else Stem()
        self._worker: socket.socket | None = None

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def grade(
        self,
        problem: Problem,
        submission: Submission,
        *,
        public_only: bool = False,
        reveal: bool = False,
        recognise: bool = True,
    ) -> Grade:
        """Put a submission before a problem's checks. Raises GraderError for faults that are not the student's."""
        demand = STRICT if self._mode is SandboxMode.STRICT else ()
        answer = self._ask(
            Job(
                problem,
                submission,
                public_only,
                reveal,
                recognise,
                demand_walls=tuple(demand),
                environment=_data_environment(),
            ),
        )
        assert answer.grade is not None
        return answer.grade

    def record(self, problem: Problem, solution: Submission) -> tuple[Grade, bytes]:
        """Put the solution before the public checks; its grade, and the reference's answers as a kit holds them."""
        answer = self._ask(
            Job(problem, solution, public_only=True, recognise=False, record=True, environment=_data_environment())
        )
        assert answer.grade is not None
        return answer.grade, answer.recorded

    def checks(self, problem: Problem) -> tuple[CheckInfo, ...]:
        """A problem's checks as their author wrote them."""
        answer = self._ask(Job(problem))
        assert answer.checks is not None
        return answer.checks

    def _ask(self, job: Job) -> Answer:
        if self._worker is None:
            bare = self._mode is SandboxMode.PROCESS
            self._worker = self._stem.worker(CHECKER, bare=bare, without=self._without, core=self._core)
        try:
            send(self._worker, job)
            message = receive(self._worker)
        except OSError:
            message = None
        if message is None:
            self._worker.close()
            self._worker = None
            raise HarnessError("the checker's process has ended unexpectedly")
        answer = msgspec.msgpack.decode(message, type=Answer)
        if answer.fault is not None:
            raise error_of(answer.fault)
        return answer

    def close(self) -> None:
        """End the worker, and the stem where it is this bench's own."""
        if self._worker is not None:
            self._worker.close()
        if self._own_stem:
            self._stem.close()


def _data_environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _DATA_VARIABLES if name in os.environ}


def exit_code_of(grade: Grade) -> ExitCode:
    """What the command says of a grade to its caller."""
    if grade.status is not Status.GRADED:
        return ExitCode.CANNOT_BE_GRADED
    full = grade.score >= grade.max_score and bool(grade.checks)
    return ExitCode.FULL_MARKS if full else ExitCode.BELOW_FULL_MARKS
