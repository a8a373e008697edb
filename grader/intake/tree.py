"""Submissions as one flat list of entries: in a folder, in an archive, in an archive inside one.

An entry knows where it is and how to read itself; reading happens late and through one door with a limit, so
that a class is never in memory at once. Refusals are collected by name while listing, and listing goes on.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import UsageError
from grader.intake import leftbehind
from grader.intake.content import ARCHIVES, CODE, suffix
from grader.intake.files import Refused, read_regular, reason, what_it_is
from grader.intake.folding import natural, written_apart
from grader.intake.model import Notice, NoticeKind

MAX_ENTRIES = 500_000
"""In a whole class. A thousand students with a repository each stay far below."""
MAX_DEPTH = 30
_SEEMS_CODE = re.compile(r"(?P<name>.+\.(?:py|ipynb))\.(?:txt|text|json)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """One regular file."""

    parts: tuple[str, ...]
    """Printable path components below the folder that is being looked at."""
    shown: str
    """Printable path below the source."""
    claimed_size: int
    """Bytes, as the folder or the archive says; what is read is counted."""
    fetch: Callable[[int], bytes]
    """Read at most so many bytes; raises `Refused`."""
    archives: int = 0
    """How many archives it lies in, the class's own not counted."""
    path: Path | None = None
    """Where an archive is on disk: a class's own may be too large to be read at once."""
    written: int = 0
    """When it was last written, in seconds by the clock of whoever packed its archive; 0 where that is not known."""

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def folder(self) -> tuple[str, ...]:
        return self.parts[:-1]

    @property
    def suffix(self) -> str:
        return suffix(self.parts[-1])

    @property
    def is_archive(self) -> bool:
        return self.suffix in ARCHIVES

    def at(self, parts: tuple[str, ...]) -> Entry:
        """The same file, as lying at `parts`."""
        return Entry(parts, self.shown, self.claimed_size, self.fetch, self.archives, self.path, self.written)

    @property
    def own_name(self) -> str:
        """The name that it has where it lies; `name` may be what that seems to stand for."""
        return self.shown.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Listing:
    """What one folder or archive holds, all depths."""

    entries: tuple[Entry, ...] = ()
    folders: frozenset[tuple[str, ...]] = frozenset()
    """Every folder, the empty ones too: an empty folder is a student without work."""
    repositories: frozenset[tuple[str, ...]] = frozenset()
    """Folders that hold a ``.git``."""
    notices: tuple[Notice, ...] = ()
    _split: dict[str, Listing] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `split` found: every layout asks for it."""
    _top: list[list[Entry]] = field(default_factory=list, init=False, repr=False, compare=False)
    """What `top_files` found, alone in it."""

    def top_files(self) -> list[Entry]:
        """The entries that lie in no folder."""
        if not self._top:
            self._top.append([entry for entry in self.entries if len(entry.parts) == 1])
        return list(self._top[0])

    def top_folders(self) -> list[str]:
        """Names of the outermost folders, in natural order."""
        if self._split:
            return list(self._split)
        names = {folder[0] for folder in self.folders}
        return sorted(names, key=lambda name: (natural(name), name))

    def under(self, name: str) -> Listing:
        """The listing of one outermost folder. Notices stay with the whole."""
        return Listing(
            tuple(e.at(e.parts[1:]) for e in self.entries if len(e.parts) > 1 and e.parts[0] == name),
            frozenset(folder[1:] for folder in self.folders if len(folder) > 1 and folder[0] == name),
            frozenset(folder[1:] for folder in self.repositories if folder and folder[0] == name),
        )

    def split(self) -> dict[str, Listing]:
        """`under` for every outermost folder, in one pass."""
        if self._split:
            return dict(self._split)
        entries: dict[str, list[Entry]] = {name: [] for name in self.top_folders()}
        folders: dict[str, set[tuple[str, ...]]] = {name: set() for name in entries}
        repositories: dict[str, set[tuple[str, ...]]] = {name: set() for name in entries}
        for entry in self.entries:
            if len(entry.parts) > 1:
                entries[entry.parts[0]].append(entry.at(entry.parts[1:]))
        for folder in self.folders:
            if len(folder) > 1:
                folders[folder[0]].add(folder[1:])
        for folder in self.repositories:
            if folder:
                repositories[folder[0]].add(folder[1:])
        for name, own in entries.items():
            # Entries are in order, and stay so without the name that they share.
            self._split[name] = Listing(tuple(own), frozenset(folders[name]), frozenset(repositories[name]))
        return dict(self._split)


@dataclass(slots=True)
class Collector:
    """A listing in the making."""

    entries: list[Entry] = field(default_factory=list)
    folders: set[tuple[str, ...]] = field(default_factory=set)
    repositories: set[tuple[str, ...]] = field(default_factory=set)
    notices: list[Notice] = field(default_factory=list)
    left: set[tuple[str, ...]] = field(default_factory=set)
    """What was left out and told."""

    def refuse(self, shown: str, why: str) -> None:
        self.notices.append(Notice(shown, NoticeKind.REFUSED, why))

    def add_folder(self, parts: tuple[str, ...]) -> None:
        """Note a folder and those around it."""
        while parts and parts not in self.folders:
            self.folders.add(parts)
            parts = parts[:-1]

    def leaves_out(self, parts: tuple[str, ...], shown: str) -> bool:
        """Whether a path belongs to what tools leave behind; what does not go without saying is told once."""
        told = leftbehind.told_root(parts)
        if told is None:
            return leftbehind.is_silent(parts)
        root, what = told
        self._leave(root, what, shown.removesuffix("/".join(parts)))
        return True

    def _leave(self, root: tuple[str, ...], what: str, before: str) -> None:
        if root not in self.left:
            self.left.add(root)
            path = before + "/".join(root)
            self.notices.append(Notice(path, NoticeKind.NOTE, f"{what}; nothing in it is looked at"))

    def listing(self) -> Listing:
        self._leave_environments()
        return Listing(
            tuple(sorted(self.entries, key=lambda entry: ([natural(part) for part in entry.parts], entry.parts))),
            frozenset(self.folders),
            frozenset(self.repositories),
            tuple(self.notices),
        )

    def _leave_environments(self) -> None:
        """Take out the environments that a file of their own marks."""
        marked = {root: entry for entry in self.entries if (root := leftbehind.marked_root(entry.parts)) is not None}
        if not marked:
            return
        code = [entry.parts for entry in self.entries if entry.suffix in CODE]
        out: set[tuple[str, ...]] = set()
        for root, entry in marked.items():
            depth = len(root)
            alone = depth > 0 and all(
                leftbehind.is_of_environment(parts[depth:]) for parts in code if parts[:depth] == root
            )
            out |= leftbehind.parts_of_environment(root, alone)
            before = entry.shown.removesuffix("/".join(entry.parts))
            self._leave((*root,) if alone else (*root, "lib"), leftbehind.ENVIRONMENT, before)
        inside = [any(e.parts[:depth] in out for depth in range(1, len(e.parts))) for e in self.entries]
        self.entries = [entry for entry, gone in zip(self.entries, inside, strict=True) if not gone]
        self.folders = {f for f in self.folders if not any(f[:depth] in out for depth in range(1, len(f) + 1))}


def seeming(parts: tuple[str, ...]) -> tuple[str, ...]:
    """A path without the suffix that browsers and editors put behind that of code: ``02.ipynb.json``, ``02.py.txt``."""
    match = _SEEMS_CODE.fullmatch(parts[-1])
    return (*parts[:-1], match["name"]) if match else parts


def list_folder(root: Path, shown: str = "") -> Listing:
    """List everything below `root` without following a single link.

    Raises:
        UsageError: if `root` cannot be listed, or holds more files than any class hands in.
    """
    collector = Collector()
    try:
        pending = _children(root, ())
    except OSError as error:
        raise UsageError(f"{root} cannot be listed: {reason(error)}") from error
    seen = 0
    while pending:
        child, parts = pending.pop()
        seen += 1
        if seen > MAX_ENTRIES:
            raise UsageError(f"{root} holds more than {MAX_ENTRIES:,} files", hint="Give the folder of one class.")
        if child.name == ".git":
            collector.repositories.add(parts[:-1])
        path = "/".join((shown, *parts)) if shown else "/".join(parts)
        if collector.leaves_out(parts, path):
            continue
        try:
            _visit(child, parts, path, collector, pending)
        except Refused as refusal:
            collector.refuse(path, str(refusal))
    return collector.listing()


def _children(folder: Path | str, parts: tuple[str, ...]) -> list[tuple[os.DirEntry[str], tuple[str, ...]]]:
    """What lies in a folder, with its printable path below the root."""
    children = list(os.scandir(folder))
    names = written_apart(child.name for child in children)
    return [(child, (*parts, names[child.name])) for child in children]


def _visit(
    child: os.DirEntry[str],
    parts: tuple[str, ...],
    shown: str,
    collector: Collector,
    pending: list[tuple[os.DirEntry[str], tuple[str, ...]]],
) -> None:
    try:
        status = child.stat(follow_symlinks=False)
        mode = status.st_mode
        if stat.S_ISDIR(mode):
            collector.add_folder(parts)
            if len(parts) >= MAX_DEPTH:
                raise Refused(f"is nested more than {MAX_DEPTH} folders deep")
            pending += _children(child.path, parts)
            return
    except OSError as error:
        raise Refused(f"cannot be listed: {reason(error)}") from error
    if not stat.S_ISREG(mode):
        raise Refused(f"is {what_it_is(mode)}, not a regular file")
    place = child.path
    named = seeming(parts)
    path = Path(place) if suffix(named[-1]) in ARCHIVES else None
    collector.entries.append(Entry(named, shown, status.st_size, lambda limit: read_regular(place, limit), path=path))
