"""Files that name their student, and mostly their problem, side by side.

    jane_02.py, 02-jane.ipynb, jane_doe_conv-bias.py, team_1_maxpool.py

A file's student is what is left of its name without the problem. Which number is the problem's, and which belongs to
the student's name, is told by all names together (`filenames`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from grader.intake.containers import few
from grader.intake.content import CODE, stem
from grader.intake.filenames import beside_the_problem, tell_apart
from grader.intake.folding import folded, listed, squashed
from grader.intake.handin import Download, Handin
from grader.intake.identity import names_on
from grader.intake.model import Notice, NoticeKind, Student
from grader.intake.naming import bears_a_platforms_mark, names_nobody
from grader.intake.reading import Reading
from grader.intake.versions import says_only_version

NAME = "plain"
TITLE = "Files named after their students"
PROVEN = False
ONLY_BY_NAME = False


def read(download: Download) -> Iterator[Reading]:
    """Every code file is a student's; folders are nobody's."""
    files = [entry for entry in download.listing.top_files() if entry.suffix in CODE]
    if not files or any(entry.is_archive for entry in download.listing.top_files()):
        return
    folders = download.listing.split()
    if any(entry.suffix in CODE for inner in folders.values() for entry in inner.entries):
        return
    reading = Reading(NAME, TITLE)
    add_files(reading, download)
    for folder in folders:
        reason = "is a folder without code, beside students' files"
        reading.notices.append(Notice(download.where(folder), NoticeKind.UNMATCHED, reason))
    yield reading


def add_files(reading: Reading, download: Download) -> None:
    """The hand-ins of files that lie in no folder. What they cannot be is in the reading's notices and doubts."""
    files = [entry for entry in download.listing.top_files() if entry.suffix in CODE]
    for entry in download.listing.top_files():
        if entry.suffix not in CODE and not entry.is_archive:
            reason = "is neither a Python file nor a notebook, and lies in no student's folder"
            reading.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
    told = tell_apart(
        [stem(entry.name) for entry in files],
        download.names,
        lambda index: download.answers(files[index]),
        download.problem,
    )
    reading.doubts += told.doubts
    known = {handin.student.id for handin in reading.handins}
    on_roster = names_on(download.people)
    nobody = []
    for entry, named in zip(files, told.named, strict=True):
        helper = names_nobody(named.student) and named.student not in known and not named.certain
        if not folded(named.student) or helper:
            reason = "names no student; call it like jane_02.py, or put it into a folder named after the student"
            reading.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
            nobody.append(entry.name)
            own = stem(entry.name)
            # "02" can be nobody; Copy and Pool are surnames.
            more = folded(beside_the_problem(own, download.names)) or squashed(own) in download.names.single_words
            if more and (named.problem or download.answers(entry)):
                reading.doubts.append(f"{entry.shown} is an answer, and its name may be nobody's")
            continue
        student = Student(named.student, named.student)
        reading.by_functions += not named.certain
        reading.handins.append(
            Handin(student, (entry,), entry.shown, problem=named.problem or download.problem, flat_name=True)
        )
    marked = [entry.name for entry in files if bears_a_platforms_mark(entry.name)]
    if marked:
        reading.doubts.append(f"{listed(marked, 2)} is named as a platform names what it gives out")
    doubtful = sorted({named.student for named in told.named if _may_be_nobody(named.student, known | on_roster)})
    if doubtful:
        reading.doubts.append(f"{listed(doubtful, 3)} would be a student, and that is no name")
    if not few(len(nobody), len(files)) or (nobody and len(nobody) == len(files) and not known):
        reading.doubts.append(f"{len(nobody)} files name no student, such as {listed(nobody, 2)}")


def _may_be_nobody(student: str, people: Collection[str]) -> bool:
    """Whether what is left of a file's name is made of words for files or versions alone, and is nobody known."""
    return bool(folded(student)) and student not in people and (names_nobody(student) or says_only_version(student))
