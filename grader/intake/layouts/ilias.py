"""ILIAS: "Download all submissions" of an exercise's assignment.

    Abgaben/Doe_Jane_jdoe_4711/02.py                        last name, first name, login, number of the account
    Abgaben/Team 12/Doe_Jane_jdoe_4711/02.py                of a team: whoever uploaded it
    Abgaben/Doe_Jane_jdoe_4711/Late Submission - 02.py      after the deadline

The names are those that ILIAS' own source makes (`ilExSubmission`, ILIAS 5 to 7): without accents, and for a second
file of one name with a number in brackets. What a team handed in is the work of every member that has a folder in it;
ILIAS names no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.intake.handin import Download, Handin
from grader.intake.model import Notice, NoticeKind, Student
from grader.intake.reading import Reading
from grader.intake.tree import Entry, Listing

NAME = "ilias"
TITLE = "ILIAS"
PROVEN = True
ONLY_BY_NAME = False

_NAMED = re.compile(r"(?P<last>[^_]+)_(?P<first>.+)_(?P<login>[^_]+)_(?P<number>[0-9]{2,})")
_TEAM = re.compile(r"[^\W\d_]+ [0-9]+")
_LATE = re.compile(r"(?:Late Submission|Versp(?:ä|a|ae)tete Abgabe) - (?P<file>.+)", re.DOTALL)


def read(download: Download) -> Iterator[Reading]:
    """One hand-in per member; of a team, one per member with everything that the team has."""
    folders = download.listing.split()
    if not folders or any(_kind(name, inner) is None for name, inner in folders.items()):
        return
    numbers = [match["number"] for name in folders if (match := _NAMED.fullmatch(name))]
    if len(set(numbers)) != len(numbers):
        return
    reading = Reading(NAME, TITLE, proven=True)
    for name, inner in folders.items():
        match = _NAMED.fullmatch(name)
        if match is not None:
            _add(reading, download, match, inner.entries, download.where(name))
            continue
        members = [member for folder in inner.split() if (member := _NAMED.fullmatch(folder))]
        everything = tuple(e.at(e.parts[1:]) for e in inner.entries if len(e.parts) > 1)
        for member in members:
            _add(reading, download, member, everything, download.where(name))
    for entry in download.listing.top_files():
        reason = "lies beside the students' folders and belongs to nobody"
        reading.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
    yield reading


def _kind(name: str, inner: Listing) -> str | None:
    if _NAMED.fullmatch(name):
        return "student"
    within = inner.top_folders()
    return "team" if _TEAM.fullmatch(name) and within and all(map(_NAMED.fullmatch, within)) else None


def _add(reading: Reading, download: Download, whose: re.Match[str], files: tuple[Entry, ...], shown: str) -> None:
    name = f"{whose['first']} {whose['last']}".replace("_", " ")
    student = Student(whose["number"], name, login=whose["login"])
    own: dict[bool, list[Entry]] = {False: [], True: []}
    for entry in files:
        match = _LATE.fullmatch(entry.name)
        own[match is not None].append(entry.at((*entry.folder, match["file"])) if match else entry)
    for late, entries in own.items():
        if entries or not late:
            # What came late came after what did not.
            reading.handins.append(
                Handin(student, tuple(entries), shown, late, download.problem, attempt="late" if late else "")
            )
