"""Writing exports so that nothing of anybody else's is lost.

A file that is there already is replaced only if an earlier export wrote it and nobody has touched it since;
``exports.json`` in the batch's directory remembers the digests. Everything is written to a temporary file
first.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from grader.errors import UsageError

LEDGER = "exports.json"
_UNSAFE = re.compile(r"[^\w.\-]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def write_all(directory: Path, files: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """Write `files`, or none of them.

    Raises:
        UsageError: if one of them exists and is not an untouched earlier export, or cannot be written.
    """
    ledger = _read_ledger(directory)
    for path in files:
        _check(directory, path, ledger)
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, content)
            ledger[_key(directory, path)] = _digest(content)
        replace_file(directory / LEDGER, msgspec.json.format(msgspec.json.encode(ledger), indent=1) + b"\n")
    except OSError as error:
        raise UsageError(f"{error.filename or directory} cannot be written: {error.strerror}") from error
    return tuple(files)


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step: a reader, or a crash, sees the old file or the new one."""
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        # mkstemp makes a private file; an export is as readable as any other.
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def safe_name(text: str) -> str:
    """A student's id as a name for a file on any system; a digest keeps apart those that would look the same."""
    name = _UNSAFE.sub("_", text).strip("._")[:80]
    if name == text and name and not _RESERVED.fullmatch(name):
        return name
    return f"{name or 'student'}-{_digest(text.encode('utf-8', 'backslashreplace'))[:8]}"


def _check(directory: Path, path: Path, ledger: Mapping[str, str]) -> None:
    if path.is_dir():
        raise UsageError(f"{path} is a folder", hint="Give --out the name of a file in it.")
    if not os.path.lexists(path):
        return
    if not path.is_file() or ledger.get(_key(directory, path)) != _digest(path.read_bytes()):
        raise UsageError(
            f"{path} exists already, and is not an export as it was written",
            hint="Give another --out, or move that file away.",
        )


def _read_ledger(directory: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode((directory / LEDGER).read_bytes(), type=dict[str, str])
    except (FileNotFoundError, msgspec.DecodeError):
        # Without a ledger nothing is known to be ours, so nothing is replaced.
        return {}


def _key(directory: Path, path: Path) -> str:
    """The path relative to the batch's directory, which may be moved."""
    return os.path.relpath(path.resolve(), directory.resolve())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
