"""result.json: a `Grade` as a file, and back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import UsageError
from grader.model import SCHEMA_VERSION, Grade
from grader.reports.shown import shown


def encode_grade(grade: Grade, *, reveal: bool = False, indent: int | None = 2) -> bytes:
    """The grade as JSON in UTF-8, ending in a newline; on one line with ``indent=None``."""
    visible = shown(grade, reveal=reveal)
    try:
        encoded = msgspec.json.encode(visible)
    except UnicodeEncodeError:  # a lone surrogate, from a file name that is not UTF-8 or from a student's string
        encoded = msgspec.json.encode(_replace_surrogates(msgspec.to_builtins(visible)))
    if indent is not None:
        encoded = msgspec.json.format(encoded, indent=indent)
    return encoded + b"\n"


def read_json(path: str | os.PathLike[str]) -> Grade:
    """Read a result.json back; raises UsageError when it is not one of ours."""
    try:
        grade = msgspec.json.decode(Path(path).read_bytes(), type=Grade)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise UsageError(f"{path} is not a result of torchgrade: {error}") from error
    if grade.schema != SCHEMA_VERSION:
        raise UsageError(
            f"{path} has schema {grade.schema}; this version reads schema {SCHEMA_VERSION}",
            hint="Grade the submission again with this version.",
        )
    return grade


def _replace_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list | tuple):
        return [_replace_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {key: _replace_surrogates(item) for key, item in value.items()}
    return value
