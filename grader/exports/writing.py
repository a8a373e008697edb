"""Writing exports so that nothing of anybody else's is lost.

An existing file is replaced only if an earlier export wrote it and nobody has touched it since;
``exports.json`` in the batch's directory remembers the digests. Everything is written to a temporary file
first.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from grader.common.outfile import Recogniser, check_output, write_output, write_own
from grader.errors import UsageError

LEDGER = "exports.json"
_UNSAFE = re.compile(r"[^\w.\-]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def write_all(directory: Path, files: Mapping[Path, bytes], *, private: bool) -> tuple[Path, ...]:
    """Write `files`, or none of them. What is `private`, files and a folder that is made, is for its owner alone.

    Raises:
        UsageError: if one of them exists and is not an untouched earlier export, or cannot be written.
    """
    ledger = _read_ledger(directory)
    untouched = {path: _untouched(ledger.get(_key(directory, path))) for path in files}
    try:
        for path in files:
            if path.parent.is_dir():
                check_output(path, untouched[path])
        for path in files:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o777)
    except OSError as error:
        raise UsageError(f"{error.filename or directory} cannot be written: {error.strerror}") from error
    for path, content in files.items():
        write_output(path, content, untouched[path], private=private)
        ledger[_key(directory, path)] = _digest(content)
    # Results that lie where nothing can be written are exported, too; what was is then replaced by no later export.
    if os.access(directory, os.W_OK):
        _write_ledger(directory, ledger)
    return tuple(files)


def _write_ledger(directory: Path, ledger: Mapping[str, str]) -> None:
    write_own(directory / LEDGER, msgspec.json.format(msgspec.json.encode(ledger), indent=1) + b"\n", mode=0o600)


def _untouched(digest: str | None) -> Recogniser:
    """Recognises the content with this digest."""
    return lambda content: _digest(content) == digest


def safe_name(text: str) -> str:
    """A student's id as a name for a file on any system; a digest keeps apart those that would look the same."""
    name = _UNSAFE.sub("_", text).strip("._")[:80]
    if name == text and name and not _RESERVED.fullmatch(name):
        return name
    return f"{name or 'student'}-{_digest(text.encode('utf-8', 'backslashreplace'))[:8]}"


def _read_ledger(directory: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode((directory / LEDGER).read_bytes(), type=dict[str, str])
    except (FileNotFoundError, msgspec.DecodeError):
        # Without a ledger we know of no file that is ours, and replace none.
        return {}


def _key(directory: Path, path: Path) -> str:
    """The path relative to the batch's directory, which may be moved."""
    return os.path.relpath(path.resolve(), directory.resolve())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
