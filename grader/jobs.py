"""What the driver and its checkers say to each other. Both are trusted; neither needs torch to read it.

A message is msgpack with its length before it, on a stream socket: a `Job` one way, its outcome back. Each kind of job
has one kind of outcome; a `Fault` may come back for any.

    CheckJob      put a submission before a problem's checks            ->  Findings
    RecordJob     put the solution before them, and keep its replies    ->  Recorded
    DescribeJob   say which checks the problem has                      ->  Described
    KnownJob      find out what the misconceptions reply                ->  Known
    InputsJob     hold inputs.py to what it promises                    ->  InputsReport
    CompareJob    ask a submission and the reference what inputs.py gives ->  Differences
"""

from __future__ import annotations

import os
import struct
import sys
import traceback
from enum import StrEnum

import msgspec

from grader.errors import (
    CheckError,
    GraderError,
    HarnessError,
    MissingWallError,
    OutOfMemory,
    ProblemFileError,
    SubmissionError,
    UsageError,
)
from grader.model import Findings, Problem, Submission
from grader.sandbox import shortage
from grader.sandbox.channel import Channel

_LENGTH = struct.Struct("<I")


# -- jobs ------------------------------------------------------------------------------------------


class Terms(msgspec.Struct, frozen=True):
    """On which terms a submission is graded."""

    public_only: bool = False
    """Only the checks that a student may see."""
    reveal: bool = False
    """For authors: show of hidden checks what is shown of public ones."""
    recognise: bool = True
    """Whether to look for the misconceptions behind wrong replies."""
    until_lost: bool = False
    """Whether a check that fails is the last one; what failed most often so far goes first."""


EVERYTHING = Terms()


class _AnyJob(msgspec.Struct, frozen=True):
    problem: Problem
    environment: dict[str, str]
    """The driver's variables that say where data lies; the checker is started with none."""


class CheckJob(_AnyJob, frozen=True, tag="check"):
    """Put `submission` before the problem's checks."""

    submission: Submission
    terms: Terms
    walls: tuple[str, ...] = ()
    """Walls without which the room must not be used."""


class RecordJob(_AnyJob, frozen=True, tag="record"):
    """Put `solution` before the public checks, and record what the reference replies to them."""

    solution: Submission


class DescribeJob(_AnyJob, frozen=True, tag="describe"):
    """Describe the problem's checks."""


class KnownJob(_AnyJob, frozen=True, tag="known"):
    """Find out what the problem's misconceptions reply to its checks."""

    anew: bool
    """Whatever the course keeps of it; otherwise that serves."""


class InputsJob(_AnyJob, frozen=True, tag="inputs"):
    """Try what the problem's inputs.py gives: on the reference, the alternatives and the misconceptions."""


class CompareJob(_AnyJob, frozen=True, tag="compare"):
    """Look for an input of inputs.py to which `submission` and the reference reply otherwise."""

    submission: Submission


Job = CheckJob | RecordJob | DescribeJob | KnownJob | InputsJob | CompareJob


# -- outcomes --------------------------------------------------------------------------------------


class CheckInfo(msgspec.Struct, frozen=True):
    """A check as its author wrote it."""

    id: str
    title: str
    visibility: str
    points: float
    hint: str
    place: str = ""
    """Where it is written: ``checks/test_pool.py, line 12``."""


class Recorded(msgspec.Struct, frozen=True, tag="recorded"):
    """The outcome of a `RecordJob`."""

    findings: Findings
    recording: bytes
    """The reference's replies as a student kit holds them; empty where no check asks it anything."""


class Described(msgspec.Struct, frozen=True, tag="described"):
    """The outcome of a `DescribeJob`."""

    checks: tuple[CheckInfo, ...]


class Known(msgspec.Struct, frozen=True, tag="known"):
    """The outcome of a `KnownJob`."""

    name: str
    """Of the file beside the solution."""
    content: bytes
    """What belongs into it; empty where it holds just that, or there is nothing to know."""
    sealed: bytes
    """What a student kit holds of it; empty where its public checks tell no misconception."""


class InputsReport(msgspec.Struct, frozen=True, tag="inputs_report"):
    """The outcome of an `InputsJob`."""

    broken: tuple[str, ...]
    """Broken promises, one sentence each."""
    remarks: tuple[str, ...]
    witnesses: bytes
    """What belongs into the file of witnesses beside the solution; empty where it holds just that."""


class Differences(msgspec.Struct, frozen=True, tag="compared"):
    """The outcome of a `CompareJob`."""

    differences: tuple[str, ...]
    """The smallest for each function, one sentence each."""
    inputs: bool
    """Whether the problem has any."""


class FaultKind(StrEnum):
    """Whose fault it is that a job has no outcome."""

    USAGE = "usage"
    PROBLEM_FILE = "problem_file"
    SUBMISSION = "submission"
    HARNESS = "harness"
    CHECK = "check"
    MISSING_WALL = "missing_wall"
    OUT_OF_MEMORY = "out_of_memory"
    """The machine's: worth another try with fewer workers."""


class Fault(msgspec.Struct, frozen=True, tag="fault"):
    """Why a job has no outcome."""

    kind: FaultKind
    message: str
    hint: str | None = None
    trace: str = ""
    """Set where the fault is a bug of the grader's."""
    where: str = ""
    """File, line and reason of a broken check, for its author."""

    @property
    def text(self) -> str:
        """The message, and the traceback where there is one."""
        return f"{self.message}\n{self.trace}" if self.trace else self.message

    @property
    def in_full(self) -> str:
        """What staff read: of a broken check, file and line as well."""
        return f"{self.text}: {self.where}" if self.where else self.text


JobOutcome = Findings | Recorded | Described | Known | InputsReport | Differences | Fault


_EXCEPTIONS: dict[FaultKind, type[GraderError]] = {
    FaultKind.PROBLEM_FILE: ProblemFileError,
    FaultKind.USAGE: UsageError,
    FaultKind.SUBMISSION: SubmissionError,
    FaultKind.MISSING_WALL: MissingWallError,
    FaultKind.OUT_OF_MEMORY: OutOfMemory,
    FaultKind.CHECK: CheckError,
    FaultKind.HARNESS: HarnessError,
}
"""Subclasses before their bases."""


def fault_of(error: BaseException) -> Fault:
    """An exception as data. What is not a GraderError is a bug of ours; its traceback goes along."""
    if not isinstance(error, GraderError) and shortage.is_meant_by(error):
        error = shortage.error()
    if isinstance(error, GraderError):
        kind = next((kind for kind, base in _EXCEPTIONS.items() if isinstance(error, base)), FaultKind.HARNESS)
        return Fault(kind, error.message, error.hint, where=error.where if isinstance(error, CheckError) else "")
    return Fault(FaultKind.HARNESS, f"{type(error).__name__}: {error}", None, _trace(error))


def _trace(error: BaseException) -> str:
    """The traceback, with paths from the place on that modules are imported from: it is read on other machines, too."""
    text = "".join(traceback.format_exception(error))
    for folder in sorted(filter(None, sys.path), key=len, reverse=True):
        text = text.replace(f'"{folder}{os.sep}', '"')
    return text


def error_of(fault: Fault) -> GraderError:
    """The exception that a fault was made of, to be raised on the driver's side."""
    if fault.kind is FaultKind.CHECK:
        return CheckError(fault.text, where=fault.where, hint=fault.hint)
    return _EXCEPTIONS[fault.kind](fault.text, hint=fault.hint)


# -- on the socket ---------------------------------------------------------------------------------


def send(connection: Channel, message: Job | JobOutcome) -> None:
    """Write one message."""
    pass_on(connection, msgspec.msgpack.encode(message))


def pass_on(connection: Channel, payload: bytes) -> None:
    """Write a message that is encoded already."""
    connection.sendall(_LENGTH.pack(len(payload)) + payload)


def receive(connection: Channel) -> bytes | None:
    """One message; None where the other side has hung up."""
    header = _exactly(connection, _LENGTH.size)
    return None if header is None else _exactly(connection, _LENGTH.unpack(header)[0])


def _exactly(connection: Channel, count: int) -> bytes | None:
    pieces = bytearray()
    while len(pieces) < count:
        piece = connection.recv(min(1 << 20, count - len(pieces)))
        if not piece:
            return None
        pieces += piece
    return bytes(pieces)
