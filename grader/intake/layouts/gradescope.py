"""Gradescope: "Download Submissions" of a programming assignment.

    assignment_8046601_export/submission_metadata.yml
    assignment_8046601_export/submission_123456/02.py

The metadata names the submitters of each folder, several for a group, and when it was made:

    submission_123456:
      :submitters:
      - :name: Jane Doe
        :sid: '0012345'
        :email: jane@example.edu
      :created_at: 2024-02-20 10:11:12.123456000 Z
      :score: 7.5
      :results: ...

It also holds every line the students' programs ever printed, so it can be very large. Only the lines that are
needed are picked out, by their indentation, and only those are given to the YAML parser.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

import yaml

from grader.intake.files import Refused
from grader.intake.folding import printable
from grader.intake.handin import Download, Handin
from grader.intake.model import Notice, NoticeKind, Student
from grader.intake.reading import Reading

NAME = "gradescope"
TITLE = "Gradescope"
PROVEN = True
ONLY_BY_NAME = False

METADATA = "submission_metadata.yml"
_MAX_METADATA = 300_000_000
_MAX_BLOCK = 100_000
_FOLDER = re.compile(r"""(["']?)([^\s"':][^"':]{0,200})\1:\s*\Z""")
_CREATED = re.compile(r"  :?created_at:\s*(.{1,60})")


def read(download: Download) -> Iterator[Reading]:
    """One hand-in per submitter and folder: each member of a group has the group's files."""
    if not any(entry.name == METADATA for entry in download.listing.top_files()):
        return
    found = Reading(NAME, TITLE, proven=True)
    known = _metadata(download, found)
    for folder, listing in download.listing.split().items():
        shown = download.where(folder)
        submitters, created = known.pop(folder, ([], ""))
        if not submitters:
            reason = f"{METADATA} names no submitter for it"
            found.notices.append(Notice(shown, NoticeKind.UNMATCHED, reason))
        for student in submitters:
            found.handins.append(
                Handin(
                    student,
                    listing.entries,
                    shown,
                    problem=download.problem,
                    attempt=f"{created} {folder}",
                    handed_in=_moment(created),
                )
            )
    for folder, (submitters, _) in sorted(known.items()):
        found.notices.append(
            Notice(download.where(folder), NoticeKind.EMPTY, f"{METADATA} names it, but it is not there")
        )
        found.handins.extend(Handin(student, (), download.where(folder)) for student in submitters)
    for entry in download.listing.top_files():
        if entry.name != METADATA:
            reason = "lies beside the submissions and belongs to none"
            found.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
    yield found


def _metadata(download: Download, found: Reading) -> dict[str, tuple[list[Student], str]]:
    """Folder -> (its submitters, when it was made)."""
    entry = next(entry for entry in download.listing.top_files() if entry.name == METADATA)
    try:
        text = download.read_text(entry, _MAX_METADATA)
    except Refused as refusal:
        found.notices.append(Notice(entry.shown, NoticeKind.REFUSED, str(refusal)))
        return {}
    known: dict[str, tuple[list[Student], str]] = {}
    for folder, block, created in _sections(text):
        try:
            known[folder] = _submitters(block), created
        except (yaml.YAMLError, ValueError):
            reason = f"its section on {folder} cannot be read"
            found.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
    return known


def _sections(text: str) -> Iterator[tuple[str, str, str]]:
    """(folder, its submitters as YAML, when it was made), by indentation alone."""
    folder, block, created, inside = "", [""][:0], "", False
    # Not splitlines: a student may print characters that it takes for line ends, and so forge a section.
    for line in text.replace("\r\n", "\n").split("\n"):
        if line[:1] not in (" ", "-", "#", ""):
            if folder:
                yield folder, "\n".join(block), created
            match = _FOLDER.match(line)
            folder, block, created, inside = match[2] if match else "", [], "", False
        elif line.startswith(("  :submitters:", "  submitters:")):
            inside = True
            block.append(line)
        elif inside and line.startswith(("    ", "  - ", "  -\n")) and len(block) < 2_000:
            block.append(line[:1_000])
        else:
            inside = False
            if match := _CREATED.match(line):
                created = match[1].strip("'\" ")
    if folder:
        yield folder, "\n".join(block), created


def _submitters(block: str) -> list[Student]:
    if len(block) > _MAX_BLOCK:
        raise ValueError("too long")
    # BaseLoader makes strings of everything: a student number keeps its leading zeros, and no tag is obeyed.
    data: Any = yaml.load(block, Loader=yaml.BaseLoader) if block else None
    people = next(iter(data.values())) if isinstance(data, dict) and data else []
    students = []
    for person in people if isinstance(people, list) else []:
        if isinstance(person, dict):
            field = {str(key).lstrip(":").lower(): printable(str(value)) for key, value in person.items() if value}
            name, sid, email = (field.get(key, "").strip() for key in ("name", "sid", "email"))
            identity = sid or email or name
            if identity:
                students.append(Student(identity, name or identity, sis_id=sid, email=email))
    return students


def _moment(created: str) -> str:
    """When, in ISO 8601: ``2024-02-20 10:11:12.123456000 Z`` has three digits more than that knows."""
    text = re.sub(r"(\.[0-9]{6})[0-9]*", r"\1", created).replace(" Z", "+00:00").replace(" UTC", "+00:00")
    text = re.sub(r" ([+-][0-9]{2}:?[0-9]{2})\Z", r"\1", text)
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return ""
    return moment.isoformat() if moment.tzinfo is not None else ""
