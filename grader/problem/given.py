"""`files:` of a problem: what the course lays beside every answer, at home and in class."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from grader.errors import ProblemFileError
from grader.model import Limits, Problem

_NOT_TO_GIVE = ("problem.yaml", "stub.py", "submission.py", "submission.ipynb", "reference.answers")


def given_paths(folder: Path, listed: Iterable[str], limits: Limits) -> tuple[str, ...]:
    """The files that `listed` names, relative to the problem's `folder`; a folder stands for all files in it.

    Raises ProblemFileError.
    """
    found: dict[str, None] = {}
    for name in listed:
        for path in _below(folder, name):
            found[path.relative_to(folder).as_posix()] = None
    size = sum((folder / name).stat().st_size for name in found)
    if size >= limits.scratch_mb << 20:
        raise _wrong(
            folder, f"{size / 2**20:.1f} MB together; limits.scratch_mb must leave room, and is {limits.scratch_mb}"
        )
    return tuple(found)


def read_given(problem: Problem) -> list[tuple[str, bytes]]:
    """Each of the problem's files: its path beside the answer, and what is in it."""
    return [(name, (Path(problem.folder) / name).read_bytes()) for name in problem.files]


def _below(folder: Path, name: str) -> list[Path]:
    place = folder / name
    inside = place.resolve().is_relative_to(folder.resolve()) and not Path(name).is_absolute()
    if not inside or ".." in Path(name).parts or place == folder:
        raise _wrong(folder, f"{name!r} must be a path below the problem's folder, such as data/train.csv")
    parts = place.relative_to(folder).parts
    if parts[0] == "checks" or parts[0] in _NOT_TO_GIVE:
        raise _wrong(folder, f"{name} must not lie beside an answer; put what students may have into a file of its own")
    if place.is_file():
        return [place]
    if not place.is_dir():
        raise _wrong(folder, f"there is no {name} in the problem's folder")
    files = sorted(path for path in place.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    hidden = [path for path in files if any(part.startswith(".") for part in path.relative_to(place).parts)]
    if len(files) == len(hidden):
        raise _wrong(folder, f"{name} is a folder with no file in it")
    return [path for path in files if path not in hidden]


def _wrong(folder: Path, rule: str) -> ProblemFileError:
    return ProblemFileError(f"{folder / 'problem.yaml'}: files: {rule}")
