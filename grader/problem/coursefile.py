"""course.yaml: what holds for a course as a whole. Every broken rule is one line: file, line, key, rule, nearest match.

All scalars are read as text first, so that a student's id keeps its zeros; then each becomes what its key asks for.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
import yaml

from grader.common.suggest import did_you_mean
from grader.errors import ProblemFileError
from grader.problem.packages import broken_module, broken_requirement
from grader.text import plain

COURSE_FILE = "course.yaml"
TOTAL = "total"
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_SPAN = re.compile(r"\s*(?P<count>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>minute|min|m|hour|h|day|d|week|w)s?\s*")
_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10080}
_Value = TypeVar("_Value")


class LateRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an answer loses when it comes after its deadline."""

    grace: str = "0 min"
    """How much later it may be without losing anything, such as ``15 min``."""
    per_day: float = 0.0
    """Per cent of the problem's points for each day begun."""
    cap: float = 100.0
    """The most that it can lose, in per cent of the problem's points."""


class Deadline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When answers to one problem are due, with a late rule of its own where it has one."""

    at: str
    grace: str | None = None
    per_day: float | None = None
    cap: float | None = None


class CheckRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of one check after the fact: one of the three."""

    because: str
    drop: bool = False
    """It counts for nothing, and the problem has so many points less."""
    everybody: bool = False
    """Everybody whose answer was graded gets its points."""
    points: float | None = None
    """What it is worth instead."""


class TimeRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a batch may take; each is a span such as ``90 min``."""

    batch: str = ""
    student: str = ""


class CourseFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of course.yaml; all of them may be left out."""

    title: str = ""
    problems: tuple[str, ...] = ()
    """The order in which to learn them, and in which results list them; those not named come after."""
    requirements: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    rounds: Literal["refuse", "add"] = "refuse"
    attempts: Literal["best", "last"] = "last"
    time: TimeRule = TimeRule()
    late: LateRule = LateRule()
    deadlines: dict[str, str | Deadline] = {}
    extensions: dict[str, dict[str, str]] = {}
    """Student -> problem -> another deadline, or how much later: ``3 days``."""
    checks: dict[str, dict[str, CheckRule]] = {}
    """Problem -> check, by its id or the function's name."""
    columns: dict[str, str] = {}
    """Problem, or ``total`` -> its column in gradebooks, by the assignment's number or name."""
    solutions: Literal["never", "full-marks"] = "never"
    """Whether ``grade read PROBLEM --solution`` shows them to who has full marks."""


class Due(msgspec.Struct, frozen=True):
    """A deadline with all that belongs to it."""

    at: datetime.datetime
    grace_minutes: float
    per_day: float
    cap: float


class CourseRules(msgspec.Struct, frozen=True):
    """course.yaml, resolved: every problem by its slug."""

    path: str = COURSE_FILE
    title: str = ""
    problems: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    add: bool = False
    attempts: Literal["best", "last"] = "last"
    minutes: float | None = None
    """After so many a batch begins no submission."""
    student_seconds: float | None = None
    """After so many of one student's a batch begins none of that student's."""
    late: Due | None = None
    """What holds where the platform marks an answer late and no deadline is given; `at` does not count."""
    deadlines: Mapping[str, Due] = {}
    extensions: Mapping[str, Mapping[str, datetime.datetime]] = {}
    """Student -> problem -> until when."""
    checks: Mapping[str, Mapping[str, CheckRule]] = {}
    columns: Mapping[str, str] = {}
    solutions_after_full_marks: bool = False


class _Lines:
    """Where the keys of a YAML file stand."""

    def __init__(self, path: Path, node: yaml.Node | None) -> None:
        self.path = path
        self._lines: dict[tuple[str, ...], int] = {}
        if node is not None:
            self._walk((), node)

    def _walk(self, where: tuple[str, ...], node: yaml.Node) -> None:
        if not isinstance(node, yaml.MappingNode):
            return
        for key, value in node.value:
            place = (*where, str(key.value))
            line = key.start_mark.line + 1
            if place in self._lines:
                raise self.wrong(place, f"stands twice, in line {self._lines[place]}, too", line)
            self._lines[place] = line
            self._walk(place, value)

    def wrong(self, where: Sequence[str], rule: str, line: int | None = None) -> ProblemFileError:
        """The error about a key."""
        known = line or next(
            (self._lines[place] for n in range(len(where), 0, -1) if (place := tuple(where[:n])) in self._lines), None
        )
        at = f", line {known}" if known is not None else ""
        return ProblemFileError(f"{self.path}{at}: {'.'.join(where) or 'the file'}: {rule}")


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
    lines = _Lines(path, node)
    if raw in (None, ""):
        return CourseRules()
    _check_keys(lines, (), raw, CourseFile)
    _check_inner(lines, raw)
    try:
        parsed = msgspec.convert(raw, CourseFile, strict=False)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        keys = [part for part in re.split(r"[.\[\]]+", where.rstrip("`")) if part and part != "..."]
        raise lines.wrong(_spelled(keys, raw), f"{what[0].lower()}{what[1:]}") from None
    return _resolved(lines, parsed, resolve)


def _spelled(keys: list[str], raw: Any) -> list[str]:
    """Where an error is, as far as msgspec says it: it does not spell the keys of a mapping."""
    return keys if keys and isinstance(raw, dict) and keys[0] in raw else keys[:1]


def _check_keys(lines: _Lines, where: tuple[str, ...], raw: Any, kind: type[msgspec.Struct]) -> None:
    if not isinstance(raw, dict):
        raise lines.wrong(where, f"must be a mapping with the keys {', '.join(kind.__struct_fields__)}")
    for key in raw:
        if key not in kind.__struct_fields__:
            raise lines.wrong((*where, key), f"unknown key; {did_you_mean(key, kind.__struct_fields__)}")
    for field in msgspec.structs.fields(kind):
        if field.required and field.name not in raw:
            raise lines.wrong((*where, field.name), "this key is required")


def _check_inner(lines: _Lines, raw: dict[str, Any]) -> None:
    """Check nested keys by name: msgspec would not say which of many was wrong."""
    for key, kind in (("late", LateRule), ("time", TimeRule)):
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


def _resolved(lines: _Lines, parsed: CourseFile, resolve: Callable[[str], str]) -> CourseRules:
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
        columns={slug: column for slug, (_, column) in slugs("columns", parsed.columns, total=True).items()},
        solutions_after_full_marks=parsed.solutions == "full-marks",
    )


def _slug(lines: _Lines, where: Sequence[str], typed: str, resolve: Callable[[str], str]) -> str:
    from grader.errors import UsageError

    try:
        return resolve(typed)
    except UsageError as error:
        raise lines.wrong(where, error.message + (f"; {error.hint}" if error.hint else "")) from None


def _due(lines: _Lines, where: tuple[str, ...], at: str, rule: LateRule) -> Due:
    for name, value in (("per_day", rule.per_day), ("cap", rule.cap)):
        if not 0 <= value <= 100:
            raise lines.wrong((*where, name), f"is in per cent of the points, from 0 to 100, and not {value:g}")
    minutes = _minutes(rule.grace)
    if minutes is None:
        raise lines.wrong((*where, "grace"), f"is a time such as 15 min, 2 hours or 1 day, and not {rule.grace}")
    moment = _moment(lines, where, at) if at else datetime.datetime.max.replace(tzinfo=datetime.UTC)
    return Due(moment, minutes, rule.per_day, rule.cap)


def _until(lines: _Lines, where: Sequence[str], text: str, deadline: datetime.datetime) -> datetime.datetime:
    minutes = _minutes(text)
    return deadline + datetime.timedelta(minutes=minutes) if minutes is not None else _moment(lines, where, text)


def _minutes(text: str) -> float | None:
    match = _SPAN.fullmatch(text)
    return float(match["count"]) * _MINUTES[match["unit"][0]] if match else None


def _span(lines: _Lines, where: Sequence[str], text: str) -> float | None:
    """Minutes, of a span that may be left out."""
    minutes = _minutes(text) if text else None
    if text and not minutes:
        raise lines.wrong(where, f"is a time such as 15 min, 2 hours or 1 day, and not {text}")
    return minutes


def _moment(lines: _Lines, where: Sequence[str], text: str) -> datetime.datetime:
    """A date and time; of this machine's time zone where it names none, the end of the day where it names no time."""
    try:
        moment = datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        raise lines.wrong(where, f"is a time such as 2025-05-01 23:59, and not {text}") from None
    if len(text.strip()) <= len("2025-05-01"):
        moment = moment.replace(hour=23, minute=59, second=59)
    return moment.astimezone(datetime.UTC)


def _one_of_three(lines: _Lines, where: Sequence[str], rule: CheckRule) -> None:
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
