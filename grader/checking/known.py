"""How the reference and each known misconception answer a problem's checks.

Found out by putting them before the checks, once, when a submission first fails; then kept in the user's cache, since
a class, or a student at work, fails often. A file of the cache holds answers in the wire's own closed codec: a
damaged one is found out anew, and none can do more than be wrong.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import torch

import grader
from grader.checking.examination import Entry
from grader.checking.misconceptions import Distinctions, Transcript
from grader.errors import WireError
from grader.model import Problem
from grader.sandbox.decoding import Decoder
from grader.sandbox.values import Encoder, TooLargeError

# Changes with what an entry of a transcript holds.
_FORMAT = 1
_MOST_BYTES = 64 << 20
_MOST_BYTES_PER_CHECK = 8 << 20


class _File(msgspec.Struct):
    """What lies in the cache: name -> check -> encoded entries. The reference has the empty name."""

    transcripts: dict[str, dict[str, bytes]]


class KnownAnswers:
    """The transcripts of one problem's reference and misconceptions, made by `transcribe` where none are kept."""

    def __init__(self, problem: Problem, data: str | None, transcribe: Callable[[Path], Transcript]) -> None:
        self._solutions = Path(problem.solution_folder) if problem.solution_folder else None
        self._transcribe = transcribe
        self._name = f"{problem.slug}-{problem.version}-{grader.__version__}-{torch.__version__}-{data}-{_FORMAT}"
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
        files = sorted((self._solutions / "misconceptions").glob("*.py")) if self._solutions else []
        if not files or self._solutions is None:
            return {}, {}
        reference = self._transcribe(self._solutions / "solution.py")
        known = {path.stem: self._transcribe(path) for path in files}
        self._keep(reference, known)
        return reference, known

    def _path(self) -> Path | None:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ.get("HOME", ""), ".cache")
        return Path(base) / "torchgrade" / "transcripts" / self._name if os.path.isabs(base) else None

    def _kept(self) -> tuple[Transcript, dict[str, Transcript]] | None:
        path = self._path()
        try:
            if path is None or path.stat().st_size > _MOST_BYTES:
                return None
            read = msgspec.msgpack.decode(path.read_bytes(), type=_File).transcripts
            known: dict[str, Transcript] = {
                name: {check: _decoded(raw) for check, raw in checks.items()} for name, checks in read.items()
            }
            return known.pop(""), known
        except (OSError, msgspec.DecodeError, WireError, KeyError):
            return None

    def _keep(self, reference: Transcript, known: dict[str, Transcript]) -> None:
        path = self._path()
        if path is None:
            return
        try:
            everything = {"": reference, **known}
            content = msgspec.msgpack.encode(
                _File(
                    {name: {check: _encoded(entries) for check, entries in t.items()} for name, t in everything.items()}
                )
            )
            if len(content) > _MOST_BYTES:
                return
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Two graders may be at it at once: each writes a file of its own, and the last one stays.
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
                file.write(content)
            os.replace(file.name, path)
        except (OSError, TooLargeError, TypeError):
            return  # A cache that cannot be written costs time, never a grade.


def _encoded(entries: Any) -> bytes:
    told = [(entry.function, entry.question, entry.kind, entry.value) for entry in entries]
    return Encoder(_no_handle, limit=_MOST_BYTES_PER_CHECK).encode(told)


def _decoded(raw: bytes) -> list[Entry]:
    told = Decoder(raw, lambda number, name: None).decode()
    if not isinstance(told, list) or not all(isinstance(entry, tuple) and len(entry) == 4 for entry in told):
        raise WireError("not a transcript")
    return [Entry(*entry) for entry in told]


def _no_handle(value: object) -> tuple[int, str]:
    raise TypeError(f"a transcript holds a {type(value).__name__}")
