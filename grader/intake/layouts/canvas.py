"""Canvas: "Download Submissions" puts every file side by side, the student in front of the file's own name.

    doejane_12345_67890_02.py           sortable name, user id, attachment id, the student's own file name
    doejane_LATE_12345_67890_02.py      handed in after the due date
    anon_Ab3dE_67890_02.py              graded anonymously: an anonymous id instead of name and user id
    LATE_anon_Ab3dE_67890_02.py
    doejane_12345_67890_02-1.py         the student uploaded a file of that name before
    doejane_12345_text.html             typed into the platform instead of uploaded; _link.html likewise
    doe_jane12345_question_7_67890_02.py    uploaded in a quiz: name and user id, question, attachment, file

The parts are joined and cleaned by Canvas itself (`ContentZipper`, and `Quizzes::QuizSubmissionZipper` for quizzes,
in its public source): a name never holds ``_12345_``, every attachment has an id of its own, and ids grow, so that a
larger one was uploaded later. A group hands in once: its file bears the group's name or that of the member who stands
for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.intake.containers import few
from grader.intake.content import CODE
from grader.intake.handin import Download, Handin
from grader.intake.model import Notice, NoticeKind, Student
from grader.intake.reading import Reading

NAME = "canvas"
TITLE = "Canvas"
PROVEN = True
ONLY_BY_NAME = False

_UPLOAD = re.compile(
    r"(?P<name>\w*?)_(?P<late>LATE_)?(?P<user>[1-9][0-9]{0,18})_(?P<attachment>[1-9][0-9]{0,18})_(?P<file>.+)",
    re.DOTALL,
)
_ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?(?P<name>anon|anonymous)_(?P<late2>LATE_)?(?P<user>[A-Za-z0-9]{1,20})"
    r"_(?P<attachment>[1-9][0-9]{0,18})_(?P<file>.+)",
    re.DOTALL | re.IGNORECASE,
)
_TYPED = re.compile(
    r"(?:(?P<name>\w*?)_)?(?P<late>LATE_)?(?:(?P<user>[1-9][0-9]{0,18})|anon_(?P<anonymous>[A-Za-z0-9]{1,20}))"
    r"_(?P<kind>text|link)\.html"
)
_QUIZ = re.compile(
    r"(?P<name>[-\w]*?)(?P<user>[1-9][0-9]{0,18})_question_(?P<question>[0-9]+)_(?P<attachment>[1-9][0-9]{0,18})_(?P<file>.+)",
    re.DOTALL,
)
_NOT_HANDED_IN = (".csv", ".txt", ".xlsx", ".pdf", ".md", ".html")


def read(download: Download) -> Iterator[Reading]:
    """Every file is a hand-in of its own; those of one student are joined later, by user id."""
    if not _recognises(download):
        return
    reading = Reading(NAME, TITLE, proven=True)
    unplaced = 0
    for entry in download.listing.top_files():
        if typed := _TYPED.fullmatch(entry.name):
            student = _student(typed["name"] or "", typed["user"] or "", typed["anonymous"])
            what = "a link" if typed["kind"] == "link" else "text"
            notice = f"is {what} typed into Canvas, not a file"
            reading.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, notice, student.id))
            reading.handins.append(Handin(student, (), entry.shown, bool(typed["late"]), download.problem, dashes=True))
            continue
        parsed = _parse(entry.name)
        if parsed is None:
            reason = "is not named as Canvas names a student's file"
            reading.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
            unplaced += entry.suffix in CODE
            continue
        student, late, attachment, name = parsed
        own = (entry.at((name,)),)
        reading.handins.append(
            Handin(student, own, entry.shown, late, download.problem, sequence=attachment, dashes=True)
        )
    for folder in download.listing.top_folders():
        reason = "is a folder, which Canvas does not make in a download"
        reading.notices.append(Notice(download.where(folder), NoticeKind.UNMATCHED, reason))
    if not few(unplaced + len(download.listing.top_folders()), len(reading.handins)):
        reading.doubts.append("many names are not such as Canvas gives")
    yield reading


def _recognises(download: Download) -> bool:
    """Whether most files that could be a student's follow the pattern, each with an attachment id of its own."""
    files = [entry.name for entry in download.listing.top_files()]
    parsed = [found for name in files if (found := _parse(name))]
    matching = len(parsed) + sum(1 for name in files if _TYPED.fullmatch(name))
    others = sum(1 for name in files if not _parse(name) and not name.lower().endswith(_NOT_HANDED_IN))
    own = {attachment for _, _, attachment, _ in parsed}
    return matching > others and matching >= len(download.listing.top_folders()) and len(own) == len(parsed)


def _parse(name: str) -> tuple[Student, bool, int, str] | None:
    """(student, late, attachment id, the student's own file name), or None for a file of another kind."""
    if match := _ANONYMOUS.fullmatch(name):
        late = bool(match["late"] or match["late2"])
        student = _student("", "", match["user"])
        return student, late, int(match["attachment"]), match["file"]
    if match := _QUIZ.fullmatch(name):
        student = _student(match["name"].strip("_-"), match["user"], None)
        return student, False, int(match["attachment"]), match["file"]
    if match := _UPLOAD.fullmatch(name):
        return (
            _student(match["name"], match["user"], None),
            bool(match["late"]),
            int(match["attachment"]),
            match["file"],
        )
    return None


def _student(name: str, user: str, anonymous: str | None) -> Student:
    if anonymous is not None:
        # An anonymous id is five letters and digits; digits alone are the user's own id.
        return Student(anonymous if anonymous.isdecimal() else f"anon_{anonymous}", f"Anonymous {anonymous}")
    return Student(user, name or user)
