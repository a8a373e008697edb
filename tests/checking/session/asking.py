"""Who asks in these tests, and a problem without a folder of checks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.model import Forbidden, Limits, Problem, SourceFile, Submission


class Handle:
    """What stands for an object of the room."""

    def __init__(self, number: int, type_name: str) -> None:
        self.number, self.type_name = number, type_name


class Asking:
    """Asks on behalf of one function."""

    def __init__(self, function: str = "f") -> None:
        self.function = self.behind = function

    def number(self, value: object) -> int:
        if isinstance(value, Handle):
            return value.number
        raise TypeError(f"a {type(value).__name__} is not in the room")

    def unpark(self, number: int, type_name: str) -> Handle:
        return Handle(number, type_name)

    def describe(self, value: Any) -> Any:
        return ("handle", value.type_name) if isinstance(value, Handle) else value


def problem(
    folder: Path, *, limits: Limits | None = None, forbidden: Mapping[str, tuple[Forbidden, ...]] | None = None
) -> Problem:
    return Problem(
        slug="01-small", folder=str(folder), solution_folder=None, title="Small", summary="", points=1.0,
        limits=limits or Limits(), forbidden=dict(forbidden or {}), names=("f", "g"), data=None, version="1",
    )  # fmt: skip


def submission(source: str) -> Submission:
    return Submission("submission.py", SourceFile("submission.py", source.encode()))
