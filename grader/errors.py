"""What can go wrong, as one tree.

    GraderError
    ├── UsageError            the command was called wrongly                         exit 2
    │   └── ProblemFileError  problem.yaml or a problem's folder breaks a rule       exit 2
    ├── SubmissionError       the submission cannot be graded as it is               exit 3
    └── HarnessError          our own fault, or the machine's                        exit 4
        ├── MissingWallError  the sandbox lacks a wall that was asked for            exit 4
        ├── OutOfMemory       the machine has no memory left for a room              exit 4
        ├── CheckError        a check is wrong by itself, whatever was answered      exit 4
        └── RoomError         the conversation with the room broke down
            ├── RoomDied      the room's process ended
            ├── RoomTimeout   a deadline passed
            └── WireError     the room sent what the protocol forbids

A student's fault never shares a class, nor an exit code, with a fault of the harness. Every message states
the fact first and then the repair.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """Exit codes of the ``grade`` command; the numbers are a contract."""

    FULL_MARKS = 0
    BELOW_FULL_MARKS = 1
    WRONG_USAGE = 2
    CANNOT_BE_GRADED = 3
    HARNESS_FAULT = 4


class GraderError(Exception):
    """Base of everything that is raised on purpose here."""

    exit_code = ExitCode.HARNESS_FAULT

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(GraderError):
    """The command was given something that does not exist or does not fit together."""

    exit_code = ExitCode.WRONG_USAGE


class ProblemFileError(UsageError):
    """A problem's own files break a rule; the message is one line: file, key, rule, nearest match."""


class SubmissionError(GraderError):
    """A submission that cannot be graded as it is."""

    exit_code = ExitCode.CANNOT_BE_GRADED


class HarnessError(GraderError):
    """The grader's own fault; no student may lose a mark over it."""


class MissingWallError(HarnessError):
    """The sandbox lacks a wall that the command asked for."""


class OutOfMemory(HarnessError):
    """The machine, or a control group above ours, had less memory than the problem allows; worth another try."""


class CheckError(HarnessError):
    """A check is wrong by itself, whatever was answered: its author's fault, and no student's.

    `where` is for the author alone: it names file and line, and may quote a hidden check.
    """

    def __init__(self, message: str, *, where: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.where = where

    @property
    def in_full(self) -> str:
        """What an author reads."""
        return f"{self.message}: {self.where}"


class RoomError(HarnessError):
    """The conversation with the room broke down; the checks turn it into an outcome."""

    call: Any = None
    """The check's call that brought it, where it was a call of the student's function."""


class RoomDied(RoomError):
    """The room's process ended before it answered."""


class RoomTimeout(RoomError):
    """The room did not answer before its deadline and was killed."""


class WireError(RoomError):
    """The room sent bytes that the protocol does not allow."""
