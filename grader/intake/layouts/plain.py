"""No platform: a folder or an archive per student, or files that name their student.

    jane/01.py, jane/02-conv-bias/submission.py, jane.zip
    jane_02.py, 02-jane.ipynb, jane_doe_conv-bias.py

Folders and files may stand side by side. A file's student is what is left of its name without the problem; so
the name alone has to tell the problem, or the functions inside do.
"""

from __future__ import annotations

from grader.intake.content import CODE, stem
from grader.intake.handin import Download, Handin, Sorted
from grader.intake.model import Layout, Notice, NoticeKind, Student
from grader.intake.naming import Hit, Strength, split_copy, without
from grader.intake.text import folded
from grader.intake.tree import Entry


def sort(download: Download) -> Sorted:
    """One hand-in per folder, and one per file beside them."""
    found = Sorted()
    for folder, listing in download.listing.split().items():
        student = Student(folder, folder)
        found.handins.append(Handin(student, listing.entries, download.where(folder), problem=download.problem))
    for entry in download.listing.top_files():
        if entry.suffix not in CODE and not entry.is_archive:
            reason = "is neither a Python file nor a notebook, and lies in no student's folder"
            found.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
            continue
        name, problem = student_in(entry, download)
        if not name:
            reason = "names no student; call it like jane_02.py, or put it into a folder named after the student"
            found.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
            continue
        found.handins.append(
            Handin(
                Student(name, name),
                (entry,),
                entry.shown,
                problem=problem or download.problem,
                flat_name=True,
            )
        )
    return found


def layout(download: Download) -> Layout:
    """Whether students are folders or file names."""
    archives = sum(1 for entry in download.listing.top_files() if entry.is_archive)
    files = sum(1 for entry in download.listing.top_files() if entry.suffix in CODE)
    return Layout.FLAT if files > archives + len(download.listing.top_folders()) else Layout.FOLDERS


def student_in(entry: Entry, download: Download) -> tuple[str, str | None]:
    """(the student, the problem) that a file's name speaks of; either may be missing."""
    text = split_copy(stem(entry.name)).text
    hits = [hit for hit in download.names.hits(text) if hit.strength >= Strength.NUMBER]
    if hits and hits[0].strength < Strength.SLUG and (functions := download.answers(entry)):
        # In team_3.py that answers problem 01 the number is the team's.
        hits = [hit for hit in hits if hit.problem in functions]
    chosen = _chosen(hits)
    name = without(text, [hit for hit in hits if chosen and hit.problem == chosen.problem])
    return (name if folded(name) else ""), chosen.problem if chosen else None


def _chosen(hits: list[Hit]) -> Hit | None:
    """The strongest; of several numbers the last, as in ``group_1_2.py``."""
    strongest = [hit for hit in hits if hit.strength == hits[0].strength]
    return max(strongest, key=lambda hit: hit.start, default=None)
