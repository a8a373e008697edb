"""Microsoft Teams: the class's "Student Work" library, downloaded from SharePoint or synchronised by OneDrive.

    Submitted files/Jane Doe/HW 02/Version 1/02.py          what was turned in, at each time
    Submitted files/Jane Doe/HW 02/02.py                    without versions
    Working files/Jane Doe/HW 02/02.py                      what a student works at; not handed in

Microsoft's documentation for administrators has the library's name, Student Work. The folders of students and
assignments are as public programs that watch such a library read them, those of versions as instructors report them.
Students are told apart by their names alone, as in the library itself. The largest version counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from grader.intake.containers import few
from grader.intake.folding import folded
from grader.intake.handin import Download, Handin
from grader.intake.model import Notice, NoticeKind, Student
from grader.intake.naming import Strength
from grader.intake.reading import Reading
from grader.intake.tree import Entry, Listing

NAME = "teams"
TITLE = "Microsoft Teams"
PROVEN = True
ONLY_BY_NAME = False

_VERSION = re.compile(r"[^\W\d_]+ (?P<number>[0-9]{1,4})")
_WORKING = "working files"
_SUBMITTED = "submitted files"


def read(download: Download) -> Iterator[Reading]:
    """One hand-in per student, assignment and version."""
    folders = download.listing.split()
    submitted = next((name for name in folders if folded(name) == _SUBMITTED), None)
    if submitted is not None:
        download = replace(download, listing=folders.pop(submitted), shown=download.where(submitted))
        beside, folders = folders, download.listing.split()
    else:
        beside = {}
    if not folders or not (_is_teams(folders) or (submitted is not None and _in_assignments(folders))):
        return
    reading = Reading(NAME, TITLE, proven=True)
    for name in beside:
        reason = "holds what students were working at, not what they turned in"
        if folded(name) != _WORKING:
            reason = "lies beside the files that were turned in, and is nobody's"
        reading.notices.append(Notice(name, NoticeKind.UNMATCHED, reason))
    assignments = set()
    for name, inner in folders.items():
        for assignment, versions in inner.split().items():
            assignments.add(assignment)
            _add(reading, download, name, assignment, versions)
        for entry in inner.top_files():
            reason = "lies in no assignment's folder"
            reading.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason, name))
        if not inner.top_folders():
            reading.handins.append(Handin(Student(name, name), (), download.where(name)))
    for entry in download.listing.top_files():
        reason = "lies in no student's folder"
        reading.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
    reading.downloads = len(assignments) or 1
    yield reading


def _is_teams(folders: dict[str, Listing]) -> bool:
    """Whether nearly all files lie in a version's folder, in an assignment's, in a student's."""
    paths = [entry.folder for inner in folders.values() for entry in inner.entries]
    fitting = sum(len(path) >= 2 and _VERSION.fullmatch(path[1]) is not None for path in paths)
    words = {folded(path[1]).split()[0] for path in paths if len(path) >= 2 and _VERSION.fullmatch(path[1])}
    return fitting > 0 and len(words) == 1 and few(len(paths) - fitting, len(paths))


def _in_assignments(folders: dict[str, Listing]) -> bool:
    """Whether nearly all files lie in an assignment's folder, in a student's."""
    paths = [entry.folder for inner in folders.values() for entry in inner.entries]
    return few(sum(not path for path in paths), len(paths)) and any(paths)


def _add(reading: Reading, download: Download, name: str, assignment: str, versions: Listing) -> None:
    problem = download.names.best(assignment, Strength.CERTAIN) or download.problem
    own: dict[int, list[Entry]] = {}
    for entry in versions.entries:
        match = _VERSION.fullmatch(entry.parts[0]) if len(entry.parts) > 1 else None
        number = int(match["number"]) if match else 0
        own.setdefault(number, []).append(entry.at(entry.parts[1:] if match else entry.parts))
    shown = f"{download.where(name)}/{assignment}"
    for number, files in own.items() or [(0, list[Entry]())]:
        reading.handins.append(
            Handin(Student(name, name), tuple(files), shown, problem=problem, attempt=f"{number:04}")
        )
