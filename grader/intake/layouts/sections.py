"""A folder or archive per section, tutorial or round, with the students inside, or the problems and then the students.

    Tutorial A/jane/01.py, Tutorial B/bob_02.py, Section 2/02-conv-bias/kim.py
    Round 1/jane/01.py, Round 2/jane/01.py            rounds: the same students again, the last one counts

A student is in one section. The same name in two of them may be two people: that is a doubt, except where the folders
are rounds by their names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.intake.containers import containers
from grader.intake.content import CODE
from grader.intake.filenames import is_problems_name, may_be_an_id
from grader.intake.folding import listed, natural
from grader.intake.handin import Container, Download
from grader.intake.layouts import folders, plain, problem_folders
from grader.intake.model import Notice, NoticeKind
from grader.intake.reading import Reading
from grader.intake.versions import version_of

NAME = "sections"
TITLE = "Folders, one per section"
ROUNDS = "Folders, one per round"
PROVEN = False
ONLY_BY_NAME = False

_CLASS = 3
"""Students that the only folder has to hold: fewer names may be those of a student's own folders."""


def read(download: Download) -> Iterator[Reading]:
    """The students inside every folder; where folders are rounds, a later round replaces an earlier one."""
    if any(entry.suffix in CODE for entry in download.listing.top_files()):
        return
    found = containers(download)
    strays = [each for each in found if not each.holds_code and not containers(each.download)]
    sections = [each for each in found if each not in strays]
    if not sections or any(not each.opened for each in sections):
        return
    # A name that is a problem's and nothing else is no section's.
    if any(is_problems_name(each.name, download.names) for each in sections):
        return
    inner: list[Reading] = []
    for each in sections:
        reading = _inside(each, alone=len(sections) == 1)
        if reading is None:
            return
        inner.append(reading)
    if len(sections) == 1 and inner[0].students < _CLASS:
        return
    if max(reading.students for reading in inner) < 2:
        return  # A folder in a folder, for every student.
    yield _together(download, sections, strays, inner)


def _inside(section: Container, alone: bool) -> Reading | None:
    download = section.download
    found = containers(download)
    if found and any(is_problems_name(each.name, download.names) for each in found):
        by_problem = next(iter(problem_folders.read(download)), None)
        # "a05" is as likely a student.
        ids = all(may_be_an_id(each.name) for each in found)
        if not ids or (by_problem is not None and not by_problem.doubts):
            return by_problem
    people = folders.looks_like_people(download, found, certain=True)
    if people < (_CLASS if alone else 1):
        return None
    return next(iter((folders if found else plain).read(download)), None)


def _together(
    download: Download, sections: Sequence[Container], strays: Sequence[Container], inner: Sequence[Reading]
) -> Reading:
    order = _rounds(sections)
    whole = Reading(NAME, ROUNDS if order else TITLE, downloads=len(sections))
    places: dict[str, set[str]] = defaultdict(set)
    for section, reading in zip(sections, inner, strict=True):
        attempt = order.get(section.name, "")
        whole.handins += [replace(handin, attempt=attempt or handin.attempt) for handin in reading.handins]
        whole.notices += [*reading.notices, *section.download.listing.notices]
        whole.doubts += reading.doubts
        for handin in reading.handins:
            places[handin.student.id].add(section.name)
    for stray in strays:
        reason = "is no section's folder: nothing in it could be graded"
        whole.notices.append(Notice(stray.download.shown, NoticeKind.UNMATCHED, reason))
    for entry in download.listing.top_files():
        if not entry.is_archive:
            reason = "lies beside the sections and belongs to nobody"
            whole.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
    if not order:
        for student, names in sorted(places.items(), key=lambda pair: natural(pair[0])):
            if len(names) > 1:
                whole.doubts.append(f"{student} is in {listed(sorted(names, key=natural), 3)}: one student or several")
    return whole


def _rounds(sections: Sequence[Container]) -> dict[str, str]:
    """Name -> what sorts the rounds; empty where the names are no rounds."""
    versions = {each.name: version_of(each.name) for each in sections}
    # A number alone is a section's as well; it takes a word such as "round", a date, or "late" and "final".
    ranks = {(version.standing, version.date, version.number) for version in versions.values()}
    cores = {version.core for version in versions.values()}
    if len(sections) < 2 or cores != {()} or len(ranks) < len(sections):
        return {}
    in_order = sorted(versions, key=lambda name: versions[name].rank[:3])
    return {name: f"{index:04}" for index, name in enumerate(in_order)}
