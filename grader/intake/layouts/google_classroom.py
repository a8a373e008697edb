"""Google Classroom: the assignment's Drive folder, where each file's name begins with the student's.

    Jane Doe - HW 02.ipynb

Classroom gives such names to the copies that it makes of an instructor's file for every student. What students upload
keeps the name that they gave it, and nothing in the folder says whose it is. That could not be verified further, so
this layout is read only with ``--layout google-classroom``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.intake.content import CODE
from grader.intake.handin import Download, Handin
from grader.intake.model import Notice, NoticeKind, Student
from grader.intake.reading import Reading

NAME = "google-classroom"
TITLE = "Google Classroom"
PROVEN = True
ONLY_BY_NAME = True

_NAMED = re.compile(r"(?P<name>.*?\S)\s+-\s+(?P<file>\S.*)", re.DOTALL)
_COPY = re.compile(r"\A(?:Copy of|Kopie von|Copie de|Copia de|Cópia de)\s+", re.IGNORECASE)


def read(download: Download) -> Iterator[Reading]:
    """Every file whose name begins with a student's."""
    reading = Reading(NAME, TITLE, proven=True)
    for entry in download.listing.top_files():
        match = _NAMED.fullmatch(_COPY.sub("", entry.name))
        if match is None or (entry.suffix not in CODE and not entry.is_archive):
            reason = "does not begin with a student's name and a dash, as Google Classroom names its copies"
            if match is not None:
                reason = "is neither a Python file nor a notebook"
            reading.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
            continue
        student = Student(match["name"], match["name"])
        own = (entry.at((match["file"],)),)
        reading.handins.append(Handin(student, own, entry.shown, problem=download.problem))
    for folder in download.listing.top_folders():
        reason = "is a folder; Google Classroom's files lie side by side"
        reading.notices.append(Notice(download.where(folder), NoticeKind.UNMATCHED, reason))
    if reading.handins:
        yield reading
