"""How the reference and each known misconception answer a problem's checks.

Found out by putting them before the checks, once, when a submission first fails; then kept in the user's cache, since
a class, or a student at work, fails often. A file of the cache holds answers in the wire's own closed codec: a
damaged one is found out anew, and none can do more than be wrong. A misconception is right at most places, and is asked
the same at nearly all: there it is kept, on disk and in memory, as the reference's own.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import torch

from grader import sources
from grader.checking.recognition.distinctions import Distinctions
from grader.checking.session.transcript import Transcript, TranscriptEntry
from grader.common.atomic import replace_file
from grader.common.caches import cache_folder
from grader.errors import WireError
from grader.model import Problem
from grader.problem import variants
from grader.sandbox.decoding import Decoder
from grader.sandbox.values import Encoder, TooLargeError

# Changes with what an entry of a transcript holds.
_FORMAT = 3
_MOST_BYTES = 64 << 20
_UNUSED_SECONDS = 30 * 86400
_MOST_BYTES_PER_ENTRY = 8 << 20


class _Kept(msgspec.Struct, array_like=True):
    """An entry of a transcript; None for what is to the byte as at the same place in the reference's."""

    question: bytes | None
    answer: bytes | None


class _File(msgspec.Struct):
    """What lies in the cache: name -> check -> entries. The reference has the empty name."""

    transcripts: dict[str, dict[str, list[_Kept]]]


class KnownAnswers:
    """The transcripts of one problem's reference and misconceptions, made by `transcribe` where none are kept."""

    def __init__(self, problem: Problem, data: str | None, transcribe: Callable[[Path], Transcript]) -> None:
        self._solutions = Path(problem.solution_folder) if problem.solution_folder else None
        self._transcribe = transcribe
        self._name = f"{problem.slug}-{problem.version}-{sources.grading()}-{torch.__version__}-{data}-{_FORMAT}"
        self._known: tuple[Transcript, dict[str, Transcript]] | None = None
        self._distinctions: Distinctions | None = None

    def distinctions(self) -> Distinctions:
        """Where the misconceptions part from the reference."""
        if self._distinctions is None:
            self._distinctions = Distinctions(*self.transcripts())
        return self._distinctions

    def transcripts(self) -> tuple[Transcript, dict[str, Transcript]]:
        """(reference, misconception's id -> transcript)."""
        if self._known is None:
            self._known = self._kept() or self._found_out()
        return self._known

    def _found_out(self) -> tuple[Transcript, dict[str, Transcript]]:
        files = list(variants.paths(self._solutions)) if self._solutions else []
        if not files or self._solutions is None:
            return {}, {}
        reference = self._transcribe(self._solutions / "solution.py")
        known = {path.stem: self._transcribe(path) for path in files}
        try:
            file = _file_of(reference, known)
        except (TooLargeError, TypeError):
            return reference, known  # Nothing to keep: that costs time, never a grade.
        self._keep(msgspec.msgpack.encode(file))
        return _read(file)

    def _path(self) -> Path:
        return cache_folder() / "transcripts" / self._name

    def _kept(self) -> tuple[Transcript, dict[str, Transcript]] | None:
        path = self._path()
        try:
            if path.stat().st_size > _MOST_BYTES:
                return None
            os.utime(path)
            return _read(msgspec.msgpack.decode(path.read_bytes(), type=_File))
        except (OSError, msgspec.DecodeError, WireError, KeyError):
            return None

    def _keep(self, content: bytes) -> None:
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


def _forget_unused(folder: Path) -> None:
    """Remove what nobody has asked for in a month: each change of a problem or of the grader leaves a file behind."""
    for path in folder.iterdir():
        if path.stat().st_mtime < time.time() - _UNUSED_SECONDS:
            path.unlink(missing_ok=True)


def _file_of(reference: Transcript, known: Mapping[str, Transcript]) -> _File:
    whole = {check: [_encoded(entry) for entry in entries] for check, entries in reference.items()}
    parts = {
        name: {
            check: _less([_encoded(entry) for entry in entries], whole.get(check, []))
            for check, entries in transcript.items()
        }
        for name, transcript in known.items()
    }
    return _File({"": whole, **parts})


def _encoded(entry: TranscriptEntry) -> _Kept:
    question, answer = (
        Encoder(_no_handle, limit=_MOST_BYTES_PER_ENTRY).encode(part)
        for part in ((entry.function, entry.question), (entry.kind, entry.value))
    )
    return _Kept(question, answer)


def _no_handle(value: object) -> tuple[int, str]:
    raise TypeError(f"a transcript holds a {type(value).__name__}")


def _less(entries: list[_Kept], reference: list[_Kept]) -> list[_Kept]:
    """The entries without what the reference has at the same place."""
    pairs = zip(entries, reference, strict=False)
    less = [
        _Kept(
            None if mine.question == right.question else mine.question,
            None if mine.answer == right.answer else mine.answer,
        )
        for mine, right in pairs
    ]
    return less + entries[len(less) :]


def _read(file: _File) -> tuple[Transcript, dict[str, Transcript]]:
    """The transcripts of a file. Raises WireError or KeyError where it is damaged."""
    parts = dict(file.transcripts)
    reference = {check: _decoded(entries, []) for check, entries in parts.pop("").items()}
    known: dict[str, Transcript] = {
        name: {check: _decoded(entries, reference.get(check, [])) for check, entries in checks.items()}
        for name, checks in parts.items()
    }
    return reference, known


def _decoded(entries: list[_Kept], reference: list[TranscriptEntry]) -> list[TranscriptEntry]:
    decoded = []
    for index, kept in enumerate(entries):
        if None in (kept.question, kept.answer) and index >= len(reference):
            raise WireError("not a transcript")
        if kept.question is None and kept.answer is None:
            decoded.append(reference[index])  # The very same: what is found out of one holds of the other.
            continue
        function, question = (
            _pair(kept.question)
            if kept.question is not None
            else (reference[index].function, reference[index].question)
        )
        kind, value = _pair(kept.answer) if kept.answer is not None else (reference[index].kind, reference[index].value)
        decoded.append(TranscriptEntry(function, question, kind, value))
    return decoded


def _pair(raw: bytes) -> tuple[Any, Any]:
    told = Decoder(raw, lambda number, name: None).decode()
    if not isinstance(told, tuple) or len(told) != 2:
        raise WireError("not a transcript")
    return told
