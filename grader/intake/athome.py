"""What stands beside an answer at home: which of it must be handed in, and which counts neither there nor in class."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from grader.intake.content import suffix
from grader.intake.files import Refused, read_regular
from grader.intake.folding import listed
from grader.intake.single import OF_THE_PROBLEM
from grader.model import Grade, SourceFile

_MAX_BYTES = 1_000_000
_MAX_TOLD = 5
# What a room says of a file or a module that is not there.
_MISSED_FILE = re.compile(r"No such file or directory: '([^'\n]{1,300})'")
_MISSED_MODULE = re.compile(
    r"No module named '([\w.]{1,200})'"
    r"|([\w.]{1,200}) is neither handed in nor installed"
    r"|uses ([\w.]{1,200}), which is not installed"
)


def about_files_beside(
    file: Path, taken: Iterable[SourceFile], given: Sequence[tuple[str, bytes]], grade: Grade
) -> list[str]:
    """Sentences for whoever wrote the answer in `file`.

    `taken` went along with it, and of that `given` is the course's own. What `grade` says to be missing is looked for
    in the answer's folder, and nowhere else.
    """
    own = [each.name for each in taken if (each.name, each.content) not in given]
    told = []
    if own:
        lie, count, them = ("lies", "counts", "it") if len(own) == 1 else ("lie", "count", "them")
        where = f"{listed(own)} {lie} beside the answer"
        told.append(f"{where} and {count} only if handed in with it: grade pack takes {them} along.")
    folder = file.parent
    for place in list(dict.fromkeys(_found(folder, _missed(grade))))[:_MAX_TOLD]:
        name = place.relative_to(folder).as_posix()
        told.append(
            f"{name} lies beside the answer and does not count, neither here nor in class: {_why_not(place, name)}."
        )
    return told


def _missed(grade: Grade) -> Iterator[str]:
    """Paths that were asked for and not there, as the report tells them; of a module those that it may have."""
    texts = "\n".join([grade.message, *grade.notes, *(check.message for check in grade.checks)])
    for match in _MISSED_FILE.finditer(texts):
        yield match[1]
    for match in _MISSED_MODULE.finditer(texts):
        path = next(filter(None, match.groups())).strip(".").replace(".", "/")
        yield from (f"{path}.py", f"{path.partition('/')[0]}.py", f"{path}/__init__.py", f"{path}.ipynb")


def _found(folder: Path, missed: Iterable[str]) -> Iterator[Path]:
    for name in missed:
        parts = PurePosixPath(name.replace("\\", "/")).parts
        # An absolute path is the room's, where it was put together from the answer's own place.
        tails = [parts[start:] for start in range(1, len(parts))] if name.startswith("/") else [parts]
        for tail in tails:
            place = folder.joinpath(*tail)
            if ".." not in tail and (place.is_symlink() or place.is_file()):
                yield place
                break


def _why_not(place: Path, name: str) -> str:
    if name in OF_THE_PROBLEM:
        return "it is the problem's, and no part of an answer"
    if suffix(name) == ".ipynb":
        return "no notebook is taken along with another file"
    try:
        read_regular(place, _MAX_BYTES)
    except Refused as refusal:
        return f"it {refusal}"
    return "its name does not stand in the answer, and so it is not taken along"
