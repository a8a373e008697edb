"""GitHub Classroom: one clone per student, as ``gh classroom clone student-repos`` makes them.

    conv-bias-submissions/conv-bias-janedoe/02.py
    conv-bias-submissions/conv-bias-janedoe/.git/...        known by its presence, never opened
    conv-bias-janedoe-main.zip, conv-bias-janedoe-main/     "Download ZIP" of each: the branch or the commit at the end

The repository's name is the assignment's slug, a dash, and the user or team. The slug is taken from the
folder around the clones, else from a problem's own name, else from what all clones begin with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.intake.content import CODE, stem
from grader.intake.folding import listed
from grader.intake.handin import Download, Handin
from grader.intake.model import Notice, NoticeKind, Student
from grader.intake.naming import Strength, names_nobody
from grader.intake.reading import Reading
from grader.intake.versions import says_only_version

NAME = "classroom"
TITLE = "GitHub Classroom"
PROVEN = True
ONLY_BY_NAME = False

_AROUND = "-submissions"
_ENOUGH = 3
"""Users whose names do not by chance begin with the same words."""
_BRANCH = re.compile(r"-(?:main|master|[0-9a-f]{40})\Z")


def read(download: Download) -> Iterator[Reading]:
    """One hand-in per repository; the login is what follows the assignment's slug."""
    listing = download.listing
    archives = [entry for entry in listing.top_files() if entry.is_archive]
    # A clone bears the repository's name as it is; somebody may be called main.
    names = {f: f if (f,) in listing.repositories else _repository(f) for f in listing.top_folders()}
    names |= {entry.name: _repository(stem(entry.name)) for entry in archives}
    if any(entry.suffix in CODE for entry in listing.top_files()) or not _recognises(download, names):
        return
    reading = Reading(NAME, TITLE, proven=True)
    common = _slug_around(download, names)
    if not common:
        common, more = _slug(download, list(names.values()))
        if more and len(names) < _ENOUGH and not names_nobody(more) and not says_only_version(more):
            shown = listed(sorted(names.values()), 2)
            reading.doubts.append(f"{more!r} in {shown} may belong to the assignment's name or to the users'")
    # Of "hw-team-1" and "hw-team-2" the word before the number is the teams'.
    numbers = bool(common) and all(name[len(common) :].isdecimal() for name in names.values())
    begins = common.rstrip("-").rpartition("-")[2] + "-" if numbers else ""
    inside = listing.split()
    files = {entry.name: (entry,) for entry in archives} | {name: inner.entries for name, inner in inside.items()}
    for name, repository in names.items():
        slug = common if common and repository.startswith(common) else _problem_prefix(download, repository)
        login = begins + repository[len(slug) :] or repository
        problem = download.names.best(slug, Strength.CERTAIN) or download.problem
        student = Student(login, login, login=login)
        reading.handins.append(Handin(student, files[name], download.where(name), problem=problem))
    for entry in listing.top_files():
        if not entry.is_archive:
            reason = "lies beside the repositories and belongs to none"
            reading.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
    yield reading


def _recognises(download: Download, names: dict[str, str]) -> bool:
    """Whether most folders are git clones, are named after the folder around them, or are downloads of a branch.

    Further inside than the source itself only the name counts: a student's folder may well hold a clone.
    """
    if not names:
        return False
    slug = _slug_around(download, names)
    named = [name for name in names.values() if slug and name.startswith(slug)]
    clones = [name for name in names if (name,) in download.listing.repositories and not download.shown]
    branches = [name for name in names if _BRANCH.search(_bare(name))]
    if len(names) > 1 and len(branches) == len(names) and not download.shown and _common_slug(list(names.values())):
        return True
    return 2 * max(len(clones), len(named)) > len(names)


def _repository(name: str) -> str:
    """A repository's name, without the branch or commit that GitHub puts behind it in a download."""
    return _BRANCH.sub("", name)


def _bare(name: str) -> str:
    return stem(name) if name.lower().endswith(".zip") else name


def _slug_around(download: Download, names: dict[str, str]) -> str:
    """``conv-bias-`` for clones in a folder ``conv-bias-submissions``, else nothing."""
    slug = download.title.removesuffix(_AROUND) + "-"
    named = any(name.startswith(slug) for name in names.values())
    return slug if named and download.title.endswith(_AROUND) else ""


def _common_slug(folders: list[str]) -> str:
    """What all clones begin with, up to a dash. One clone alone shows nothing."""
    if len(folders) < 2:
        return ""
    slug = folders[0][: folders[0].rfind("-") + 1]
    while slug and not all(folder.startswith(slug) for folder in folders):
        slug = slug[: slug.rfind("-", 0, -1) + 1]
    return slug


def _slug(download: Download, repositories: list[str]) -> tuple[str, str]:
    """What all begin with, and of that the words that may as well be the beginning of everybody's name."""
    common = _common_slug(repositories)
    named = _problem_prefix(download, common)
    surely = named or common[: common.find("-") + 1]
    return common, common[len(surely) :].strip("-")


def _problem_prefix(download: Download, folder: str) -> str:
    """The part up to the dash behind the name of a problem that stands in front."""
    for hit in download.names.hits(folder):
        if hit.strength >= Strength.CERTAIN and folder[: hit.start].strip("0123456789-_") == "":
            return folder[: folder.find("-", hit.end) + 1]
    return ""
