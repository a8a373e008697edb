"""Notebooks as cells with numbers, read as their author's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from grader.errors import UsageError
from grader.porting.model import Assignment

_HEADING = re.compile(r"^#+\s+(?P<title>.+?)\s*$", re.MULTILINE)
_PICTURE = re.compile(r"!\[[^\]]*\]\((?P<path>[^)]+)\)")
_NO_PYTHON = re.compile(r"^\s*[%!].*$", re.MULTILINE)


class SourceCell(NamedTuple):
    """One cell."""

    where: str
    """Such as ``cell 3``, counted from 1."""
    kind: str
    """"code", "markdown" or "raw"."""
    source: str
    metadata: dict[str, Any]
    outputs: list[Any]


def cells_of(path: Path) -> Iterator[SourceCell]:
    """The cells of a notebook. Raises UsageError where it is none."""
    import nbformat  # A second of imports that no other command needs.

    try:
        notebook: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except Exception as error:
        raise UsageError(f"{path} cannot be read as a notebook: {str(error).splitlines()[0]}") from None
    for number, cell in enumerate(notebook.cells, start=1):
        yield SourceCell(f"cell {number}", cell.cell_type, cell.source, cell.metadata, cell.get("outputs", []))


def only_notebook(path: Path) -> Path:
    """`path`, or the only notebook in that folder. Raises UsageError."""
    if path.is_file() and path.suffix == ".ipynb":
        return path
    if not path.is_dir():
        what = "is no notebook (.ipynb)" if path.exists() else "is not there"
        raise UsageError(f"{path} {what}", hint="name the notebook that you made the assignment in")
    found = sorted(path.glob("*.ipynb"))
    if len(found) != 1:
        some = ", ".join(each.name for each in found[:5])
        raise UsageError(
            f"{path} holds {len(found)} notebooks{f': {some}' if some else ''}; a problem is made of one",
            hint="name the notebook itself",
        )
    return found[0]


def add_markdown(assignment: Assignment, cell: SourceCell) -> None:
    """A cell of text as a part of the statement."""
    if not assignment.title and (heading := _HEADING.search(cell.source)):
        assignment.title = heading["title"]
    for picture in _PICTURE.finditer(cell.source):
        assignment.lose(cell.where, picture[0], "statement.md holds no picture files; draw it as an inline <svg>")
    assignment.statement.append(cell.source.strip())


def last_heading(texts: list[str]) -> str:
    """The last heading of a statement so far, without its points."""
    found = [heading["title"] for text in texts for heading in _HEADING.finditer(text)]
    return re.sub(r"\s*[(\[]?\d+ (points?|pts?)[)\]]?$", "", found[-1]) if found else ""


def without_magics(assignment: Assignment, where: str, source: str) -> str:
    """Code without what only IPython understands; its lines keep their numbers."""
    for match in _NO_PYTHON.finditer(source):
        line = source.count("\n", 0, match.end()) + 1
        assignment.lose(f"{where}, line {line}", match[0], "is IPython's, and no Python")
    return _NO_PYTHON.sub("", source)
