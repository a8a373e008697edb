"""Where files wait on disk, from when they are read until the store takes them: a class is never in memory at once.

The store changes only when it is clear whose everything is, and several readings of a download may be tried before; so
what was read waits beside it, each content once, in a file without a name that goes with this process.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from grader.batch.keys import content_key
from grader.errors import UsageError
from grader.intake.model import emptied
from grader.model import SourceFile, Submission

Files = tuple[SourceFile, tuple[SourceFile, ...], str]
"""A content as the store keeps it, encoded: main file, files beside it, digest of what was handed in."""


class Shelf:
    """Contents by their names. Use as a context manager."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file = tempfile.TemporaryFile(dir=directory)  # noqa: SIM115 (closed on leaving)
        self._places: dict[str, tuple[int, int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def put(self, submission: Submission) -> Submission:
        """Take the contents of a submission's files; the submission without them."""
        name = content_key(submission)
        if name not in self._places:
            encoded = msgspec.msgpack.encode((submission.main, submission.extra, submission.sha256))
            try:
                start = self._file.seek(0, 2)
                self._file.write(encoded)
            except OSError as error:
                raise UsageError(f"{self._directory} cannot be written: {error.strerror}") from None
            self._places[name] = (start, len(encoded))
        return emptied(submission)

    def files(self, name: str) -> bytes:
        """The encoded `Files` of a content."""
        start, length = self._places[name]
        self._file.seek(start)
        return self._file.read(length)
