"""A folder or an archive per student; files beside them may name their student, as in `plain`.

    jane/01.py, jane/02-conv-bias/submission.py, bob.zip, cy_02.py

A folder's name may hold a problem as well: ``jane_hw1/``, ``jane_hw2/`` are one student's. What in it is the student is
told by all names together (`filenames`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from grader.intake.containers import containers
from grader.intake.content import CODE, stem
from grader.intake.filenames import Told, is_problems_name, may_be_an_id, tell_apart
from grader.intake.folding import folded, listed, words
from grader.intake.handin import Container, Download, Handin
from grader.intake.identity import names_on
from grader.intake.layouts import plain
from grader.intake.model import Notice, NoticeKind, Student
from grader.intake.naming import bears_a_platforms_mark, names_nobody
from grader.intake.reading import Reading
from grader.intake.versions import says_only_version

NAME = "folders"
TITLE = "Folders, one per student"
PROVEN = False
ONLY_BY_NAME = False

_SECTIONS = words("section sections tutorial tutorials tutorium seminar recitation class session kurs cohort")


def read(download: Download) -> Iterator[Reading]:
    """Every folder and every archive is a student's."""
    found = containers(download)
    if not found:
        return
    reading = Reading(NAME, TITLE)
    on_roster = names_on(download.people)
    strays = [each for each in found if _is_stray(each, on_roster)]
    strays = strays if len(strays) < len(found) else []
    students = [each for each in found if each not in strays]
    for stray in strays:
        reason = "is nobody's folder by its name; nothing in it is graded"
        reading.notices.append(Notice(stray.download.shown, NoticeKind.UNMATCHED, reason))
    _add_folders(reading, download, students, on_roster)
    plain.add_files(reading, download)
    yield reading


def _is_stray(container: Container, on_roster: Collection[str]) -> bool:
    """Whether a folder is nobody's: by the roster, or as its name is nobody's and it holds nothing to grade."""
    if not container.opened or container.name in on_roster:
        return False
    return is_nobody(container.name) and (bool(on_roster) or not container.holds_code)


def _add_folders(
    reading: Reading, download: Download, students: Sequence[Container], on_roster: Collection[str]
) -> None:
    told = _told(download, students)
    reading.doubts += told.doubts
    archives = {entry.shown: entry for entry in download.listing.top_files() if entry.is_archive}
    like_problems: list[str] = []
    for each, named in zip(students, told.named, strict=True):
        name = named.student
        if not name:
            if not is_nobody(each.name):
                like_problems.append(each.name)
            name = each.name
        problem = named.problem if named.certain and named.student else None
        archive = archives.get(each.download.shown) or archives.get(each.download.shown.rpartition("/")[0])
        files = (archive,) if archive is not None else each.download.listing.entries
        shown = archive.shown if archive is not None else each.download.shown
        reading.handins.append(Handin(Student(name, name), files, shown, problem=problem or download.problem))
    marked = [each.name for each in students if bears_a_platforms_mark(each.name)]
    if marked:
        reading.doubts.append(f"{listed(marked, 2)} is named as a platform names what it gives out")
    if like_problems:
        reading.doubts.append(f"students would be named like problems: {listed(like_problems, 3)}")
    nobody = [each.name for each in students if is_nobody(each.name) and each.name not in on_roster]
    if len(nobody) == 1:
        reading.doubts.append(f"{nobody[0]} would be a student, and that is no name")
    elif nobody:
        reading.doubts.append(f"{listed(nobody, 3)} would be students, and those are no names")
    tops = [folded(each.name).split() for each in students]
    if len(tops) > 1 and all(_SECTIONS & set(top) for top in tops):
        reading.doubts.append("the folders are named like sections of a course")


def is_nobody(name: str) -> bool:
    """Whether a name is made of words for files or for versions alone."""
    return names_nobody(name) or says_only_version(name)


def _told(download: Download, found: Sequence[Container]) -> Told:
    """The student in the name of each folder, and the problem where a name has one."""
    return tell_apart(
        [each.name for each in found],
        download.names,
        lambda index: download.answered_in(found[index].download.listing),
        download.problem,
        numbers_alone=False,
    )


def looks_like_people(download: Download, found: Sequence[Container], certain: bool) -> int:
    """How many students the names at the top of a download could be; 0 where one of them is no student's.

    To be `certain` a file has to name its problem as well.
    """
    told = _told(download, found)
    people = [named.student for named in told.named]
    if any(map(is_nobody, people)) or any(
        is_problems_name(name, download.names) and not (certain and may_be_an_id(name)) for name in people
    ):
        return 0
    if any(
        download.names.best(each.name) is not None and not named.student
        for each, named in zip(found, told.named, strict=True)
    ):
        return 0
    files = [entry for entry in download.listing.top_files() if entry.suffix in CODE]
    in_files = tell_apart(
        [stem(entry.name) for entry in files],
        download.names,
        lambda index: download.answers(files[index]),
        download.problem,
    )
    for named in in_files.named:
        if not named.student or is_nobody(named.student) or (certain and not named.certain):
            return 0
        people.append(named.student)
    return len(set(people))
