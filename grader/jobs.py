"""What the driver and its checkers say to each other. Both are trusted; neither needs torch to read it.

A message is msgpack with its length before it, on a stream socket: a `Job` one way, an `Answer` back.
"""

from __future__ import annotations

import socket
import struct
import traceback

import msgspec

from grader.errors import ExitCode, GraderError, HarnessError, MissingWallError, SubmissionError, UsageError
from grader.model import Grade, Problem, Submission

_LENGTH = struct.Struct("<I")


class Job(msgspec.Struct, frozen=True):
    """What the driver asks: grade `submission`; without one, describe the problem's checks."""

    problem: Problem
    submission: Submission | None = None
    public_only: bool = False
    reveal: bool = False
    recognise: bool = True
    record: bool = False
    """Whether to write down what the checks ask the reference, for a student kit."""
    demand_walls: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    """What of the driver's environment says where data lies; the checker itself is started with none."""


class CheckInfo(msgspec.Struct, frozen=True):
    """A check as its author wrote it."""

    id: str
    title: str
    visibility: str
    points: float
    hint: str


class Fault(msgspec.Struct, frozen=True):
    """Why there is no grade, and whose fault that is, as an exit code."""

    message: str
    exit_code: int
    hint: str | None = None
    trace: str = ""
    missing_wall: bool = False


class Answer(msgspec.Struct, frozen=True):
    """The checker's answer: a grade, checks or a fault."""

    grade: Grade | None = None
    recorded: bytes = b""
    """With a grade, where it was asked for: the reference's answers, as a student kit holds them."""
    checks: tuple[CheckInfo, ...] | None = None
    fault: Fault | None = None


def send(connection: socket.socket, message: msgspec.Struct) -> None:
    """Write one message."""
    pass_on(connection, msgspec.msgpack.encode(message))


def pass_on(connection: socket.socket, payload: bytes) -> None:
    """Write a message that is encoded already."""
    connection.sendall(_LENGTH.pack(len(payload)) + payload)


def receive(connection: socket.socket) -> bytes | None:
    """One message; None where the other side has hung up."""
    header = _exactly(connection, _LENGTH.size)
    return None if header is None else _exactly(connection, _LENGTH.unpack(header)[0])


def _exactly(connection: socket.socket, count: int) -> bytes | None:
    pieces = bytearray()
    while len(pieces) < count:
        piece = connection.recv(min(1 << 20, count - len(pieces)))
        if not piece:
            return None
        pieces += piece
    return bytes(pieces)


def fault_of(error: BaseException) -> Fault:
    """An exception as data. What is not a GraderError is a bug of ours, told with its traceback."""
    if isinstance(error, GraderError):
        return Fault(error.message, int(error.exit_code), error.hint, missing_wall=isinstance(error, MissingWallError))
    trace = "".join(traceback.format_exception(error))
    return Fault(f"{type(error).__name__}: {error}", int(HarnessError.exit_code), None, trace)


def error_of(fault: Fault) -> GraderError:
    """The exception that a fault was made of, to be raised on the driver's side."""
    kinds: dict[int, type[GraderError]] = {
        ExitCode.WRONG_USAGE: UsageError,
        ExitCode.CANNOT_BE_GRADED: SubmissionError,
    }
    kind = MissingWallError if fault.missing_wall else kinds.get(fault.exit_code, HarnessError)
    message = f"{fault.message}\n{fault.trace}" if fault.trace else fault.message
    return kind(message, hint=fault.hint)
