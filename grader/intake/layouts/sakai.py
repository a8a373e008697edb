"""Sakai: "Download All" of an assignment.

    Homework 02/Doe, Jane(jdoe)/Submission attachment(s)/02.py
    Homework 02/Doe, Jane(jdoe)/timestamp.txt                    when, as 2026-03-01T12:30:00Z or 20260301123000…
    Homework 02/Doe, Jane(jdoe)/Doe, Jane(jdoe)_submissionText.html
    Homework 02/Doe, Jane(jdoe)_Submission attachment(s)_02.py   without folders
    Homework 02/Doe, Jane(jdoe); Roe, Bob(broe)/...              of several submitters, whose work it is
    Homework 02/grades.csv

Sakai's own source writes it so (``zipSubmissions`` of ``AssignmentServiceImpl``, sakaiproject/sakai). The folder of
attachments has its name in the site's language. What stands in brackets is the user. Without folders only the English
words are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.intake.containers import few
from grader.intake.files import Refused
from grader.intake.handin import Download, Handin
from grader.intake.model import Notice, NoticeKind, Student
from grader.intake.reading import Reading
from grader.intake.tree import Entry, Listing

NAME = "sakai"
TITLE = "Sakai"
PROVEN = True
ONLY_BY_NAME = False

_NAMED = re.compile(r"(?P<name>[^()]*[^()\s])\s*,?\s*\((?P<user>[^()\s]+)\)")
_FLAT = re.compile(
    rf"(?:{_NAMED.pattern})__?(?P<kind>Submission attachment\(s\)|submissionText)[_.](?P<file>.+)", re.DOTALL
)
_OF_SAKAI = ("grades.csv", "grades.xls", "grades.xlsx")
_TEXT = "_submissionText.html"
_STAMP, _BETWEEN = re.compile(r"[0-9]{14}"), re.compile(r"[-T: ]")


def read(download: Download) -> Iterator[Reading]:
    """One hand-in per user."""
    folders = download.listing.split()
    named = {name: members for name in folders if (members := _members(name))}
    marked = [name for name in named if _is_sakais(folders[name])]
    flat = [(e, m) for e in download.listing.top_files() if (m := _FLAT.fullmatch(e.name))]
    if 2 * len(marked) <= len(folders) and not (flat and not folders):
        return
    reading = Reading(NAME, TITLE, proven=True)
    for name, inner in folders.items():
        if name not in named:
            reason = "is not named as Sakai names a student's folder"
            reading.notices.append(Notice(download.where(name), NoticeKind.UNMATCHED, reason))
            continue
        files, attempt = _own(inner), _stamp(download, inner)
        for student in map(_student, named[name]):
            reading.handins.append(
                Handin(student, files, download.where(name), problem=download.problem, attempt=attempt)
            )
            reading.notices += [_typed(e, student) for e in inner.top_files() if e.name.endswith(_TEXT)]
    for entry, match in flat:
        files = (entry.at((match["file"],)),) if match["kind"] != "submissionText" else ()
        reading.handins.append(Handin(_student(match), files, entry.shown, problem=download.problem))
        reading.notices += [] if files else [_typed(entry, _student(match))]
    of_students = {entry.shown for entry, _ in flat}
    for entry in download.listing.top_files():
        if entry.shown not in of_students and entry.name not in _OF_SAKAI:
            reason = "lies beside the students' folders and belongs to nobody"
            reading.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
    if not few(len(folders) - len(named), len(folders)):
        reading.doubts.append("many folders are not named as Sakai names them")
    yield reading


def _members(name: str) -> list[re.Match[str]]:
    """The submitters that a folder is named after; none where one of them is none."""
    found = [_NAMED.fullmatch(each) for each in name.split("; ")]
    members = [match for match in found if match]
    return members if len(members) == len(found) else []


def _is_sakais(inner: Listing) -> bool:
    return any(entry.parts == ("timestamp.txt",) or entry.name.endswith(_TEXT) for entry in inner.entries) or any(
        "attachment" in folder.lower() for folder in inner.top_folders()
    )


def _own(inner: Listing) -> tuple[Entry, ...]:
    """The student's files: without Sakai's own, and without the folder for the instructor's feedback."""
    own = []
    for entry in inner.entries:
        if len(entry.parts) > 1 and not entry.parts[0].lower().startswith("feedback"):
            own.append(entry.at(entry.parts[1:]))
    return tuple(own)


def _typed(entry: Entry, student: Student) -> Notice:
    return Notice(entry.shown, NoticeKind.UNMATCHED, "is text typed into Sakai, not a file", student.id)


def _stamp(download: Download, inner: Listing) -> str:
    for entry in inner.top_files():
        if entry.name == "timestamp.txt":
            try:
                text = download.read_text(entry, 1_000).lstrip("\ufeff")
            except Refused:
                return ""
            match = _STAMP.match(_BETWEEN.sub("", text[:40]))
            return match[0] if match else ""
    return ""


def _student(match: re.Match[str]) -> Student:
    last, comma, first = match["name"].partition(",")
    name = f"{first.strip()} {last.strip()}" if comma and first.strip() else match["name"].strip(", ")
    return Student(match["user"], name, login=match["user"])
