"""A file that a command was told to write, written so that nobody's work is lost.

    what stands at the path                            what is done
    ---------------------------------------------------------------------------------------------------
    nothing                                            the file is made
    a device, a pipe, a socket; /dev/stdout and kin    it is written to, and never replaced
    an earlier output of ours, known by its content    it is replaced in one step
    anything else: somebody's file, a link, a folder   UsageError, and everything stays as it is

A name that ends as code does is refused whatever stands there: the next command would take the output for an answer.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from grader.common.atomic import replace_file
from grader.errors import UsageError

Recogniser = Callable[[bytes], bool]
"""Whether a content is an earlier output of the same kind."""
PAGE_MARK = b'<meta name="generator" content="torchgrade">'
_HEAD = 4096
_MOST_READ = 200_000_000
_CODE = (".py", ".ipynb")
_DESCRIPTOR = re.compile(r"/dev/(?P<name>stdout|stderr)|/(?:dev|proc/self)/fd/(?P<number>\d+)")
_NAMED = {"stdout": 1, "stderr": 2}


class _Result(msgspec.Struct):
    """What no JSON but a result of ours has."""

    problem: str
    sha256: str
    status: str
    checks: list[msgspec.Raw]
    grader_version: str
    schema: int


def is_result(content: bytes) -> bool:
    """Whether `content` is a result.json."""
    try:
        msgspec.json.decode(content, type=_Result)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def is_page(content: bytes) -> bool:
    """Whether `content` is a page of ours."""
    return PAGE_MARK in content[:_HEAD]


def check_output(path: str | os.PathLike[str], ours: Recogniser, *, never: Iterable[Path] = ()) -> None:
    """Raise UsageError unless `path` may be written.

    Files in `never` are not replaced even if they look like ours. Asked before the work begins,
    so that nobody waits for a result that cannot be written; `write_output` asks again.
    """
    target = Path(path)
    if _is_written_to(target):
        return
    if target.suffix.lower() in _CODE:
        raise UsageError(f"{path} would be taken for an answer", hint="give the output another ending")
    if not target.parent.is_dir():
        raise UsageError(f"{path} cannot be written: there is no folder {target.parent}", hint="make it first")
    if not os.path.lexists(target):
        return
    hint = "name another file, or move that one away"
    if target.is_symlink():
        raise UsageError(f"{path} is a link, and what it leads to is left as it is", hint="name the file itself")
    if target.is_dir():
        raise UsageError(f"{path} is a folder", hint="name a file in it")
    if any(_same(target, other) for other in never) or not _holds(target, ours):
        raise UsageError(f"{path} exists already and is no earlier output; it is left as it is", hint=hint)


def write_output(
    path: str | os.PathLike[str],
    content: bytes,
    ours: Recogniser,
    *,
    never: Iterable[Path] = (),
    private: bool = False,
) -> None:
    """Write `content` to `path` by the rule above. Raises UsageError where that may not or cannot be.

    A file that is `private` can be read by its owner alone.
    """
    check_output(path, ours, never=never)
    if not _is_written_to(Path(path)):
        write_own(path, content, mode=0o600 if private else 0o666)
        return
    try:
        with os.fdopen(_opened(Path(path)), "wb") as file:
            file.write(content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def write_own(path: str | os.PathLike[str], content: bytes, *, mode: int = 0o666) -> None:
    """Put `content` in place of our own file at `path`, in one step. Raises UsageError where it cannot be written."""
    try:
        replace_file(path, content, mode=mode)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def _is_written_to(target: Path) -> bool:
    """Whether what stands there takes what is written and passes it on, as a device or a pipe does."""
    if _DESCRIPTOR.fullmatch(str(target)):
        return True
    try:
        mode = target.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _opened(target: Path) -> int:
    if found := _DESCRIPTOR.fullmatch(str(target)):
        # Opened anew, a redirected /dev/stdout would begin at the start of the file again.
        return os.dup(_NAMED[found["name"]] if found["name"] else int(found["number"]))
    return os.open(target, os.O_WRONLY | getattr(os, "O_NOCTTY", 0))


def _holds(target: Path, ours: Recogniser) -> bool:
    try:
        with target.open("rb") as file:
            return ours(file.read(_MOST_READ))
    except OSError:
        return False


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
