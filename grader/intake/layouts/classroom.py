"""GitHub Classroom: one clone per student, as ``gh classroom clone student-repos`` makes them.

    conv-bias-submissions/conv-bias-janedoe/02.py
    conv-bias-submissions/conv-bias-janedoe/.git/...        known by its presence, never opened

The repository's name is the assignment's slug, a dash, and the user or team. The slug is taken from the
folder around the clones, else from a problem's own name, else from what all clones begin with.
"""

from __future__ import annotations

from grader.intake.handin import Download, Handin, Sorted
from grader.intake.model import Layout, Notice, NoticeKind, Student
from grader.intake.naming import Strength

LAYOUT = Layout.CLASSROOM

_AROUND = "-submissions"


def recognises(download: Download) -> bool:
    """Whether most folders are git clones, or are named after the folder around them.

    Further inside than the source itself only the name counts: a student's folder may well hold a clone.
    """
    folders = download.listing.top_folders()
    slug = _slug_around(download)
    named = [folder for folder in folders if slug and folder.startswith(slug)]
    clones = [folder for folder in folders if (folder,) in download.listing.repositories and not download.shown]
    return bool(folders) and 2 * max(len(clones), len(named)) > len(folders)


def sort(download: Download) -> Sorted:
    """One hand-in per clone; the login is what follows the assignment's slug."""
    found = Sorted()
    common = _slug_around(download) or _common_slug(download.listing.top_folders())
    for folder, listing in download.listing.split().items():
        shown = download.where(folder)
        slug = common if common and folder.startswith(common) else _problem_prefix(download, folder)
        login = folder[len(slug) :] or folder
        problem = download.names.best(slug, Strength.CERTAIN) or download.problem
        student = Student(login, login, login=login)
        found.handins.append(Handin(student, listing.entries, shown, problem=problem))
    for entry in download.listing.top_files():
        reason = "lies beside the clones and belongs to none"
        found.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
    return found


def _slug_around(download: Download) -> str:
    """``conv-bias-`` for clones in a folder ``conv-bias-submissions``, else nothing."""
    slug = download.title.removesuffix(_AROUND) + "-"
    named = any(folder.startswith(slug) for folder in download.listing.top_folders())
    return slug if named and download.title.endswith(_AROUND) else ""


def _common_slug(folders: list[str]) -> str:
    """What all clones begin with, up to a dash. One clone alone shows nothing."""
    if len(folders) < 2:
        return ""
    slug = folders[0][: folders[0].rfind("-") + 1]
    while slug and not all(folder.startswith(slug) for folder in folders):
        slug = slug[: slug.rfind("-", 0, -1) + 1]
    return slug


def _problem_prefix(download: Download, folder: str) -> str:
    """The part up to the dash behind the name of a problem that stands in front."""
    for hit in download.names.hits(folder):
        if hit.strength >= Strength.CERTAIN and folder[: hit.start].strip("0123456789-_") == "":
            return folder[: folder.find("-", hit.end) + 1]
    return ""
