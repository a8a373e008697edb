"""Blackboard Learn: "Assignment File Download" of the Grade Center.

    gradebook_DL-2026_HW02_2026-03-05-09-12-44.zip
        Homework 02_jdoe01_attempt_2026-03-01-12-30-00.txt            a receipt for every attempt
        Homework 02_jdoe01_attempt_2026-03-01-12-30-00_02.py          the files of that attempt

Every file is called after the assignment, the user, "attempt", the time, and the student's own name for it; that much
is described by the public tools that sort such downloads (bb-file-cleanup, BBGradebookOrganiser,
blackboard-analysis-tools). The receipt's first line holds the full name and, in brackets, the user, which tells where
the assignment's title ends. The attempt with the latest time counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from grader.intake.containers import few
from grader.intake.files import Refused
from grader.intake.folding import printable
from grader.intake.handin import Download, Handin
from grader.intake.model import Notice, NoticeKind, Student
from grader.intake.naming import Strength
from grader.intake.reading import Reading
from grader.intake.tree import Entry

NAME = "blackboard"
TITLE = "Blackboard"
PROVEN = True
ONLY_BY_NAME = False

_NAMED = re.compile(
    r"(?P<whose>.+)_(?:attempt|versuch|intento|tentative|tentativa|tentativo|poging)_"
    r"(?P<when>[0-9]{4}(?:-[0-9]{2}){5})(?:_(?P<file>.+)|\.txt)",
    re.DOTALL,
)
_RECEIPT = re.compile(r"\ufeff?[^:\n]{1,40}:[ \t]*(?P<name>[^\n]{1,200}?)[ \t]*\((?P<user>[^()\s]{1,100})\)[ \t]*\r?\n")
_MOST_RECEIPT = 1_000_000
_ENOUGH = 4
"""Users who do not by chance begin alike."""


def read(download: Download) -> Iterator[Reading]:
    """One hand-in per user and attempt."""
    files = download.listing.top_files()
    matches = {entry.shown: match for entry in files if (match := _NAMED.fullmatch(entry.name))}
    if not matches or 2 * len(matches) <= len(files):
        return
    reading = Reading(NAME, TITLE, proven=True)
    people = _people(download, matches)
    untold = [title for user, name, title in people.values() if user == name and "_" in title]
    if len(untold) == len(people) < _ENOUGH:
        reading.doubts.append(f"no receipt tells where the title {untold[0]!r} ends and the user's name begins")
    attempts: dict[tuple[str, str], list[Entry]] = {}
    for entry in files:
        match = matches.get(entry.shown)
        if match is None:
            reason = "is not named as Blackboard names a student's file"
            reading.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
            continue
        own = attempts.setdefault((match["whose"], match["when"]), [])
        if match["file"]:
            own.append(entry.at((match["file"],)))
    for folder in download.listing.top_folders():
        reason = "is a folder, which Blackboard does not make in a download"
        reading.notices.append(Notice(download.where(folder), NoticeKind.UNMATCHED, reason))
    if not few(len(files) - len(matches) + len(download.listing.top_folders()), len(files)):
        reading.doubts.append("many files are not named as Blackboard names them")
    for (whose, when), own in attempts.items():
        user, name, title = people[whose]
        problem = download.names.best(title, Strength.CERTAIN) or download.problem
        shown = download.where(f"{whose}_attempt_{when}")
        reading.handins.append(
            Handin(Student(user, name, login=user), tuple(own), shown, problem=problem, attempt=when)
        )
    yield reading


def _people(download: Download, matches: Mapping[str, re.Match[str]]) -> dict[str, tuple[str, str, str]]:
    """What stands before the attempt -> (user, name, the assignment's title)."""
    told: dict[str, tuple[str, str]] = {}
    for entry in download.listing.top_files():
        match = matches.get(entry.shown)
        if match is None or match["file"] or match["whose"] in told:
            continue
        try:
            receipt = _RECEIPT.match(download.read_text(entry, _MOST_RECEIPT))
        except Refused:
            continue
        if receipt and match["whose"].endswith(f"_{receipt['user']}"):
            told[match["whose"]] = printable(receipt["user"]), printable(receipt["name"])
    whole = sorted({match["whose"] for match in matches.values()})
    titles = {whose[: -len(user) - 1] for whose, (user, _) in told.items()}
    shared = _shared(whole[0], whole[-1]).rpartition("_")[0] if len(whole) > 1 else ""
    found = {}
    for whose in whole:
        if whose in told:
            user, name = told[whose]
        else:
            title = next((title for title in titles if whose.startswith(f"{title}_")), shared)
            user = whose[len(title) + 1 :] if title and whose.startswith(f"{title}_") else whose.rpartition("_")[2]
            name = user
        found[whose] = user, name, whose[: -len(user) - 1]
    return found


def _shared(first: str, last: str) -> str:
    """What both begin with; of sorted names, what all begin with."""
    length = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:length]
