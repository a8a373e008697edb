"""problem.yaml as typed data. Every broken rule is one line: file, key, rule, nearest match."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import yaml

from grader.common.suggest import did_you_mean
from grader.data import PROVIDERS
from grader.errors import ProblemFileError
from grader.model import Forbidden, Limits, ManualPart, RubricLine, Waiting
from grader.problem.packages import broken_module, broken_requirement
from grader.problem.yamlkeys import required_keys, what_is_wrong

# The same in C where PyYAML was built with it: reading seven problems is a tenth of what a light command takes.
_PART = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ProblemFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of problem.yaml."""

    title: str
    summary: str
    points: float
    limits: Limits = Limits()
    forbidden: dict[str, Forbidden | tuple[Forbidden, ...]] = {}
    """Function of the stub -> one rule, or several."""
    data: str | None = None
    files: tuple[str, ...] = ()
    """Files and folders of the problem's that lie beside every answer."""
    requirements: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    bonus: float = 0.0
    manual: dict[str, ManualPart] = {}
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
    for function, said in _items(raw.get("forbidden")):
        for number, rule in enumerate(said if isinstance(said, list) else [said], 1):
            place = f", rule {number}: " if isinstance(said, list) else "."
            _check_keys(path, f"forbidden.{function}{place}", rule, Forbidden)
    for part, said in _items(raw.get("manual")):
        _check_keys(path, f"manual.{part}.", said, ManualPart)
        for number, line in enumerate(said.get("rubric") or [] if isinstance(said, dict) else [], 1):
            _check_keys(path, f"manual.{part}.rubric, line {number}: ", line, RubricLine)
    try:
        parsed = msgspec.convert(raw, ProblemFile)
    except msgspec.ValidationError as error:
        place, rule = what_is_wrong(error)
        raise ProblemFileError(f"{path}: {_spelled(place, raw)}: {rule}") from None
    _check_values(path, parsed)
    return parsed


def _spelled(place: str, raw: dict[str, Any]) -> str:
    """A place of msgspec's, `forbidden[...][1].at_most`, with the name it leaves out, and counted from one."""
    section, inner, rest = place.partition("[...]")
    if inner:
        place = f"{section}.{_first_wrong(section, raw)}{rest}"
    word = {"forbidden": "rule", "manual": "line"}.get(section, "entry")
    place = re.sub(r"\[(\d+)\]\.", lambda found: f", {word} {int(found[1]) + 1}: ", place)
    return re.sub(r"\[(\d+)\]", lambda found: f", entry {int(found[1]) + 1}", place)


def _first_wrong(section: str, raw: dict[str, Any]) -> str:
    for name, said in _items(raw[section]):
        try:
            msgspec.convert({**raw, section: {name: said}}, ProblemFile)
        except msgspec.ValidationError:
            return str(name)
    return "?"


def rules_by_function(parsed: ProblemFile) -> dict[str, tuple[Forbidden, ...]]:
    """What each function of the stub must not run, as a list also where the file gives one rule alone."""
    return {function: (said,) if isinstance(said, Forbidden) else said for function, said in parsed.forbidden.items()}


def _items(raw: Any) -> Iterable[tuple[Any, Any]]:
    return raw.items() if isinstance(raw, dict) else ()


def _keys(kind: type) -> list[str]:
    return list(get_type_hints(kind))


def _check_keys(path: Path, prefix: str, raw: Any, kind: type[msgspec.Struct]) -> None:
    if not isinstance(raw, dict):
        return
    known = list(kind.__struct_fields__)
    for key in raw:
        if key not in known:
            raise ProblemFileError(f"{path}: {prefix}{key}: unknown key; {did_you_mean(str(key), known)}")
    for name in required_keys(kind):
        if name not in raw:
            raise ProblemFileError(f"{path}: {prefix}{name}: this key is required")


def _check_manual(path: Path, parsed: ProblemFile) -> None:
    titles: dict[str, str] = {}
    for id, part in parsed.manual.items():
        where = f"{path}: manual.{id}"
        if _PART.fullmatch(id) is None:
            raise ProblemFileError(f"{where}: is no name of a part: small letters, digits and hyphens, such as my-part")
        if not part.title.strip():
            raise ProblemFileError(f"{where}.title: must not be empty")
        if (other := titles.setdefault(part.title.strip(), id)) != id:
            raise ProblemFileError(f"{where}.title: is the title of {other}; a title names one part")
        if not 0 < part.points < float("inf"):
            raise ProblemFileError(f"{where}.points: must be above 0, is {part.points:g}")
        most = sum(line.points for line in part.rubric if line.points > 0)
        if part.rubric and round(most, 6) < part.points:
            raise ProblemFileError(
                f"{where}.rubric: its points add up to {most:g}; the part's {part.points:g} cannot be reached"
            )
        if any(not line.what.strip() for line in part.rubric):
            raise ProblemFileError(f"{where}.rubric: what: must not be empty; students read it")
    by_hand = sum(part.points for part in parsed.manual.values())
    if by_hand and by_hand >= parsed.points + parsed.bonus:
        raise ProblemFileError(
            f"{path}: manual: its parts have {by_hand:g} of {parsed.points:g} points; none is left for checks"
        )


def _check_values(path: Path, parsed: ProblemFile) -> None:
    if not parsed.title.strip():
        raise ProblemFileError(f"{path}: title: must not be empty")
    if not 0 < parsed.points < float("inf"):
        raise ProblemFileError(f"{path}: points: must be above 0, is {parsed.points:g}")
    if not 0 <= parsed.bonus < float("inf"):
        raise ProblemFileError(f"{path}: bonus: must not be below 0, is {parsed.bonus:g}")
    _check_manual(path, parsed)
    if parsed.data is not None and parsed.data not in PROVIDERS:
        raise ProblemFileError(f"{path}: data: unknown data set {parsed.data}; {did_you_mean(parsed.data, PROVIDERS)}")
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
    for function, rules in rules_by_function(parsed).items():
        for ban in rules:
            if not ban.operators:
                raise ProblemFileError(f"{path}: forbidden.{function}.operators: must name at least one operator")
            if ban.at_most < 0:
                raise ProblemFileError(f"{path}: forbidden.{function}.at_most: must not be below 0, is {ban.at_most}")
