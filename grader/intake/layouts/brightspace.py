"""Brightspace (D2L): "Download" of all submissions of an assignment folder.

    HW 02 Download Mar 5, 2026 912 AM/
        123456-789012 - Jane Doe - Mar 1, 2026 1230 PM/02.py          a folder per submission
        123456-789012 - Jane Doe - Mar 1, 2026 1230 PM - 02.py        as older versions wrote it
        index.html                                                    a table of them

Public tools that sort such downloads describe both forms; they do not agree on whether the first of the numbers is the
user's. So it is taken for that only where every number stands with one name and every name with one number; else the
name is what tells students apart. The submission with the latest time counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from grader.intake.containers import few
from grader.intake.dates import MONTHS
from grader.intake.folding import folded, listed, natural
from grader.intake.handin import Download, Handin
from grader.intake.model import Notice, NoticeKind, Student
from grader.intake.reading import Reading

NAME = "brightspace"
TITLE = "Brightspace"
PROVEN = True
ONLY_BY_NAME = False

_NAMED = re.compile(
    r"(?P<user>[0-9]+)-(?P<folder>[0-9]+)\s+-\s+(?P<name>.+?)\s+-\s+(?P<when>[^-]*\b(?:19|20)[0-9]{2}\b[^-]*?)"
    r"(?:\s+-\s+(?P<file>.+))?",
    re.DOTALL,
)
_TIME = re.compile(
    r"(?P<month>[^\W\d_]+)\.? (?P<day>[0-9]{1,2}),? (?P<year>[0-9]{4})(?:,? (?P<hour>[0-9]{1,2}):?(?P<minute>[0-9]{2})"
    r"\s*(?P<half>[AP]M)?)?",
    re.IGNORECASE,
)
_TIME_DAY_FIRST = re.compile(
    r"(?P<day>[0-9]{1,2})\.? (?:de |of )?(?P<month>[^\W\d_]+)\.?,? (?:de )?(?P<year>[0-9]{4})"
    r"(?:,? (?P<hour>[0-9]{1,2}):?h?(?P<minute>[0-9]{2})\s*(?P<half>[AP]M)?)?",
    re.IGNORECASE,
)


def read(download: Download) -> Iterator[Reading]:
    """One hand-in per folder, or per file where there are no folders."""
    listing = download.listing
    folders, files = listing.split(), listing.top_files()
    names = [*folders, *(entry.name for entry in files if entry.name != "index.html")]
    matches = {name: match for name in names if (match := _NAMED.fullmatch(name))}
    if not matches or 2 * len(matches) <= len(names):
        return
    reading = Reading(NAME, TITLE, proven=True)
    ids = _ids(list(matches.values()))
    reading.doubts += [] if ids else _namesakes(list(matches.values()))
    for name, inner in folders.items():
        match = matches.get(name)
        if match is None or match["file"]:
            reason = "is not named as Brightspace names a student's folder"
            reading.notices.append(Notice(download.where(name), NoticeKind.UNMATCHED, reason))
            continue
        student = _student(match, ids)
        reading.handins.append(
            Handin(student, inner.entries, download.where(name), problem=download.problem, attempt=_when(match["when"]))
        )
    for entry in files:
        match = matches.get(entry.name)
        if match is not None and match["file"]:
            own = (entry.at((match["file"],)),)
            when = _when(match["when"])
            reading.handins.append(
                Handin(_student(match, ids), own, entry.shown, problem=download.problem, attempt=when)
            )
        elif entry.name != "index.html":
            reason = "is not named as Brightspace names a student's file"
            reading.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
    if not few(len(names) - len(matches), len(names)):
        reading.doubts.append("many names are not such as Brightspace gives")
    _doubt_times(reading)
    yield reading


def _ids(matches: list[re.Match[str]]) -> bool:
    """Whether the first number is the user's: as many numbers as names, each with one."""
    pairs = {(match["user"], match["name"]) for match in matches}
    return len(pairs) == len({user for user, _ in pairs}) == len({name for _, name in pairs})


def _namesakes(matches: list[re.Match[str]]) -> list[str]:
    """Doubts about names that stand with several numbers: one student's, where numbers are not users', or several's."""
    numbers: dict[str, set[str]] = defaultdict(set)
    for match in matches:
        numbers[match["name"]].add(match["user"])
    several = [f"{name} ({listed(sorted(own, key=natural), 4)})" for name, own in numbers.items() if len(own) > 1]
    return [f"{each} may be one student or several: one name, several numbers" for each in several]


def _student(match: re.Match[str], ids: bool) -> Student:
    name = match["name"].strip()
    return Student(match["user"] if ids else name, name)


def _when(text: str) -> str:
    """What sorts the times; empty where it is not understood."""
    match = _TIME.search(text) or _TIME_DAY_FIRST.search(text)
    if match is None:
        return ""
    word = folded(match["month"])
    month = next((n for n, begins in enumerate(MONTHS, 1) if any(word.startswith(b) for b in begins.split())), 0)
    hour, half = int(match["hour"] or 0), (match["half"] or "").upper()
    hour = hour % 12 + 12 * (half == "PM") if half else hour
    if not month:
        return ""
    return f"{match['year']}-{month:02}-{int(match['day']):02} {hour:02}:{match['minute'] or '00'}"


def _doubt_times(reading: Reading) -> None:
    unknown = {handin.student.id for handin in reading.handins if not handin.attempt}
    several = {
        student
        for student in unknown
        if len({handin.shown for handin in reading.handins if handin.student.id == student}) > 1
    }
    if several:
        reading.doubts.append(f"{len(several)} students handed in several times, and the times cannot be read")
