"""Where one class's download ends and the next begins.

An instructor may give the download itself, the folder it was unpacked into, a folder of several downloads,
one per assignment, or a folder per problem with the students inside.

A folder inside is taken for a download only if everything beside it is one too. Else a student could put
files named as the platform names them into a folder, and hand in under somebody else's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from grader.errors import UsageError
from grader.intake.archive import list_archive_file, open_archive
from grader.intake.content import CODE
from grader.intake.files import Refused
from grader.intake.handin import Download, Sorted
from grader.intake.layouts import canvas, classroom, gradescope, moodle, plain
from grader.intake.model import Layout
from grader.intake.naming import Strength
from grader.intake.tree import Entry, Listing

_MAX_DEPTH = 4
_PEEK = 1_000_000


class Platform(Protocol):
    """What a module in `layouts` offers for one platform."""

    LAYOUT: Layout

    def recognises(self, download: Download) -> bool: ...

    def sort(self, download: Download) -> Sorted: ...


_PLATFORMS: tuple[Platform, ...] = (gradescope, moodle, canvas, classroom)


def sort(download: Download) -> tuple[Layout, Sorted]:
    """The hand-ins of one download, and how it is arranged."""
    platform = _platform(download)
    if platform is None:
        return plain.layout(download), plain.sort(download)
    return platform.LAYOUT, platform.sort(download)


def find_downloads(download: Download, depth: int = 0) -> Iterator[Download]:
    """The download itself, or the several that lie in it and then what lies beside them."""
    inner = [] if _platform(download) or depth >= _MAX_DEPTH else _inner_downloads(download)
    if not inner:
        yield download
        return
    for each in inner:
        yield from find_downloads(each, depth + 1)
    beside = tuple(entry for entry in download.listing.top_files() if not entry.is_archive)
    if beside:
        yield replace(download, listing=Listing(beside))


def _platform(download: Download) -> Platform | None:
    return next((platform for platform in _PLATFORMS if platform.recognises(download)), None)


def _inner_downloads(download: Download) -> list[Download]:
    """Every folder and archive as a download of its own, or nothing if one of them is no such thing."""
    folders = download.listing.split()
    files = download.listing.top_files()
    archives = [entry for entry in files if entry.is_archive]
    if any(entry.suffix in CODE for entry in files) or not (folders or archives):
        return []
    alone = len(folders) + len(archives) == 1
    inner: list[Download] = []
    for name, listing in folders.items():
        found = _in_folder(download, name, listing, alone)
        if found is None:
            return []
        inner.append(found)
    for entry in archives:
        found = _in_archive(download, entry)
        if found is None:
            return []
        inner.append(found)
    return inner


def _in_folder(download: Download, name: str, listing: Listing, alone: bool) -> Download | None:
    """The folder `name` as a download, where it holds a class and not one student's work."""
    if (name,) in download.listing.repositories:
        return None
    hint = download.names.best(name, Strength.CERTAIN)
    inner = replace(download, listing=listing, problem=hint or download.problem, shown=download.where(name), title=name)
    if _platform(inner) is not None:
        return inner
    if hint is not None:
        enough = 1
    elif alone:
        # One student's folder may hold folders and files that could be names; a class holds many.
        enough = 1 if name == download.title or download.names.says_nothing(name) else 3
    else:
        return None
    return inner if _students_inside(inner, certain=hint is None) >= enough else None


def _students_inside(inner: Download, certain: bool) -> int:
    """How many students what lies directly inside is named after; none if anything there names nobody.

    To be `certain` a file has to name its problem as well.
    """
    people = [
        "" if inner.names.best(name) is not None or inner.names.says_nothing(name) else name
        for name in inner.listing.top_folders()
    ]
    for entry in inner.listing.top_files():
        if entry.suffix in CODE or entry.is_archive:
            student, problem = plain.student_in(entry, inner)
            people.append(student if problem or entry.is_archive or not certain else "")
    return len(set(people)) if all(people) else 0


def _in_archive(download: Download, entry: Entry) -> Download | None:
    """An archive that is a platform's download itself; a student's is none."""
    try:
        # A class's archive on disk may be large; it is listed where it lies and not read at once.
        listing = list_archive_file(entry.path, entry.shown) if entry.path else open_archive(entry, _PEEK)
    except (Refused, UsageError):
        return None
    title = entry.name[: -len(entry.suffix)]
    hint = download.names.best(title, Strength.CERTAIN)
    inner = replace(download, listing=listing, problem=hint or download.problem, shown=entry.shown, title=title)
    for _ in range(_MAX_DEPTH):
        folders = inner.listing.top_folders()
        if _platform(inner) is not None:
            return inner
        if len(folders) != 1:
            break
        below = replace(inner.listing.under(folders[0]), notices=inner.listing.notices)
        inner = replace(inner, listing=below, shown=inner.where(folders[0]), title=folders[0])
    return None
