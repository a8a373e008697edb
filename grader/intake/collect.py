"""A class's submissions, from the folder or archive that the learning platform gave.

What is there is listed, without following a link or unpacking anything to disk. The layouts propose how to read it, and
one reading is chosen; its hand-ins are sorted by student; each student's files are matched to problems; and the roster
adds names, and those who handed in nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

import msgspec

from grader.errors import UsageError
from grader.intake.allowance import once_for_each_reason
from grader.intake.answers import Answers, Matcher
from grader.intake.archive import list_archive_file, open_archive
from grader.intake.choosing import Undecided, Weighed, choose, summary
from grader.intake.content import CODE, OTHER_ARCHIVES
from grader.intake.evidence import Judge
from grader.intake.files import Refused, read_regular
from grader.intake.folding import natural
from grader.intake.handin import Download, Handin
from grader.intake.identity import alike, by_student, only_named, with_members
from grader.intake.leftovers import nothing_to_grade
from grader.intake.missing import did_you_mean_path, refuse_missing
from grader.intake.model import Intake, Keep, Notice, NoticeKind, Student, Work, whole
from grader.intake.naming import Names, Strength
from grader.intake.notebook_outputs import limit_of
from grader.intake.ownname import beside, unsure
from grader.intake.reading import Reading
from grader.intake.roster import RosterRow, add_roster, read_roster
from grader.intake.tree import Entry, Listing, list_folder
from grader.model import Problem

ROSTER = "roster.csv"
_OUTLIERS = 10
_MAX_ROSTER = 20_000_000
_PEEK = 1_000_000
"""The limit of one file, for an archive that is looked into to see whether it is a download."""


class Unreadable(Exception):
    """One student's hand-ins came to nothing; the message is the reason, without a full stop."""


Match = Callable[[int], Answers]
"""The place of a student -> what that student's files come to."""
Matched = Iterator[Answers | Unreadable]
"""What each student's files come to, in their order."""
Contain = Callable[[Match, int], Matched]
"""Matches the files of so many students."""


def uncontained(match: Match, count: int) -> Matched:
    """In this process, as it is."""
    return map(match, range(count))


@contextmanager
def _uncollected() -> Iterator[None]:
    """What is listed stays until the end: Python's collector would look through it again and again for nothing."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@_uncollected()
def collect(
    source: Path,
    problems: Sequence[Problem],
    *,
    roster: Path | None = None,
    layout: str | None = None,
    max_bytes: int = 1_000_000,
    contain: Contain = uncontained,
    keep: Keep = whole,
    in_spite: bool = False,
) -> Intake:
    """Find every student's answers in `source`, a folder or a .zip straight out of the learning platform.

    Nothing is dropped silently: what is refused, late, double, empty, or belongs to no problem or student is
    in `Intake.notices` with its reason. A ``roster.csv`` at the top of `source` is used unless another
    `roster` is given.

    Args:
        source: the folder or archive; the instructor's own, so it may itself be a link.
        problems: what was asked, in the order of the result.
        roster: a CSV with an id or a name per student.
        layout: the layout by which to read it, whatever speaks against it; by default the one that is clearly right.
        max_bytes: the largest file that is read.
        contain: puts what looks into one student's files where it can do no harm to the others.
        keep: takes each answer as it is read, so that a class need not stand in memory; of an answer that several
            readings hold, and of one that is not taken in the end, it hears as well.
        in_spite: take the best reading even where it is doubtful; the doubts are in the result.

    Raises:
        Undecided: if it is not clear whose the submissions are.
        UsageError: if `source` or `roster` does not exist or cannot be listed.
    """
    listing = open_source(source)
    rows, roster_shown, listing = _roster(roster, listing)
    names = Names(problems)
    judge = Judge(problems, names)
    download = _download(source, listing, judge, names, rows, max_bytes)
    matcher = Matcher(problems, names, judge, max_bytes)
    doubts: tuple[str, ...] = ()
    try:
        chosen = choose(download, lambda reading: _weighed(reading, matcher, rows, contain, keep), layout)
    except Undecided as error:
        if not in_spite or error.best is None:
            raise
        chosen, doubts = error.best, error.doubts
    students, notices = list(chosen.students), [*_attributed(listing.notices, chosen), *chosen.notices]
    if rows is not None:
        students, more = add_roster(students, rows, roster_shown)
        notices += more
    return Intake(
        chosen.reading.layout,
        tuple(sorted(students, key=lambda student: (natural(student.id), student.id))),
        tuple(_in_order(chosen.work, problems)),
        # A set: a listing and its parts may speak of the same file.
        tuple(sorted(set(notices), key=lambda n: (natural(n.path), n.path, n.kind, n.reason, n.student or ""))),
        summary(chosen),
        doubts,
    )


def _download(
    source: Path, listing: Listing, judge: Judge, names: Names, rows: Sequence[RosterRow] | None, max_bytes: int
) -> Download:
    title = source.resolve().name if source.is_dir() else source.stem
    known: dict[str, list[str]] = {}
    opened: dict[str, Listing | None] = {}

    def answers(entry: Entry) -> list[str]:
        if entry.shown not in known:
            try:
                content = entry.fetch(limit_of(entry.name, max_bytes)) if entry.suffix in CODE else b""
                known[entry.shown] = judge.by_functions(judge.defined(entry.name, content, again=True))
            except Refused:
                known[entry.shown] = []
        return known[entry.shown]

    def archive(entry: Entry) -> Listing | None:
        if entry.shown not in opened:
            try:
                # A class's archive on disk may be large; it is listed where it lies and not read at once.
                listing = list_archive_file(entry.path, entry.shown) if entry.path else open_archive(entry, _PEEK)
                opened[entry.shown] = listing
            except (Refused, UsageError):
                opened[entry.shown] = None
        return opened[entry.shown]

    hint = names.best(title, Strength.CERTAIN)
    return Download(listing, names, hint, "", title, _read_text, answers, archive, tuple(rows or ()))


def _weighed(
    reading: Reading, matcher: Matcher, rows: Sequence[RosterRow] | None, contain: Contain, keep: Keep
) -> Weighed:
    """The reading with its students' files matched to problems."""
    students, work, notices = list[Student](), list[Work](), list(reading.notices)
    handed_in: dict[str, set[str]] = {}
    doubles, strangers = list[int](), list[int]()
    groups = by_student(with_members(reading.handins, rows), rows)
    matched = contain(lambda place: matcher.match(*groups[place]), len(groups))
    for (student, own), answers in zip(groups, matched, strict=True):
        found = _answered(answers, keep, student, own)
        for handin in own:
            handed_in.setdefault(handin.shown, set()).add(student.id)
        notices += found.notices
        work += found.work
        doubles.append(found.doubles)
        strangers.append(found.strangers)
        students.append(msgspec.structs.replace(student, late=any(handin.late for handin in own)))
    notices += alike(students)
    named = [] if reading.proven else only_named(students, rows)
    doubts = unsure(named, lambda name: " ".join(beside(name, matcher.names.phrases(name))))
    return Weighed(
        reading,
        tuple(students),
        tuple(work),
        tuple(notices),
        _doubles(doubles),
        _doubles(strangers),
        tuple(doubts),
        handed_in,
    )


def _attributed(notices: Sequence[Notice], chosen: Weighed) -> list[Notice]:
    """What the listing of the class refused: for each student who handed it in, once for each reason."""
    found: list[Notice] = []
    of_students: dict[str, list[Notice]] = {}
    for notice in sorted(notices, key=lambda notice: natural(notice.path)):
        around = (str(path) for path in (PurePosixPath(notice.path), *PurePosixPath(notice.path).parents))
        students = next((chosen.handed_in[path] for path in around if path in chosen.handed_in), set())
        if len(students) == 1:
            (student,) = students
            of_students.setdefault(student, []).append(msgspec.structs.replace(notice, student=student))
        else:
            found.append(notice)
    return found + [notice for own in of_students.values() for notice in once_for_each_reason(own)]


def _doubles(of_students: list[int]) -> int:
    """Second answers in all, but for those of one student in ten with the most.

    A wrong reading mixes up many students; one student who hands in twelve versions must not stop the others.
    """
    return sum(sorted(of_students)[: len(of_students) - len(of_students) // _OUTLIERS])


def _answered(found: Answers | Unreadable, keep: Keep, student: Student, own: Sequence[Handin]) -> Answers:
    """What one student's files come to, which may be nothing but a notice."""
    if isinstance(found, Unreadable):
        reason = f"could not be looked through, and nothing in it is graded: {found}"
        return Answers([], [Notice(own[0].shown, NoticeKind.REFUSED, reason, student.id)])
    if not found.work:
        found.notices.append(nothing_to_grade(student, own, found.holds))
    found.work = [msgspec.structs.replace(work, submission=keep(work.submission)) for work in found.work]
    return found


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


def open_source(source: Path) -> Listing:
    """List a class's folder or archive."""
    refuse_missing(source)
    if source.is_dir():
        return list_folder(source)
    if source.suffix.lower() == ".zip":
        return list_archive_file(source.resolve())
    if source.suffix.lower() in OTHER_ARCHIVES:
        raise UsageError(
            f"{source} is a {source.suffix} archive", hint="Unpack it and give the folder, or give a .zip."
        )
    raise UsageError(f"{source} is neither a folder nor a .zip", hint="For a single file there is --submission.")


def _roster(given: Path | None, listing: Listing) -> tuple[list[RosterRow] | None, str, Listing]:
    """(rows, what to call the file, the listing without it)."""
    inside = [entry for entry in listing.top_files() if entry.name.casefold() == ROSTER]
    rest = replace(listing, entries=tuple(entry for entry in listing.entries if entry not in inside))
    shown = str(given) if given is not None else ROSTER
    if given is None and not inside:
        return None, "", listing
    if given is not None and not given.exists():
        raise UsageError(f"there is no roster {given}", hint=did_you_mean_path(given))
    try:
        content = read_regular(given.resolve(), _MAX_ROSTER) if given is not None else inside[0].fetch(_MAX_ROSTER)
    except Refused as refusal:
        raise UsageError(f"The roster {shown} {refusal}") from refusal
    return read_roster(content, shown), shown, rest


def _read_text(entry: Entry, limit: int) -> str:
    return entry.fetch(limit).decode("utf-8", "replace")


def _in_order(work: Sequence[Work], problems: Sequence[Problem]) -> list[Work]:
    order = {problem.slug: index for index, problem in enumerate(problems)}
    return sorted(work, key=lambda item: (natural(item.student), item.student, order[item.problem]))
