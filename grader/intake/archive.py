"""Zip archives, listed and read as if each had been made to do harm.

Nothing is ever unpacked to disk, so a path that climbs out has nowhere to climb; it is refused all the same, because
whoever made it meant it. Sizes in an archive's directory are claims: an entry is refused by its claim where that is
already too much, and what is read is counted. A damaged archive makes zipfile raise whatever it stumbles over, from
UnicodeDecodeError to struct.error, so any exception of its own is taken for damage.
"""

from __future__ import annotations

import io
import re
import stat
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError
from grader.intake.allowance import HandInBudget
from grader.intake.files import Refused, open_regular, too_large, what_it_is
from grader.intake.folding import printable, size, written_apart
from grader.intake.tree import MAX_DEPTH, MAX_ENTRIES, Collector, Entry, Listing, seeming
from grader.intake.zipnames import entry_names

MAX_NESTING = 1
MAX_INNER_ENTRIES = 5_000
PACKED_FILES, UNPACKED_FILES = 16, 64
MOST_REFUSED = 20
"""Entries of one archive that are refused by name; the others are counted."""
MAX_RATIO = 200
"""The ratio of unpacked to packed size. Source code and notebooks with repeated output stay below 50."""
_RATIO_FLOOR = 1_000_000
"""Bytes that any entry may unpack to: a small file of one repeated line is no bomb."""
_MAX_NAME = 255
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")
_DIRECTORY_ENTRY = b"PK\x01\x02"


@dataclass(slots=True)
class _Room:
    """How many bytes one archive may still unpack to, so that no student can use up the class's memory."""

    left: int
    student: HandInBudget | None = None

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise Refused("is more than its archive may unpack to in all; the rest of it is not read")
        if self.student is not None:
            self.student.unpack(count)


def list_archive_file(path: Path, shown: str = "") -> Listing:
    """List a class's archive on disk; `shown` stands before the names of its entries.

    Raises:
        UsageError: if it is no zip archive, holds more than any class hands in, or cannot be opened.
    """
    try:
        file = zipfile.ZipFile(open_regular(path))
    except Refused as refusal:
        raise UsageError(f"{path.name} {refusal}") from refusal
    except Exception as error:
        raise UsageError(f"{path.name} is not a zip archive, or a damaged one") from error
    if len(file.infolist()) > MAX_ENTRIES:
        raise UsageError(f"{path.name} holds more than {MAX_ENTRIES:,} files", hint="Give the archive of one class.")
    return _list(file, shown, 0, _Room(sys.maxsize))


def open_archive(entry: Entry, limit: int, budget: HandInBudget | None = None) -> Listing:
    """List an archive that was handed in.

    Archives inside archives are opened one level deep. The archive itself may have `PACKED_FILES` times the
    size of one file, `limit`, and unpack to `UNPACKED_FILES` times that; both come off the student's `budget`.

    Raises:
        Refused: if it is no zip archive, too large, nested too deep, or holds more entries than anyone hands
        in.
    """
    if entry.archives > MAX_NESTING:
        raise Refused("is an archive in an archive in an archive; hand in the files, or one archive of them")
    content = entry.fetch(PACKED_FILES * limit)
    # Counted before zipfile builds an object for each: a megabyte of directory is twenty thousand of them.
    entries = content.count(_DIRECTORY_ENTRY)
    if entries > MAX_INNER_ENTRIES:
        raise Refused(f"holds more than {MAX_INNER_ENTRIES:,} files")
    if budget is not None:
        budget.list(entries)
    try:
        file = zipfile.ZipFile(io.BytesIO(content))
    except Exception as error:
        raise Refused("is not a zip archive, or a damaged one") from error
    return _list(file, entry.shown, entry.archives + 1, _Room(UNPACKED_FILES * limit, budget))


def _list(file: zipfile.ZipFile, around: str, archives: int, room: _Room) -> Listing:
    collector = Collector()
    prefix = f"{around}/" if around else ""
    infos = file.infolist()
    names = entry_names(infos)
    counts = Counter(name.rstrip("/") for name in names)
    paths = _written_apart([tuple(part for part in name.split("/") if part not in ("", ".")) for name in names])
    told: set[str] = set()
    for info, name, parts in zip(infos, names, paths, strict=True):
        shown = prefix + printable(name.rstrip("/"))
        try:
            _check_path(name)
            if not parts:
                continue
            if ".git" in parts:
                collector.repositories.add(parts[: parts.index(".git")])
                collector.add_folder(parts[: parts.index(".git")])
            if collector.leaves_out(parts, shown):
                continue
            if info.is_dir() or name.endswith("/"):
                collector.add_folder(parts)
                continue
            collector.add_folder(parts[:-1])
            if counts[name.rstrip("/")] > 1:
                raise Refused("stands in the archive twice, and which of the two counts cannot be told")
            _check(info)
            entry = Entry(
                seeming(parts), shown, info.file_size, _reader(file, info, room), archives, written=_written(info)
            )
            collector.entries.append(entry)
        except Refused as refusal:
            if shown not in told and len(told) < MOST_REFUSED:
                collector.refuse(shown, str(refusal))
            told.add(shown)
    if len(told) > MOST_REFUSED:
        collector.refuse(around, f"holds {len(told) - MOST_REFUSED:,} more entries that are refused")
    return collector.listing()


def _written(info: zipfile.ZipInfo) -> int:
    """Seconds since 1980 by the clock of whoever packed it; 0 for the time that stands for none."""
    year, month, day, hour, minute, second = info.date_time
    days = ((year - 1980) * 12 + month - 1) * 31 + day - 1
    return ((days * 24 + hour) * 60 + minute) * 60 + second


def _written_apart(paths: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The paths in printable form, in which different files and folders stay different."""
    written: list[tuple[str, ...]] = [()] * len(paths)
    for depth in range(min(MAX_DEPTH, max(map(len, paths), default=0))):
        siblings: dict[tuple[str, ...], set[str]] = {}
        for above, path in zip(written, paths, strict=True):
            if depth < len(path):
                siblings.setdefault(above, set()).add(path[depth])
        names = {above: written_apart(own) for above, own in siblings.items()}
        written = [
            (*above, names[above][path[depth]]) if depth < len(path) else above
            for above, path in zip(written, paths, strict=True)
        ]
    return written


def _check_path(name: str) -> None:
    if "\0" in name:
        raise Refused("has a name with a null character")
    if name.startswith(("/", "\\")) or _DRIVE.match(name):
        raise Refused("has an absolute path")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise Refused("has a path that climbs out of the archive")
    if len(parts) > MAX_DEPTH:
        raise Refused(f"is nested more than {MAX_DEPTH} folders deep")
    if any(len(part) > _MAX_NAME for part in parts):
        raise Refused(f"has a name of more than {_MAX_NAME} characters")


def _check(info: zipfile.ZipInfo) -> None:
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise Refused(f"is {what_it_is(mode)}, not a regular file")
    if info.flag_bits & _ENCRYPTED:
        raise Refused("is encrypted")
    if info.compress_type not in _METHODS:
        raise Refused("is packed by a method that is not read here; pack it again with an ordinary zip tool")
    if info.file_size > _RATIO_FLOOR and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise Refused(f"unpacks to {size(info.file_size)}, more than {MAX_RATIO} times its packed size: a zip bomb")


def _reader(file: zipfile.ZipFile, info: zipfile.ZipInfo, room: _Room) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        if info.file_size > limit:
            raise too_large(info.file_size, limit)
        try:
            with file.open(info) as stream:
                content = stream.read(limit + 1)
        except Exception as error:
            raise Refused("is damaged inside its archive") from error
        if len(content) > limit:
            raise too_large(None, limit)
        room.spend(len(content))
        return content

    return read
