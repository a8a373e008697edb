"""The folders and archives that lie side by side in a download, and the one that may be wrapped around it all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.intake.content import CODE
from grader.intake.content import stem as stem_of
from grader.intake.handin import Container, Download
from grader.intake.model import Notice, NoticeKind
from grader.intake.tree import Listing

_MOST_WRAPPINGS = 4
_FEW = 0.1


def containers(download: Download) -> list[Container]:
    """The folders and archives at the top, in order."""
    if not download.listed:
        download.listed.append(list(_containers(download)))
    return list(download.listed[0])


def _containers(download: Download) -> Iterator[Container]:
    for name, listed in download.listing.split().items():
        yield Container(name, download.inside(name, listed))
    for entry in download.listing.top_files():
        if entry.is_archive:
            listing = download.open_archive(entry)
            inner = replace(download.inside(stem_of(entry.name), listing or Listing()), shown=entry.shown)
            yield Container(stem_of(entry.name), unwrapped(inner), listing is not None)


def unwrapped(download: Download) -> Download:
    """What lies in an archive, without the folder that many tools put around it: the archive's own name again."""
    folders = download.listing.top_folders()
    if len(folders) == 1 and not download.listing.top_files() and folders[0] == download.title:
        inner = replace(download.listing.under(folders[0]), notices=download.listing.notices)
        return replace(download, listing=inner, shown=download.where(folders[0]))
    return download


def wrappings(download: Download) -> Iterator[tuple[Download, list[Notice]]]:
    """The download, then what is inside the only folder or archive in it, and so on; with notices on what is beside."""
    beside: list[Notice] = []
    for _ in range(_MOST_WRAPPINGS):
        yield download, list(beside)
        folders = download.listing.top_folders()
        archives = [entry for entry in download.listing.top_files() if entry.is_archive]
        loose = [entry for entry in download.listing.top_files() if not entry.is_archive]
        if any(entry.suffix in CODE for entry in loose) or len(folders) + len(archives) != 1:
            return
        beside += [
            Notice(entry.shown, NoticeKind.UNMATCHED, "lies beside the submissions and belongs to nobody")
            for entry in loose
        ]
        if archives:
            listing = download.open_archive(archives[0])
            if listing is None:
                return
            beside += listing.notices
            name = stem_of(archives[0].name)
            download = replace(download.inside(name, listing), shown=archives[0].shown)
        else:
            if (folders[0],) in download.listing.repositories:
                return
            download = download.inside(folders[0], download.listing.under(folders[0]))


def few(count: int, of: int) -> bool:
    """Whether there are so few exceptions that they leave no doubt about the rule."""
    return count <= max(1, int(_FEW * of))
