"""A folder or archive per problem, with the students inside: as folders, as archives, or as files that name them.

01-maxpool/jane.py, 01-maxpool/bob/answer.py, 02-conv-bias/jane.py, old/jane/answer.py (listed, not graded)
"""

from __future__ import annotations

from collections.abc import Iterator

from grader.intake.containers import containers
from grader.intake.content import CODE
from grader.intake.filenames import is_problems_name
from grader.intake.folding import listed
from grader.intake.handin import Container, Download
from grader.intake.layouts import folders, plain
from grader.intake.model import Notice, NoticeKind
from grader.intake.naming import Strength, names_nobody
from grader.intake.reading import Reading
from grader.intake.versions import says_only_version

NAME = "problem-folders"
TITLE = "Folders, one per problem"
PROVEN = False
ONLY_BY_NAME = False


def read(download: Download) -> Iterator[Reading]:
    """The students inside the folders that are named like problems; other folders are listed."""
    found = containers(download)
    named = [each for each in found if _names_a_problem(each, download)]
    strays = [each for each in found if each not in named]
    if not named or len(strays) > len(named):
        return
    reading = Reading(NAME, TITLE, downloads=len(named))
    for each in named:
        inner = _inside(each)
        if inner is None:
            return
        reading.handins += inner.handins
        reading.notices += [*inner.notices, *each.download.listing.notices]
        reading.doubts += inner.doubts
    students = {handin.student.id for handin in reading.handins}
    _add_strays(reading, strays, students)
    loose = [entry for entry in download.listing.top_files() if not entry.is_archive]
    for entry in loose:
        reason = "lies beside the problems' folders and belongs to nobody"
        reading.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
    code = [entry.name for entry in loose if entry.suffix in CODE and not names_nobody(entry.name)]
    if code:
        reading.doubts.append(f"code lies beside the problems' folders: {listed(code, 2)}")
    yield reading


def _names_a_problem(container: Container, download: Download) -> bool:
    return is_problems_name(container.name, download.names) or (
        download.names.best(container.name, Strength.SLUG) is not None
        and folders.looks_like_people(container.download, containers(container.download), certain=False) > 1
    )


def _inside(container: Container) -> Reading | None:
    """The students in one problem's folder, or None where what is there names none."""
    download = container.download
    found = containers(download)
    if found and not folders.looks_like_people(download, found, certain=False):
        return None
    layout = folders if found else plain
    return next(iter(layout.read(download)), None)


def _add_strays(reading: Reading, strays: list[Container], students: set[str]) -> None:
    for stray in strays:
        reason = "is no problem's folder; nothing in it is graded"
        reading.notices.append(Notice(stray.download.shown, NoticeKind.UNMATCHED, reason))
        if not stray.opened or not stray.holds_code:
            continue
        if names_nobody(stray.name) or says_only_version(stray.name):
            continue
        reading.doubts.append(f"{stray.download.shown} is no problem's folder and holds code")
    if students & {stray.name for stray in strays}:
        reading.doubts.append("a student's folder lies beside those of the problems")
