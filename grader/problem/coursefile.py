"""course.yaml: what holds for a course as a whole. Every broken rule is one line: file, line, key, rule, nearest match.

All scalars are read as text first, so that a student's id keeps its zeros; then each becomes what its key asks for.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec
import yaml

from grader.common.suggest import did_you_mean
from grader.errors import ProblemFileError
from grader.problem.courserules import (
    COURSE_FILE,
    BonusRule,
    CheckRule,
    CourseFile,
    CourseRules,
    Deadline,
    Due,
    LateRule,
    Thresholds,
    TimeRule,
)
from grader.problem.groups import Groups, read_groups
from grader.problem.packages import broken_module, broken_requirement
from grader.problem.yamlkeys import Lines, required_keys, what_is_wrong
from grader.text import plain

TOTAL = "total"
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_SPAN = re.compile(r"\s*(?P<count>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>minute|min|m|hour|h|day|d|week|w)s?\s*")
_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10080}
_Value = TypeVar("_Value")


def read_course_file(root: Path, resolve: Callable[[str], str]) -> CourseRules:
    """Read course.yaml in `root`; the defaults where there is none. `resolve` knows what a problem's name means.

    Raises ProblemFileError.
    """
    path = root / COURSE_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return CourseRules()
    except (OSError, UnicodeDecodeError) as error:
        raise ProblemFileError(f"{path}: cannot be read: {error}") from None
    try:
        node, raw = yaml.compose(text, _LOADER), yaml.load(text, _LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark is not None else ""
        raise ProblemFileError(f"{path}{line}: not YAML: {getattr(error, 'problem', error)}") from None
    lines = Lines(path, node)
    if raw in (None, ""):
        return CourseRules()
    _check_keys(lines, (), raw, CourseFile)
    _check_inner(lines, raw)
    try:
        parsed = msgspec.convert(raw, CourseFile, strict=False)
    except msgspec.ValidationError as error:
        place, rule = what_is_wrong(error)
        keys = [part for part in re.split(r"[.\[\]]+", place) if part and part != "..."]
        raise lines.wrong(_spelled(keys, raw), f"{rule}{_nearest(keys, raw)}") from None
    return _resolved(lines, parsed, resolve)


def place_of_check(path: str, named: str) -> str:
    """Where a rule on a check of that name stands in the course.yaml at `path`, for messages."""
    try:
        lines = Lines(Path(path), yaml.compose(Path(path).read_text(encoding="utf-8"), _LOADER))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ProblemFileError):
        return path
    found = (line for where, line in lines.items() if (where[0], where[-1]) == ("checks", named))
    return f"{path}, line {line}" if (line := next(found, None)) else path


def _nearest(keys: list[str], raw: Any) -> str:
    """What a value that must be one of a few words could have been; empty where it is another kind of value."""
    kind: Any = CourseFile
    for key in keys:
        kind = {field.name: field.type for field in msgspec.structs.fields(kind)}.get(key, str)
        raw = raw.get(key) if isinstance(raw, dict) else raw
        if get_origin(kind) is Literal:
            return f"; {did_you_mean(str(raw), get_args(kind))}"
        if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
            break
    return ""


def _spelled(keys: list[str], raw: Any) -> list[str]:
    """Where an error is, as far as msgspec says it: it does not spell the keys of a mapping."""
    return keys if keys and isinstance(raw, dict) and keys[0] in raw else keys[:1]


def _check_keys(lines: Lines, where: tuple[str, ...], raw: Any, kind: type[msgspec.Struct]) -> None:
    if not isinstance(raw, dict):
        raise lines.wrong(where, f"must be a mapping with the keys {', '.join(kind.__struct_fields__)}")
    for key in raw:
        if key not in kind.__struct_fields__:
            raise lines.wrong((*where, key), f"unknown key; {did_you_mean(key, kind.__struct_fields__)}")
    for name in required_keys(kind):
        if name not in raw:
            raise lines.wrong((*where, name), "this key is required")


def _check_inner(lines: Lines, raw: dict[str, Any]) -> None:
    """Check nested keys by name: msgspec would not say which of many was wrong."""
    for key, kind in (("late", LateRule), ("time", TimeRule), ("bonus", BonusRule), ("thresholds", Thresholds)):
        if key in raw:
            _check_keys(lines, (key,), raw[key], kind)
    for key in ("deadlines", "extensions", "checks", "columns"):
        if key in raw and not isinstance(raw[key], dict):
            raise lines.wrong((key,), "must be a mapping")
    for problem, due in raw.get("deadlines", {}).items():
        if isinstance(due, dict):
            _check_keys(lines, ("deadlines", problem), due, Deadline)
    for key in ("extensions", "checks"):
        for name, inner in raw.get(key, {}).items():
            if not isinstance(inner, dict):
                raise lines.wrong((key, name), "must be a mapping")
    for problem, checks in raw.get("checks", {}).items():
        for check, rule in checks.items():
            _check_keys(lines, ("checks", problem, check), rule, CheckRule)


def _resolved(lines: Lines, parsed: CourseFile, resolve: Callable[[str], str]) -> CourseRules:
    def slugs(key: str, values: Mapping[str, _Value], *, total: bool = False) -> dict[str, tuple[str, _Value]]:
        """Slug -> (as it was typed, value); two names for one problem are two rules that fight."""
        found: dict[str, tuple[str, _Value]] = {}
        for typed, value in values.items():
            where = (*key.split("."), typed)
            slug = typed if total and typed == TOTAL else _slug(lines, where, typed, resolve)
            if slug in found:
                raise lines.wrong(where, f"{slug} has a rule already, under {found[slug][0]}")
            found[slug] = typed, value
        return found

    default = _due(lines, ("late",), "", parsed.late)
    deadlines = {}
    for slug, (typed, value) in slugs("deadlines", parsed.deadlines).items():
        due = value if isinstance(value, Deadline) else Deadline(value)
        rule = LateRule(
            due.grace if due.grace is not None else parsed.late.grace,
            due.per_day if due.per_day is not None else parsed.late.per_day,
            due.cap if due.cap is not None else parsed.late.cap,
        )
        deadlines[slug] = _due(lines, ("deadlines", typed), due.at, rule)
    extensions: dict[str, dict[str, datetime.datetime]] = {}
    for student, own in parsed.extensions.items():
        for slug, (typed, text) in slugs(f"extensions.{student}", own).items():
            where = ("extensions", student, typed)
            if slug not in deadlines:
                raise lines.wrong(where, f"{slug} has no deadline to extend")
            until = _until(lines, where, text, deadlines[slug].at)
            if until < deadlines[slug].at:
                raise lines.wrong(where, f"ends before the deadline, which is {deadlines[slug].at:%Y-%m-%d %H:%M}")
            extensions.setdefault(student, {})[slug] = until
    checks = {}
    for slug, (typed, rules) in slugs("checks", parsed.checks).items():
        for check, check_rule in rules.items():
            _one_of_three(lines, ("checks", typed, check), check_rule)
        checks[slug] = rules
    for key, broken in (
        ("requirements", broken_requirement(parsed.requirements)),
        ("preload", broken_module(parsed.preload)),
    ):
        if broken:
            raise lines.wrong((key,), broken)
    if not 0 <= parsed.bonus.by_hand < float("inf"):
        raise lines.wrong(("bonus", "by_hand"), f"must not be below 0, is {parsed.bonus.by_hand:g}")
    if parsed.bonus.by_hand and parsed.bonus.cap == "problem":
        raise lines.wrong(("bonus",), "by_hand and cap: problem cannot both hold: nothing may go beyond full marks")
    for name in Thresholds.__struct_fields__:
        if not 0 <= (least := getattr(parsed.thresholds, name)) < float("inf"):
            raise lines.wrong(("thresholds", name), f"must not be below 0, is {least:g}")
    each = _span(lines, ("time", "student"), parsed.time.student)
    return CourseRules(
        path=str(lines.path),
        title=" ".join(plain(parsed.title).split()),
        problems=tuple(_slug(lines, ("problems",), typed, resolve) for typed in parsed.problems),
        requirements=parsed.requirements,
        preload=parsed.preload,
        add=parsed.rounds == "add",
        attempts=parsed.attempts,
        minutes=_span(lines, ("time", "batch"), parsed.time.batch),
        student_seconds=None if each is None else 60 * each,
        late=default,
        deadlines=deadlines,
        extensions=extensions,
        checks=checks,
        bonus=parsed.bonus,
        columns={slug: column for slug, (_, column) in slugs("columns", parsed.columns, total=True).items()},
        likeness_with=tuple(str(lines.path.parent / each) for each in parsed.likeness_with),
        groups=_groups(lines, parsed.groups, resolve),
        solutions_after_full_marks=parsed.solutions == "full-marks",
        counterexamples=parsed.counterexamples,
        thresholds=parsed.thresholds,
    )


def _groups(lines: Lines, name: str, resolve: Callable[[str], str]) -> Groups:
    if not name:
        return Groups()
    path = lines.path.parent / name
    if not path.is_file():
        raise lines.wrong(("groups",), f"there is no file {name} beside it")
    return read_groups(path, resolve)


def _slug(lines: Lines, where: Sequence[str], typed: str, resolve: Callable[[str], str]) -> str:
    from grader.errors import UsageError

    try:
        return resolve(typed)
    except UsageError as error:
        raise lines.wrong(where, error.message + (f"; {error.hint}" if error.hint else "")) from None


def _due(lines: Lines, where: tuple[str, ...], at: str, rule: LateRule) -> Due:
    for name, value in (("per_day", rule.per_day), ("cap", rule.cap)):
        if not 0 <= value <= 100:
            raise lines.wrong((*where, name), f"is in per cent of the points, from 0 to 100, and not {value:g}")
    minutes = _minutes(rule.grace)
    if minutes is None:
        raise lines.wrong((*where, "grace"), f"is a time such as 15 min, 2 hours or 1 day, and not {rule.grace}")
    moment = _moment(lines, where, at) if at else datetime.datetime.max.replace(tzinfo=datetime.UTC)
    return Due(moment, minutes, rule.per_day, rule.cap)


def _until(lines: Lines, where: Sequence[str], text: str, deadline: datetime.datetime) -> datetime.datetime:
    minutes = _minutes(text)
    return deadline + datetime.timedelta(minutes=minutes) if minutes is not None else _moment(lines, where, text)


def _minutes(text: str) -> float | None:
    match = _SPAN.fullmatch(text)
    return float(match["count"]) * _MINUTES[match["unit"][0]] if match else None


def _span(lines: Lines, where: Sequence[str], text: str) -> float | None:
    """Minutes, of a span that may be left out."""
    minutes = _minutes(text) if text else None
    if text and not minutes:
        raise lines.wrong(where, f"is a time such as 15 min, 2 hours or 1 day, and not {text}")
    return minutes


def _moment(lines: Lines, where: Sequence[str], text: str) -> datetime.datetime:
    if (moment := moment_of(text)) is None:
        raise lines.wrong(where, f"is a time such as 2025-05-01 23:59, and not {text}")
    return moment


def moment_of(text: str) -> datetime.datetime | None:
    """A date and time; of this machine's time zone where it names none, the end of the day where it names no time."""
    try:
        moment = datetime.datetime.fromisoformat(text.strip())
        if len(text.strip()) <= len("2025-05-01"):
            moment = moment.replace(hour=23, minute=59, second=59)
        return moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None


def _one_of_three(lines: Lines, where: Sequence[str], rule: CheckRule) -> None:
    said = [name for name in ("drop", "everybody") if getattr(rule, name)]
    said += ["points"] if rule.points is not None else []
    if len(said) > 1:
        raise lines.wrong(where, f"{' and '.join(said)} cannot both hold")
    if not said:
        raise lines.wrong(where, "says nothing: drop: true, everybody: true or points: N")
    if rule.points is not None and not 0 < rule.points < float("inf"):
        raise lines.wrong((*where, "points"), f"must be above 0, is {rule.points:g}; drop: true leaves a check out")
    if not rule.because.strip():
        raise lines.wrong((*where, "because"), "must not be empty: students read it")
