"""Keys of a YAML file: where each stands, and which of them break a rule."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import yaml

from grader.errors import ProblemFileError

_WORDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list, such as [one, two]",
    "object": "keys with values, such as {key: value}",
    "null": "empty",
}
"""What msgspec calls a type, in an author's words."""

_WRONG_TYPE = re.compile(r"Expected `(?P<expected>[\w |]+)`, got `(?P<got>\w+)`")


def what_is_wrong(error: Exception) -> tuple[str, str]:
    """The place that an error of msgspec's names, such as ``limits.threads``, and the rule, in an author's words."""
    what, _, where = str(error).partition(" - at `")
    rule = f"{what[:1].lower()}{what[1:]}"
    if found := _WRONG_TYPE.fullmatch(what):
        # An empty value is never what somebody meant by a key.
        kinds = [kind for kind in found["expected"].split(" | ") if kind != "null"]
        got = _WORDS.get(found["got"], found["got"]).partition(",")[0]
        rule = f"must be {' or '.join(_WORDS.get(kind, kind) for kind in kinds)}; it is {got}"
    if where.startswith("key` in `$"):
        return where.removeprefix("key` in `$").rstrip("`").lstrip("."), f"a name in it {rule}; quotes make a text"
    return where.removeprefix("$").rstrip("`").lstrip("."), rule


@functools.cache
def required_keys(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The keys that a section must have. To look them up takes longer than to check a section."""
    return tuple(field.name for field in msgspec.structs.fields(kind) if field.required)


class Lines:
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

    def items(self) -> Iterable[tuple[tuple[str, ...], int]]:
        """Keys, the outer ones first, with their lines."""
        return self._lines.items()

    def wrong(self, where: Sequence[str], rule: str, line: int | None = None) -> ProblemFileError:
        """The error about a key."""
        known = line or next(
            (self._lines[place] for n in range(len(where), 0, -1) if (place := tuple(where[:n])) in self._lines), None
        )
        at = f", line {known}" if known is not None else ""
        return ProblemFileError(f"{self.path}{at}: {'.'.join(where) or 'the file'}: {rule}")
