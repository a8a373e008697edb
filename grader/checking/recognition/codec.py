"""Transcripts as bytes, in the wire's own closed codec: a damaged file is refused, and none can do more than be wrong.

A misconception is right at most places, and is asked the same at nearly all: there it is kept, on disk and in memory,
as the reference's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from grader.checking.session.transcript import Transcript, TranscriptEntry
from grader.errors import WireError
from grader.sandbox.decoding import Decoder
from grader.sandbox.values import Encoder, TooLargeError

# Changes with what an entry of a transcript holds.
FORMAT = 5
_MOST_BYTES_PER_ENTRY = 8 << 20

KnownTranscripts = tuple[Transcript, dict[str, Transcript]]
"""(reference, misconception's id -> transcript)."""


class _Kept(msgspec.Struct, array_like=True):
    """An entry of a transcript; None where it equals, to the byte, the reference's at the same place."""

    question: bytes | None
    answer: bytes | None


class _Written(msgspec.Struct):
    """Name -> check -> entries. The reference has the empty name."""

    transcripts: dict[str, dict[str, list[_Kept]]]


def write(reference: Transcript, known: Mapping[str, Transcript]) -> bytes | None:
    """The transcripts as bytes; None where something in them cannot be written down."""
    try:
        whole = {check: [_encoded(entry) for entry in entries] for check, entries in reference.items()}
        parts = {
            name: {
                check: _less([_encoded(entry) for entry in entries], whole.get(check, []))
                for check, entries in transcript.items()
            }
            for name, transcript in known.items()
        }
    except (TooLargeError, TypeError):
        return None
    return msgspec.msgpack.encode(_Written({"": whole, **parts}))


def read(content: bytes) -> KnownTranscripts | None:
    """What `write` has written; None where it is damaged."""
    try:
        parts = msgspec.msgpack.decode(content, type=_Written).transcripts
        reference = {check: _decoded(entries, []) for check, entries in parts.pop("").items()}
        known: dict[str, Transcript] = {
            name: {check: _decoded(entries, reference.get(check, [])) for check, entries in checks.items()}
            for name, checks in parts.items()
        }
    except (msgspec.DecodeError, WireError, KeyError):
        return None
    return reference, known


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


def _decoded(entries: list[_Kept], reference: list[TranscriptEntry]) -> list[TranscriptEntry]:
    decoded = []
    for index, kept in enumerate(entries):
        if None in (kept.question, kept.answer) and index >= len(reference):
            raise WireError("not a transcript")
        if kept.question is None and kept.answer is None:
            decoded.append(reference[index])  # The very same object: what is found out about one holds for the other.
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
