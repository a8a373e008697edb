"""Submissions from wherever they come: a file, a folder, a platform's download. Nothing in them is trusted.

`read_submission` reads one, `collect_one` finds one student's answers, `collect` a class's. None of them parses what a
student wrote: that happens in the room.
"""

from grader.intake.athome import about_files_beside
from grader.intake.collect import ROSTER, collect, collect_one
from grader.intake.model import Intake, Keep, Notice, NoticeKind, Student, Work, emptied
from grader.intake.single import read_submission, unsaved_submission

__all__ = [
    "ROSTER",
    "Intake",
    "Keep",
    "Notice",
    "NoticeKind",
    "Student",
    "Work",
    "about_files_beside",
    "collect",
    "collect_one",
    "emptied",
    "read_submission",
    "unsaved_submission",
]
