"""What intake hands on: students, their work, and a list of everything that could not be used as it was."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec

from grader.model import SourceFile, Submission


class NoticeKind(StrEnum):
    """Why something is worth a line to the instructor."""

    REFUSED = "refused"
    """A link, a device, a bomb, a path that climbs out, a file over the limit: not opened, or not further."""
    EMPTY = "empty"
    """A file without content, or a student without a file that can be graded."""
    UNMATCHED = "unmatched"
    """Belongs to no student or to no problem, as far as can be told."""
    DOUBLE = "double"
    """A second answer of the same student to the same problem; another one was taken."""
    LATE = "late"
    MISSING = "missing"
    """On the roster, but handed in nothing."""
    NOTE = "note"
    """Used, but in a way that the instructor may want to know of."""


class Notice(msgspec.Struct, frozen=True):
    """One thing that was not used, or not as it was."""

    path: str
    """Inside the source, with ``/``, through archives too."""
    kind: NoticeKind
    reason: str
    """One sentence without a full stop."""
    student: str | None = None
    problem: str | None = None


class Student(msgspec.Struct, frozen=True):
    """One student; `id` is what results and exports are filed under."""

    id: str
    """The platform's own number where it has one, else the name of the folder or file."""
    name: str
    late: bool = False
    """Whether any of the student's work came late."""
    sis_id: str = ""
    login: str = ""
    email: str = ""
    section: str = ""
    tutor: str = ""


class Work(msgspec.Struct, frozen=True):
    """One student's answer to one problem."""

    student: str
    """`Student.id`."""
    problem: str
    """`Problem.slug`."""
    submission: Submission
    """Without the contents of its files, where whoever asked for the intake has put these away."""
    late: bool = False
    along: tuple[str, ...] = ()
    """Where the submission's extra files come from, in their order."""
    why: str = ""
    """Why it is taken for the answer to this problem."""
    handed_in: str = ""
    """When, in ISO 8601 with its zone, where the platform says so."""
    by: str = ""
    """`Student.id` of the group's member who handed it in, where that is another one."""


Keep = Callable[[Submission], Submission]
"""Takes an answer as it is read, and returns what the intake holds of it."""


def whole(submission: Submission) -> Submission:
    """Held as it is, with the contents of its files."""
    return submission


def emptied(submission: Submission) -> Submission:
    """A submission without the contents of its files."""
    extra = tuple(SourceFile(file.name, b"") for file in submission.extra)
    return msgspec.structs.replace(submission, main=SourceFile(submission.main.name, b""), extra=extra)


class Intake(msgspec.Struct, frozen=True):
    """Everything found in a class's submissions, in an order that does not depend on the file system."""

    layout: str
    """The name of the layout by which they were read, as ``--layout`` takes it; ``plan`` where a plan was followed."""
    students: tuple[Student, ...]
    work: tuple[Work, ...]
    notices: tuple[Notice, ...]
    reading: str = ""
    """What was read and how, in a line: ``Moodle, 2 assignments, 60 students``."""
    doubts: tuple[str, ...] = ()
    """Why this may be wrong. Empty unless the caller wanted a reading in spite of doubts."""

    @property
    def without_work(self) -> dict[str, str]:
        """Student -> why there is no answer of theirs at all, in a sentence without a full stop."""
        found = dict.fromkeys((student.id for student in self.students), "handed in nothing")
        for kind in _SAYS_WHY:
            found |= {n.student: n.reason for n in self.notices if n.student in found and n.kind == kind}
        for work in self.work:
            found.pop(work.student, None)
        return found


_SAYS_WHY = (NoticeKind.REFUSED, NoticeKind.EMPTY, NoticeKind.MISSING)
"""From the least telling kind of notice to the one that says best why."""
