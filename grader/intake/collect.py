"""A class's submissions, from the folder or archive that the learning platform gave.

What is there is listed, without following a link or unpacking anything to disk. Where several downloads lie
side by side they are told apart. Each is sorted by student, as its platform names them; each student's files
are matched to problems; and the roster adds names, and those who handed in nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec

from grader.errors import UsageError
from grader.intake.answers import Answers, Matcher, nothing_to_grade
from grader.intake.archive import list_archive_file
from grader.intake.content import CODE, OTHER_ARCHIVES, defined_names
from grader.intake.downloads import find_downloads, sort
from grader.intake.evidence import Judge
from grader.intake.files import Refused, read_regular
from grader.intake.handin import Download, Handin
from grader.intake.layouts import moodle
from grader.intake.missing import did_you_mean
from grader.intake.model import Intake, Layout, Notice, NoticeKind, Student, Work
from grader.intake.naming import Names, Strength
from grader.intake.outputs import limit_of
from grader.intake.roster import Row, add_roster, read_roster
from grader.intake.text import folded, natural
from grader.intake.tree import Entry, Listing, list_folder
from grader.model import Problem

ROSTER = "roster.csv"
_MAX_ROSTER = 20_000_000


class Unreadable(Exception):
    """One student's hand-ins came to nothing; the message is the reason, without a full stop."""


Match = Callable[[int], Answers]
"""The place of a student -> what that student's files come to. Raises Unreadable."""


@contextmanager
def uncontained(match: Match) -> Iterator[Match]:
    """In this process, as it is."""
    yield match


def collect(
    source: Path,
    problems: Sequence[Problem],
    *,
    roster: Path | None = None,
    max_bytes: int = 1_000_000,
    contain: Callable[[Match], AbstractContextManager[Match]] = uncontained,
) -> Intake:
    """Find every student's answers in `source`, a folder or a .zip straight out of the learning platform.

    Nothing is dropped silently: what is refused, late, double, empty, or belongs to no problem or student is
    in `Intake.notices` with its reason. A ``roster.csv`` at the top of `source` is used unless another
    `roster` is given.

    Args:
        source: the folder or archive; the instructor's own, so it may itself be a link.
        problems: what was asked, in the order of the result.
        roster: a CSV with an id or a name per student.
        max_bytes: the largest file that is read.
        contain: puts what looks into one student's files where it can do no harm to the others.

    Raises:
        UsageError: if `source` or `roster` does not exist or cannot be listed.
    """
    listing = _open(source)
    names = Names(problems)
    judge = Judge(problems, names)
    matcher = Matcher(problems, names, judge, max_bytes)
    rows, roster_shown, listing = _roster(roster, listing)
    title = source.resolve().name if source.is_dir() else source.stem

    def answers(entry: Entry) -> list[str]:
        try:
            content = entry.fetch(limit_of(entry.name, max_bytes)) if entry.suffix in CODE else b""
        except Refused:
            return []
        return judge.by_functions(defined_names(entry.name, content))

    hint = names.best(title, Strength.CERTAIN)
    layouts, handins, notices = _handins(Download(listing, names, hint, "", title, _read_text, answers))
    students, work = list[Student](), list[Work]()
    by_student = _by_student(handins)
    with contain(lambda place: matcher.match(*by_student[place])) as match:
        answered = [_answered(match, place, *by_student[place]) for place in range(len(by_student))]
    for (student, own), found in zip(by_student, answered, strict=True):
        notices += found.notices
        work += found.work
        students.append(msgspec.structs.replace(student, late=any(handin.late for handin in own)))
    if rows is not None:
        students, more = add_roster(students, rows, roster_shown)
        notices += more
    return Intake(
        layouts.pop() if len(layouts) == 1 else Layout.MIXED if layouts else Layout.FOLDERS,
        tuple(sorted(students, key=lambda student: (natural(student.id), student.id))),
        tuple(_in_order(work, problems)),
        # A set: a listing and its parts may speak of the same file.
        tuple(sorted(set(notices), key=lambda n: (natural(n.path), n.path, n.kind, n.reason, n.student or ""))),
    )


def collect_one(
    source: Path, problems: Sequence[Problem], *, max_bytes: int = 1_000_000
) -> tuple[tuple[Work, ...], tuple[Notice, ...]]:
    """One student's answers in the folder `source`, however they are called and arranged; and what was not used.

    Where only one problem is asked, everything was handed in for that.

    Raises:
        UsageError: if `source` does not exist or cannot be listed.
    """
    listing = list_folder(source)
    student = Student("", "")
    handin = Handin(student, listing.entries, "", problem=problems[0].slug if len(problems) == 1 else None)
    names = Names(problems)
    found = Matcher(problems, names, Judge(problems, names), max_bytes).match(student, [handin])
    return tuple(_in_order(found.work, problems)), (*listing.notices, *found.notices)


def _open(source: Path) -> Listing:
    if not source.exists():
        raise UsageError(f"There is no {source}", hint=did_you_mean(source))
    if source.is_dir():
        return list_folder(source)
    if source.suffix.lower() == ".zip":
        return list_archive_file(source.resolve())
    if source.suffix.lower() in OTHER_ARCHIVES:
        raise UsageError(
            f"{source} is a {source.suffix} archive", hint="Unpack it and give the folder, or give a .zip."
        )
    raise UsageError(f"{source} is neither a folder nor a .zip", hint="For a single file there is --submission.")


def _roster(given: Path | None, listing: Listing) -> tuple[list[Row] | None, str, Listing]:
    """(rows, what to call the file, the listing without it)."""
    inside = [entry for entry in listing.top_files() if entry.name.casefold() == ROSTER]
    rest = replace(listing, entries=tuple(entry for entry in listing.entries if entry not in inside))
    shown = str(given) if given is not None else ROSTER
    if given is None and not inside:
        return None, "", listing
    if given is not None and not given.exists():
        raise UsageError(f"There is no roster {given}", hint=did_you_mean(given))
    try:
        content = read_regular(given.resolve(), _MAX_ROSTER) if given is not None else inside[0].fetch(_MAX_ROSTER)
    except Refused as refusal:
        raise UsageError(f"The roster {shown} {refusal}") from refusal
    return read_roster(content, shown), shown, rest


def _read_text(entry: Entry, limit: int) -> str:
    return entry.fetch(limit).decode("utf-8", "replace")


def _handins(whole: Download) -> tuple[set[Layout], list[Handin], list[Notice]]:
    """How the downloads in `whole` are arranged, the hand-ins in them, and what was said of the rest."""
    layouts, notices = set[Layout](), list(whole.listing.notices)
    handins, from_moodle = list[Handin](), list[list[Handin]]()
    for download in find_downloads(whole):
        layout, found = sort(download)
        layouts.add(layout)
        if layout is Layout.MOODLE:
            from_moodle.append(found.handins)
        else:
            handins += found.handins
        notices += [*found.notices, *download.listing.notices]
    return layouts, handins + moodle.joined(from_moodle), notices


def _answered(match: Match, place: int, student: Student, own: Sequence[Handin]) -> Answers:
    """What one student's files come to, which may be nothing but a notice."""
    try:
        found = match(place)
    except Unreadable as error:
        reason = f"could not be looked through, and nothing in it is graded: {error}"
        return Answers([], [Notice(own[0].shown, NoticeKind.REFUSED, reason, student.id)])
    if not found.work:
        found.notices.append(nothing_to_grade(student, own))
    return found


def _by_student(handins: Iterable[Handin]) -> list[tuple[Student, list[Handin]]]:
    """Hand-ins by student, in natural order of the id."""
    groups: dict[str, list[Handin]] = {}
    for handin in handins:
        groups.setdefault(_identity(handin), []).append(handin)
    found = [(_joined([handin.student for handin in group]), group) for group in groups.values()]
    return sorted(found, key=lambda pair: (natural(pair[0].id), pair[0].id))


def _identity(handin: Handin) -> str:
    """What makes two hand-ins the same student's. People vary in writing their name; Canvas does not."""
    return handin.student.id if handin.dashes else folded(handin.student.id) or handin.student.id


def _joined(students: list[Student]) -> Student:
    first = min(students, key=lambda student: (natural(student.id), student.id))

    def known(field: str) -> str:
        return next((value for student in students if (value := getattr(student, field))), "")

    return Student(first.id, first.name, False, known("sis_id"), known("login"), known("email"))


def _in_order(work: list[Work], problems: Sequence[Problem]) -> list[Work]:
    order = {problem.slug: index for index, problem in enumerate(problems)}
    return sorted(work, key=lambda item: (natural(item.student), item.student, order[item.problem]))
