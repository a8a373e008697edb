"""Known answers that a course keeps beside its solutions, so that nobody waits while they are found out.

`grade verify` writes them to ``solutions/NN-slug/known.answers`` (with a data set,
``known-drawn.answers``); an instructor commits them with the solutions. They hold what hidden checks ask, are as
secret as the solutions, and are trusted as these are: a student's folder has none, and a kit holds no such file.

They were made on one machine and are compared on another. A file counts where it was made from the very files that the
problem has now, with the same minor version of torch; line ends make no difference. Processors differ in the last
digits, which `sameness` forgives. The words of exceptions belong to Python: with another minor version of it, the
misconceptions that raise are found out again. Whatever does not count is as good as missing.
"""

from __future__ import annotations

import hashlib
import platform
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
import torch

from grader.checking.recognition import codec
from grader.checking.recognition.sameness import same, same_reply
from grader.checking.session.transcript import Transcript
from grader.model import Problem
from grader.problem.load import known_answers_name
from grader.sources import is_a_cache

_MOST_BYTES = 64 << 20


class _File(msgspec.Struct):
    format: int
    sources: str
    torch: str
    python: str
    transcripts: bytes
    """Compressed."""


class KeptBeside(NamedTuple):
    """What a file that counts holds."""

    reference: Transcript
    known: dict[str, Transcript]
    raising: frozenset[str]
    """Misconceptions that raise something and were made by another Python: their words may be others here."""


def path_for(problem: Problem, data: str | None) -> Path | None:
    """Where the known answers lie; None in a course without solutions."""
    return Path(problem.solution_folder) / known_answers_name(data) if problem.solution_folder else None


def read(problem: Problem, data: str | None) -> KeptBeside | None:
    """The known answers beside the solution; None where there are none that count."""
    path = path_for(problem, data)
    try:
        if path is None or path.stat().st_size > _MOST_BYTES:
            return None
        file = msgspec.msgpack.decode(path.read_bytes(), type=_File)
    except (OSError, msgspec.DecodeError):
        return None
    if (file.format, file.torch, file.sources) != (codec.FORMAT, _minor(torch.__version__), _sources(problem)):
        return None
    content = _expanded(file.transcripts)
    found = codec.read(content) if content is not None else None
    if found is None:
        return None
    reference, known = found
    raising = () if file.python == _python() else (name for name in known if _raises(known[name]))
    return KeptBeside(reference, known, frozenset(raising))


def content(problem: Problem, reference: Transcript, known: Mapping[str, Transcript]) -> bytes | None:
    """The file for these transcripts; None where they cannot be written down."""
    written = codec.write(reference, known)
    if written is None or len(written) > _MOST_BYTES:
        return None
    packed = zlib.compress(written, 9)
    return msgspec.msgpack.encode(_File(codec.FORMAT, _sources(problem), _minor(torch.__version__), _python(), packed))


def alike(one: Mapping[str, Transcript], other: Mapping[str, Transcript]) -> bool:
    """Whether transcripts by their names are the same up to rounding: then nothing needs to be written."""
    return one.keys() == other.keys() and all(_alike(one[name], other[name]) for name in one)


def _alike(one: Transcript, other: Transcript) -> bool:
    return one.keys() == other.keys() and all(
        len(one[check]) == len(other[check])
        and all(
            (mine.function, mine.kind) == (theirs.function, theirs.kind)
            and same(mine.question, theirs.question)
            and (mine.kind == "lost" or same_reply(mine, theirs))
            for mine, theirs in zip(one[check], other[check], strict=True)
        )
        for check in one
    )


def _raises(transcript: Transcript) -> bool:
    return any(entry.kind == "raised" for entries in transcript.values() for entry in entries)


def _expanded(packed: bytes) -> bytes | None:
    expander = zlib.decompressobj()
    try:
        content = expander.decompress(packed, _MOST_BYTES)
    except zlib.error:
        return None
    return content if expander.eof else None


def _sources(problem: Problem) -> str:
    """The digest of all that decides what is asked and replied, the same for every way to end a line."""
    digest = hashlib.sha256()
    for name, path in _deciding(problem):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(b"%d %s %d " % (len(name), name.encode(), len(content)) + content)
    return digest.hexdigest()


def _deciding(problem: Problem) -> Iterator[tuple[str, Path]]:
    folder, solution = Path(problem.folder), Path(problem.solution_folder or "")
    found = {path.relative_to(folder): path for path in (folder / "checks").rglob("*") if path.is_file()}
    named = {name.as_posix(): path for name, path in found.items() if not any(map(is_a_cache, name.parts))}
    named |= {f"files/{name}": folder / name for name in problem.files}
    named |= {f"misconceptions/{path.name}": path for path in (solution / "misconceptions").glob("*.py")}
    named |= {"problem.yaml": folder / "problem.yaml", "solution.py": solution / "solution.py"}
    yield from sorted(named.items())


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _python() -> str:
    return _minor(platform.python_version())
