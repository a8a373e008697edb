"""How the reference and each known misconception answer a problem's checks.

They are needed when a submission first fails. A course keeps them beside its solutions, where `grade verify` puts them.
Where that file does not count, they are in the user's cache, or are found out by putting the files of solutions/ before
the checks, which takes seconds and is then kept in the cache.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import torch

from grader import sources
from grader.checking.recognition import codec, known_files
from grader.checking.recognition.codec import KnownTranscripts
from grader.checking.recognition.distinctions import Distinctions
from grader.checking.recognition.sameness import same
from grader.checking.session.transcript import Transcript
from grader.common.atomic import replace_file
from grader.common.caches import cache_folder
from grader.model import Problem
from grader.problem import variants

_MOST_BYTES = 64 << 20
_UNUSED_SECONDS = 30 * 86400


class KnownAnswers:
    """The transcripts of one problem's reference and misconceptions, made by `transcribe` where none are kept."""

    def __init__(self, problem: Problem, data: str | None, transcribe: Callable[[Path], Transcript]) -> None:
        self._problem = problem
        self._data = data
        self._solutions = Path(problem.solution_folder) if problem.solution_folder else None
        self._transcribe = transcribe
        self._name = f"{problem.slug}-{problem.version}-{sources.grading()}-{torch.__version__}-{data}-{codec.FORMAT}"
        self._known: KnownTranscripts | None = None
        self._distinctions: Distinctions | None = None

    def distinctions(self, student: Transcript) -> Distinctions:
        """Where the misconceptions part from the reference, for a submission that was asked as `student` says."""
        if self._known is None and (kept := self._kept_beside(student)) is not None:
            self._known = kept
        if self._distinctions is None:
            self._distinctions = Distinctions(*self.transcripts())
        return self._distinctions

    def transcripts(self) -> KnownTranscripts:
        """(reference, misconception's id -> transcript), as they are on this machine."""
        if self._known is None:
            self._known = self._cached() or self._found_out()
        return self._known

    def settle(self, anew: bool) -> None:
        """Take what the course keeps, where that counts; `anew`: what is so on this machine."""
        self._distinctions = None
        self._known = None if anew else self._kept_beside({})

    def to_keep(self) -> bytes:
        """The file to keep beside the solutions; empty where there is nothing to keep, or the file holds just this."""
        reference, known = self.transcripts()
        there = known_files.read(self._problem, self._data)
        if (
            there is not None
            and not there.raising
            and known_files.alike({"": reference, **known}, {"": there.reference, **there.known})
        ):
            return b""
        return (known_files.content(self._problem, reference, known) if known else None) or b""

    def _kept_beside(self, student: Transcript) -> KnownTranscripts | None:
        """What the course keeps, unless it was made where checks begin with other questions than here."""
        found = known_files.read(self._problem, self._data)
        if found is None or not _begin_alike(student, found.reference):
            return None
        again: dict[str, Transcript] = {
            path.stem: self._transcribe(path) for path in self._misconceptions() if path.stem in found.raising
        }
        return found.reference, {**found.known, **again}

    def _misconceptions(self) -> list[Path]:
        return list(variants.paths(self._solutions)) if self._solutions else []

    def _found_out(self) -> KnownTranscripts:
        files = self._misconceptions()
        if not files or self._solutions is None:
            return {}, {}
        reference = self._transcribe(self._solutions / "solution.py")
        known = {path.stem: self._transcribe(path) for path in files}
        content = codec.write(reference, known)
        if content is None:
            return reference, known  # Nothing to keep: that costs time, never a grade.
        self._cache(content)
        return codec.read(content) or (reference, known)

    def _path(self) -> Path:
        return cache_folder() / "transcripts" / self._name

    def _cached(self) -> KnownTranscripts | None:
        path = self._path()
        try:
            if path.stat().st_size > _MOST_BYTES:
                return None
            os.utime(path)
            return codec.read(path.read_bytes())
        except OSError:
            return None

    def _cache(self, content: bytes) -> None:
        path = self._path()
        if len(content) > _MOST_BYTES:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Two graders may be at it at once: the last one stays.
            replace_file(path, content, mode=0o600)
            _forget_unused(path.parent)
        except OSError:
            return  # A cache that cannot be written costs time, never a grade.


def _begin_alike(one: Transcript, other: Transcript) -> bool:
    """Whether each check begins with the same question: no answer has a part in that."""
    firsts = ((entries[0], other[check][0]) for check, entries in one.items() if entries and other.get(check))
    return all(mine.function == theirs.function and same(mine.question, theirs.question) for mine, theirs in firsts)


def _forget_unused(folder: Path) -> None:
    """Remove what nobody has asked for in a month: each change of a problem or of the grader leaves a file behind."""
    for path in folder.iterdir():
        if path.stat().st_mtime < time.time() - _UNUSED_SECONDS:
            path.unlink(missing_ok=True)
