"""Files that are written whole or not at all.

The content goes to a temporary file in the same folder, which then takes the place of the target in one step: a reader,
or a crash, meets the old file or the new one. A link gives way to a file of its own; what it points to stays.

This is for files that are ours to replace. What a user names as an output goes through `grader.common.outfile`, which
asks first what stands there.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PREFIX = "."
SUFFIX = ".tmp"
"""Temporary files are called ``.NAME.…tmp``: what a killed command leaves can be found and swept."""
_LONGEST_NAME = 100


def replace_file(path: str | os.PathLike[str], content: bytes, *, mode: int = 0o666) -> None:
    """Put `content` at `path` in one step; `mode` is narrowed by the umask, as for any new file.

    Raises OSError, whose ``filename`` is `path`.
    """
    with replacing(path, mode=mode) as file:
        file.write(content)


@contextmanager
def replacing(path: str | os.PathLike[str], *, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A file to write to; on leaving it takes the place of `path`, unless by an exception.

    Raises OSError, whose ``filename`` is `path`.
    """
    target = Path(path)
    try:
        with _beside(target, mode) as file:
            yield file
    except OSError as error:
        if error.filename is not None and not str(error.filename).startswith(_temporary(target)):
            raise  # It is about a file that the caller read meanwhile.
        raise OSError(error.errno, error.strerror, str(target)) from error


def create_file(path: str | os.PathLike[str], content: bytes, *, mode: int = 0o666) -> None:
    """Create `path`, whole. Raises FileExistsError where anything of that name is there, a broken link included."""
    target = Path(path)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


@contextmanager
def _beside(target: Path, mode: int) -> Iterator[BinaryIO]:
    prefix = os.path.basename(_temporary(target))
    descriptor, temporary = tempfile.mkstemp(prefix=prefix, suffix=SUFFIX, dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        # mkstemp makes a private file; this one is as readable as the caller says.
        os.chmod(temporary, mode & ~_umask())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _temporary(target: Path) -> str:
    """How the temporary files of `target` begin."""
    return os.path.abspath(target.parent / f"{PREFIX}{target.name[:_LONGEST_NAME]}.")


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
