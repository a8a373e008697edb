"""Moodle: "Download all submissions", with "Download submissions in folders" ticked or not.

    Jane Doe_12345_assignsubmission_file/02.py          a folder per student and kind of submission
    Jane Doe_12345_assignsubmission_file_/02.py         as older versions wrote it
    Jane Doe_12345_assignsubmission_file_02.py          without folders
    Jane Doe_12345_assignsubmission_onlinetext/onlinetext.html
    Group A_7_assignsubmission_file/02.py               team submissions: the group and its number

The number is the one in the grading worksheet's identifier ("Participant 12345"), which makes it the
student's id here. With blind marking the name is the word for "Participant" in the site's language.

Moodle gives everyone a new number for every assignment. Across the downloads of several assignments a student is
known by the full name, if nobody else in any of them has it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from grader.intake.handin import Download, Handin, Sorted
from grader.intake.model import Layout, Notice, NoticeKind, Student
from grader.intake.text import folded, natural
from grader.intake.tree import Entry

LAYOUT = Layout.MOODLE

_NAMED = re.compile(
    r"(?P<name>.*?)(?:_(?P<number>[0-9]{1,18}))?_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?",
    re.DOTALL,
)
_TYPED = frozenset({"onlinetext", "comments"})


def recognises(download: Download) -> bool:
    """Whether most folders, or without folders most files, follow the pattern."""
    listing = download.listing
    for names in (listing.top_folders(), [entry.name for entry in listing.top_files()]):
        matching = sum(1 for name in names if _NAMED.fullmatch(name))
        if matching and 2 * matching >= len(names):
            return True
    return False


def sort(download: Download) -> Sorted:
    """One hand-in per folder; without folders, one per file."""
    found = Sorted()
    for folder, listing in download.listing.split().items():
        match = _NAMED.fullmatch(folder)
        if match is None or match["file"]:
            reason = "is not named as Moodle names a student's folder"
            found.notices.append(Notice(download.where(folder), NoticeKind.UNMATCHED, reason))
        else:
            _add(found, download, match, listing.entries, download.where(folder))
    for entry in download.listing.top_files():
        match = _NAMED.fullmatch(entry.name)
        if match is None or not match["file"]:
            reason = "is not named as Moodle names a student's file"
            found.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
        else:
            _add(found, download, match, (replace(entry, parts=(match["file"],)),), entry.shown)
    return found


def joined(downloads: Sequence[Sequence[Handin]]) -> list[Handin]:
    """The hand-ins of several assignments, a student's under the first of the numbers."""
    numbers: dict[str, list[set[str]]] = {}
    for index, handins in enumerate(downloads):
        for handin in handins:
            per_download = numbers.setdefault(folded(handin.student.name), [set() for _ in downloads])
            per_download[index].add(handin.student.id)
    first = {
        name: min(set[str]().union(*found), key=natural) for name, found in numbers.items() if max(map(len, found)) == 1
    }
    return [_under(handin, first) for handins in downloads for handin in handins]


def _under(handin: Handin, numbers: Mapping[str, str]) -> Handin:
    identity = numbers.get(folded(handin.student.name), handin.student.id)
    return replace(handin, student=msgspec.structs.replace(handin.student, id=identity))


def _add(found: Sorted, download: Download, match: re.Match[str], files: tuple[Entry, ...], shown: str) -> None:
    name = match["name"].strip() or "Participant"
    number = match["number"]
    # Blind marking gives every student the same name; the number tells them apart.
    student = Student(number or name, name)
    if match["plugin"] in _TYPED:
        for entry in files:
            reason = "is text typed into Moodle, not a file"
            found.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason, student.id))
        files = ()
    found.handins.append(Handin(student, files, shown, problem=download.problem))
