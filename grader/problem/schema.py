"""problem.yaml as typed data. Every broken rule is one line: file, key, rule, nearest match."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import yaml

from grader.common.suggest import did_you_mean
from grader.errors import ProblemFileError
from grader.model import Forbidden, Limits, Waiting
from grader.problem.packages import broken_module, broken_requirement

DATA_SETS = ("mnist",)
# The same in C where PyYAML was built with it: reading seven problems is a tenth of what a light command takes.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ProblemFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of problem.yaml."""

    title: str
    summary: str
    points: float
    limits: Limits = Limits()
    forbidden: dict[str, Forbidden] = {}
    data: str | None = None
    files: tuple[str, ...] = ()
    """Files and folders of the problem's that lie beside every answer."""
    requirements: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    hidden: Waiting | None = None
    """Written by `grade release`: what a student kit leaves out."""


def read_problem_file(path: Path) -> ProblemFile:
    """Parse and validate; raises `ProblemFileError`."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ProblemFileError(f"{path}: there is no such file; every problem needs one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ProblemFileError(f"{path}: cannot be read: {error}") from None
    try:
        raw = yaml.load(text, _LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark is not None else ""
        raise ProblemFileError(f"{path}{line}: not YAML: {getattr(error, 'problem', error)}") from None
    if not isinstance(raw, dict):
        raise ProblemFileError(f"{path}: must be a mapping with the keys {', '.join(_keys(ProblemFile))}")
    _check_keys(path, "", raw, ProblemFile)
    _check_keys(path, "limits.", raw.get("limits"), Limits)
    _check_keys(path, "hidden.", raw.get("hidden"), Waiting)
    for function, rule in (raw.get("forbidden") or {}).items():
        _check_keys(path, f"forbidden.{function}.", rule, Forbidden)
    try:
        parsed = msgspec.convert(raw, ProblemFile)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        key = where.rstrip("`").lstrip(".") or "?"
        raise ProblemFileError(f"{path}: {key}: {what[0].lower()}{what[1:]}") from None
    _check_values(path, parsed)
    return parsed


def _keys(kind: type) -> list[str]:
    return list(get_type_hints(kind))


def _check_keys(path: Path, prefix: str, raw: Any, kind: type[msgspec.Struct]) -> None:
    if not isinstance(raw, dict):
        return
    known = list(kind.__struct_fields__)
    for key in raw:
        if key not in known:
            raise ProblemFileError(f"{path}: {prefix}{key}: unknown key; {did_you_mean(str(key), known)}")
    for field in msgspec.structs.fields(kind):
        if field.required and field.name not in raw:
            raise ProblemFileError(f"{path}: {prefix}{field.name}: this key is required")


def _check_values(path: Path, parsed: ProblemFile) -> None:
    if not parsed.title.strip():
        raise ProblemFileError(f"{path}: title: must not be empty")
    if not 0 < parsed.points < float("inf"):
        raise ProblemFileError(f"{path}: points: must be above 0, is {parsed.points:g}")
    if parsed.data is not None and parsed.data not in DATA_SETS:
        raise ProblemFileError(f"{path}: data: unknown data set {parsed.data}; {did_you_mean(parsed.data, DATA_SETS)}")
    for key, rule in (
        ("requirements", broken_requirement(parsed.requirements)),
        ("preload", broken_module(parsed.preload)),
    ):
        if rule:
            raise ProblemFileError(f"{path}: {key}: {rule}")
    for name in Limits.__struct_fields__:
        if getattr(parsed.limits, name) <= 0:
            raise ProblemFileError(f"{path}: limits.{name}: must be above 0, is {getattr(parsed.limits, name):g}")
    if parsed.hidden is not None:
        for name in Waiting.__struct_fields__:
            if not 0 <= getattr(parsed.hidden, name) < float("inf"):
                raise ProblemFileError(
                    f"{path}: hidden.{name}: must not be below 0, is {getattr(parsed.hidden, name):g}"
                )
    for function, ban in parsed.forbidden.items():
        if not ban.operators:
            raise ProblemFileError(f"{path}: forbidden.{function}.operators: must name at least one operator")
