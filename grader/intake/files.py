"""Files on disk, opened without trusting what lies there.

A submission may hold a symbolic link to the instructor's files, a FIFO that never answers, a device, or a
file that grows while it is read. Nothing but a regular file is opened; whether it is one is asked of the open
descriptor, not of the name; and no more than the limit is ever read.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from grader.intake.folding import size

_READ_AT_ONCE = 1 << 20
# O_NONBLOCK, or opening a FIFO waits for a writer. Neither flag exists on Windows, which has no such files
# either.
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Refused(Exception):
    """One file or entry is not read; the message is the reason, without a full stop."""


class TooLarge(Refused):
    """It has more bytes than are read."""


def what_it_is(mode: int) -> str:
    """The kind of thing a file mode describes, in words with an article."""
    for test, words in (
        (stat.S_ISLNK, "a symbolic link"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a FIFO"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    ):
        if test(mode):
            return words
    return "a regular file"


def too_large(length: int | None, limit: int) -> TooLarge:
    """The refusal of a file over `limit` bytes; `length` where it is known."""
    known = f"has {size(length)}; " if length is not None else "is too large: "
    return TooLarge(f"{known}at most {size(limit)} are read")


def open_regular(path: Path | str) -> BinaryIO:
    """Open the regular file `path`, and nothing else that may stand under that name.

    Raises:
        Refused: if it is of another kind or cannot be opened.
    """
    return os.fdopen(_opened(path)[0], "rb")


def _opened(path: Path | str) -> tuple[int, int]:
    """The descriptor of the regular file `path`, and its size."""
    try:
        # Asked first for the sake of the message, and because O_NOFOLLOW does not exist on Windows.
        mode = os.lstat(path).st_mode
        if stat.S_ISREG(mode):
            descriptor = os.open(path, _FLAGS)
            status = os.fstat(descriptor)
            if stat.S_ISREG(mode := status.st_mode):
                return descriptor, status.st_size
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise Refused(f"cannot be opened: {reason(error)}") from error
    raise Refused(f"is {what_it_is(mode)}, not a regular file")


def read_regular(path: Path | str, limit: int) -> bytes:
    """Return the content of the regular file `path`, of at most `limit` bytes.

    Raises:
        Refused: if it is no regular file, larger than `limit`, or cannot be read.
    """
    # Without a buffered file: a class is thousands of small ones.
    descriptor, length = _opened(path)
    try:
        if length > limit:
            raise too_large(length, limit)
        # Memory is taken for as many bytes as are asked for, so for no more than there seem to be.
        parts = [os.read(descriptor, length + 1)]
        got = len(parts[0])
        while got != length and got <= limit and parts[-1]:
            parts.append(os.read(descriptor, min(limit + 1 - got, _READ_AT_ONCE)))
            got += len(parts[-1])
    except OSError as error:
        raise Refused(f"cannot be read: {reason(error)}") from error
    finally:
        os.close(descriptor)
    if got > limit:
        raise too_large(None, limit)
    return b"".join(parts)


def reason(error: OSError | ValueError) -> str:
    """The system's own words for what failed, in lower case."""
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return words[:1].lower() + words[1:]
