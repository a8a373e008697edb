"""Keys of a YAML file: where each stands, and which of them break a rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

from grader.errors import ProblemFileError


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
