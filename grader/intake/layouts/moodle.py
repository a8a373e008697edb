"""Moodle: "Download all submissions", with "Download submissions in folders" ticked or not.

    Jane Doe_12345_assignsubmission_file/02.py          a folder per student and kind of submission
    Jane Doe_12345_assignsubmission_file_/02.py         as older versions wrote it
    Jane Doe_12345_assignsubmission_file_02.py          without folders
    Jane Doe_12345_assignsubmission_onlinetext/onlinetext.html
    Group A_7_assignsubmission_file/02.py               team submissions: the group and its number
    Grades-DL101-Max pooling-4711.csv                   a grading worksheet, where one lies there

The number is the one in the grading worksheet's identifier ("Participant 12345"), which makes it the
student's id here. With blind marking the name is the word for "Participant" in the site's language. All of this is as
in Moodle's public source (`mod_assign`).

Moodle gives everyone a new number for every assignment. Across the downloads of several assignments a student is
known by the full name, if nobody else in any of them has it; else by the address or id number that grading worksheets
or the roster give for the numbers.

A name of which one part looks like Moodle's own mark could be read in two ways: such a file takes nobody's place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import msgspec

from grader.errors import UsageError
from grader.intake.containers import few
from grader.intake.files import Refused
from grader.intake.folding import listed, natural
from grader.intake.handin import Download, Handin
from grader.intake.model import Notice, NoticeKind, Student
from grader.intake.reading import Reading
from grader.intake.roster import RosterRow, read_roster
from grader.intake.tree import Entry

NAME = "moodle"
TITLE = "Moodle"
PROVEN = True
ONLY_BY_NAME = False

_MARK = "_assignsubmission_"
_NAMED = re.compile(
    r"(?P<name>.*?)(?:_(?P<number>[0-9]{1,18}))?_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?",
    re.DOTALL,
)
_LAST = re.compile(r"(?P<name>.*)_(?P<number>[0-9]{1,18})", re.DOTALL)
_TYPED = frozenset({"onlinetext", "comments"})
_NUMBER = re.compile(r"\D*([0-9]{1,18})")
_MOST_WORKSHEET = 20_000_000


def read(download: Download) -> Iterator[Reading]:
    """One hand-in per folder; without folders, one per file."""
    listing = download.listing
    folders, files = listing.split(), [e for e in listing.top_files() if not _is_worksheet(e)]
    if not _recognises(list(folders)) and not _recognises([entry.name for entry in files]):
        return
    reading = Reading(NAME, TITLE, proven=True)
    unplaced = 0
    for folder, inner in folders.items():
        match = _match(folder, reading, download.where(folder))
        if match is None or match["file"]:
            reason = "is not named as Moodle names a student's folder"
            unplaced += _unplaced(reading, download.where(folder), reason, folder)
        else:
            _add(reading, download, match, inner.entries, download.where(folder))
    for entry in files:
        match = _match(entry.name, reading, entry.shown)
        if match is None or not match["file"]:
            reason = "is not named as Moodle names a student's file"
            unplaced += _unplaced(reading, entry.shown, reason, entry.name)
        else:
            _add(reading, download, match, (entry.at((match["file"],)),), entry.shown)
    if not few(unplaced, len(folders) + len(files)):
        reading.doubts.append("many names are not such as Moodle gives")
    yield reading


def worksheets(download: Download) -> list[RosterRow]:
    """What the grading worksheets at the top of a download say of its participants."""
    rows: list[RosterRow] = []
    for entry in download.listing.top_files():
        if _is_worksheet(entry):
            try:
                rows += read_roster(entry.fetch(_MOST_WORKSHEET), entry.shown)
            except (Refused, UsageError):
                continue
    return rows


def joined(downloads: Sequence[Sequence[Handin]], people: Iterable[RosterRow]) -> tuple[list[Handin], list[str]]:
    """The hand-ins of several assignments, a student's under the first of the numbers; and who cannot be told apart."""
    rows = list(people)
    person = _people(rows)
    namesakes = _twice(row.name for row in {_key(row): row for row in rows if _key(row)}.values())
    numbers: dict[str, list[set[str]]] = {}
    for index, handins in enumerate(downloads):
        for handin in handins:
            numbers.setdefault(handin.student.name, [set() for _ in downloads])[index].add(handin.student.id)
    first: dict[tuple[str, str], str] = {}
    doubts = []
    for name, found in numbers.items():
        every = sorted(set[str]().union(*found), key=natural)
        keys = {number: person.get(number, "") for number in every}
        alone = max(map(len, found)) == 1 and name not in namesakes and len(set(keys.values()) - {""}) <= 1
        if alone or sum(map(bool, found)) < 2:
            first |= {(name, number): every[0] if alone else number for number in every}
        elif all(keys.values()):
            first |= {(name, n): next(m for m in every if keys[m] == keys[n]) for n in every}
        else:
            doubts.append(
                f"several students are called {name} ({listed(every, 6)}), and no grading worksheet or roster tells "
                "which numbers are whose: lay each assignment's worksheet beside its download"
            )
    every_handin = [_under(handin, first) for handins in downloads for handin in handins]
    return every_handin, [*doubts, *_two_of_one_number(every_handin)]


def _two_of_one_number(handins: Iterable[Handin]) -> Iterator[str]:
    """Doubts about numbers that are one student's in an assignment and somebody else's in another."""
    names: dict[str, set[str]] = defaultdict(set)
    for handin in handins:
        names[handin.student.id].add(handin.student.name)
    for number, found in names.items():
        if len(found) > 1:
            yield f"number {number} is {' in one assignment and '.join(sorted(found)[:2])} in another"


def _key(row: RosterRow) -> str:
    return row.email or row.sis_id or row.login


def _people(rows: Sequence[RosterRow]) -> dict[str, str]:
    """A participant's number -> what is the same for a student in every assignment."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if (match := _NUMBER.fullmatch(row.id)) and _key(row):
            found[match[1]].add(_key(row))
    return {number: keys.pop() for number, keys in found.items() if len(keys) == 1}


def _twice(names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    return {name for name in names if name in seen or seen.add(name)}  # type: ignore[func-returns-value]


def _under(handin: Handin, first: Mapping[tuple[str, str], str]) -> Handin:
    identity = first.get((handin.student.name, handin.student.id), handin.student.id)
    return replace(handin, student=msgspec.structs.replace(handin.student, id=identity))


def _recognises(names: Sequence[str]) -> bool:
    matching = sum(1 for name in names if _NAMED.fullmatch(name))
    return matching > 0 and 2 * matching >= len(names)


def _is_worksheet(entry: Entry) -> bool:
    return entry.suffix == ".csv" and _MARK not in entry.name


def _match(name: str, reading: Reading, shown: str) -> re.Match[str] | None:
    """The parts of a name. One that has Moodle's mark twice may be either of two students'."""
    match = _NAMED.fullmatch(name)
    if match is None or name.count(_MARK) == 1:
        return match
    later = _LAST.fullmatch(name.rpartition(_MARK)[0])
    if later is None:
        return match
    reason = (
        f"could be {match['name']}'s ({match['number'] or 'without a number'}) or that of number {later['number']}, "
        f"who would be called {later['name']!r}: it has Moodle's mark twice, and is taken for neither's"
    )
    reading.notices.append(Notice(shown, NoticeKind.REFUSED, reason))
    return None


def _unplaced(reading: Reading, shown: str, reason: str, name: str) -> int:
    if name.count(_MARK) > 1:
        return 0  # It is refused already.
    reading.notices.append(Notice(shown, NoticeKind.UNMATCHED, reason))
    return 1


def _add(reading: Reading, download: Download, match: re.Match[str], files: tuple[Entry, ...], shown: str) -> None:
    name = match["name"].strip() or "Participant"
    number = match["number"]
    # Blind marking gives every student the same name; the number tells them apart.
    student = Student(number or name, name)
    if match["plugin"] in _TYPED:
        for entry in files:
            reason = "is text typed into Moodle, not a file"
            reading.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason, student.id))
        files = ()
    reading.handins.append(Handin(student, files, shown, problem=download.problem))
