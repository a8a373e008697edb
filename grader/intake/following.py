"""Following a plan: exactly what it says, and an error where that does not exist."""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader.common.suggest import did_you_mean, suggestion
from grader.errors import UsageError
from grader.intake.archive import list_archive_file, open_archive
from grader.intake.content import check_code, suffix
from grader.intake.extras import digest
from grader.intake.files import Refused
from grader.intake.folding import natural, printable
from grader.intake.model import Intake, Keep, Notice, NoticeKind, Student, Work, whole
from grader.intake.notebook_outputs import limit_of, without_outputs
from grader.intake.plan import ANSWER, HELPER, NAME, YES, PlanLine, read_plan
from grader.intake.tree import Entry, Listing
from grader.model import Problem, SourceFile, Submission


def follow_plan(
    listing: Listing, plan: Path, problems: Sequence[Problem], *, keep: Keep = whole, max_bytes: int = 1_000_000
) -> Intake:
    """Exactly what `plan` says, from the files in `listing`; `keep` as for `collect`.

    Raises:
        UsageError: where a line names a problem or a file that does not exist, or contradicts another.
    """
    lines = read_plan(plan)
    order = {problem.slug: index for index, problem in enumerate(problems)}
    answers = _answers(plan, lines, list(order))
    shelf = _Shelf(listing, max_bytes)
    students = _students(lines)
    notices: list[Notice] = []
    work: list[Work] = []
    for (student, slug), (line, helpers) in answers.items():
        along = [(each, shelf.entry(plan, each)) for each in helpers]
        try:
            figures = bool(problems[order[slug]].manual)
            submission = keep(_submission(shelf.entry(plan, line), line, along, max_bytes, figures=figures))
        except Refused as refusal:
            notices.append(Notice(line.file, NoticeKind.REFUSED, str(refusal), student, slug))
            continue
        paths = tuple(entry.shown for _, entry in along)
        is_late = line.late.lower() == YES
        work.append(Work(student, slug, submission, is_late, paths, line.why, _moment(plan, line)))
    notices += _without_work(lines, set(students) - {each.student for each in work} - _refused(notices))
    notices += _not_used(lines, set(order), {(notice.path, notice.reason) for notice in notices})
    late = {each.student for each in work if each.late}
    found = [msgspec.structs.replace(s, late=s.late or s.id in late) for s in students.values()]
    return Intake(
        NAME,
        tuple(sorted(found, key=lambda student: (natural(student.id), student.id))),
        tuple(sorted(work, key=lambda each: (natural(each.student), each.student, order[each.problem]))),
        tuple(sorted(set(notices), key=lambda n: (natural(n.path), n.path, n.kind, n.reason, n.student or ""))),
        f"As {plan.name} says, {len(found):,} student{'' if len(found) == 1 else 's'}",
    )


_Answers = dict[tuple[str, str], tuple[PlanLine, list[PlanLine]]]
"""Student and problem -> the line of the answer, and those of its helpers in the order of their names."""


def _answers(plan: Path, lines: Sequence[PlanLine], slugs: Sequence[str]) -> _Answers:
    answers: dict[tuple[str, str], PlanLine] = {}
    helpers: dict[tuple[str, str], list[PlanLine]] = defaultdict(list)
    for line in lines:
        if line.use not in (ANSWER, HELPER, ""):
            raise _wrong(plan, line, f"use is {line.use!r}", did_you_mean(line.use, (ANSWER, HELPER)))
        if not line.use:
            continue
        if not line.student:
            raise _wrong(plan, line, "names no student", "an answer is a student's")
        if _leads_away(line.placed):
            raise _wrong(plan, line, f"as is {line.placed!r}", "a file lies beside or below the answer")
        key = line.student, _problem(plan, line, slugs)
        if line.use == HELPER:
            helpers[key].append(line)
        elif (other := answers.setdefault(key, line)) is not line:
            what = f"a second answer of {key[0]} to {key[1]}"
            raise _wrong(plan, line, what, f"the first is in line {other.number}; clear the use of one of them")
    for key, own in helpers.items():
        if key not in answers:
            raise _wrong(plan, own[0], f"a helper for an answer of {key[0]} to {key[1]}, and there is none", None)
        own.sort(key=lambda each: each.placed or each.file.rpartition("/")[2])
    return {key: (line, helpers.get(key, [])) for key, line in answers.items()}


def _moment(plan: Path, line: PlanLine) -> str:
    """When a line says that its answer came, with its zone; this machine's where it names none."""
    if not line.handed_in:
        return ""
    try:
        return datetime.datetime.fromisoformat(line.handed_in).astimezone(datetime.UTC).isoformat()
    except (ValueError, OverflowError):
        what = f"handed_in is {line.handed_in!r}"
        raise _wrong(plan, line, what, "a time is such as 2025-05-01T23:59:00+00:00") from None


def _leads_away(placed: str) -> bool:
    """Whether a name leads out of the folder that it is meant for."""
    return bool(placed) and (placed.startswith("/") or bool({"", ".", ".."} & set(placed.split("/"))) or "\0" in placed)


def _refused(notices: Sequence[Notice]) -> set[str | None]:
    return {notice.student for notice in notices if notice.kind == NoticeKind.REFUSED}


def _without_work(lines: Sequence[PlanLine], students: set[str]) -> list[Notice]:
    """A line on each student without an answer: of what was handed in, where the plan says so, else of the student."""
    why = {line.student: line.why for line in reversed(lines) if line.why and not line.file}
    where = {(line.student, line.why): line.file for line in reversed(lines) if line.file}
    reasons = {student: why.get(student, "has no answer in the plan") for student in students}
    return [
        Notice(where.get((student, reason), student), NoticeKind.EMPTY, reason, student)
        for student, reason in reasons.items()
    ]


def _not_used(lines: Sequence[PlanLine], slugs: set[str], told: set[tuple[str, str]]) -> list[Notice]:
    """A line on each file that is not used and of which the plan says why."""
    return [
        Notice(
            line.file,
            NoticeKind.UNMATCHED,
            line.why,
            line.student or None,
            line.problem if line.problem in slugs else None,
        )
        for line in lines
        if not line.use and line.file and line.why and (line.file, line.why) not in told
    ]


def _problem(plan: Path, line: PlanLine, slugs: Sequence[str]) -> str:
    """The problem that a line names by its slug, or by its number as it stands there."""
    for slug in slugs:
        if line.problem in (slug, slug.partition("-")[0]):
            return slug
    raise _wrong(plan, line, f"there is no problem {line.problem!r}", did_you_mean(line.problem, slugs))


def _wrong(plan: Path, line: PlanLine, what: str, hint: str | None) -> UsageError:
    return UsageError(f"{plan}, line {line.number}: {what}", hint=hint)


def _students(lines: Sequence[PlanLine]) -> dict[str, Student]:
    students: dict[str, Student] = {}
    for line in lines:
        if line.student:
            late = not line.use and not line.file and line.late.lower() == YES
            known = students.get(line.student, Student(line.student, ""))
            students[line.student] = Student(
                line.student,
                known.name or line.name,
                known.late or late,
                known.sis_id or line.sis_id,
                known.login or line.login,
                known.email or line.email,
                known.section or line.section,
                known.tutor or line.tutor,
            )
    return {key: msgspec.structs.replace(s, name=s.name or s.id) for key, s in students.items()}


class _Shelf:
    """The files of the source by their printable paths; archives are opened where a path leads into them."""

    def __init__(self, listing: Listing, limit: int) -> None:
        self._limit = limit
        self._entries = {entry.shown: entry for entry in listing.entries}
        self._opened: set[str] = set()

    def entry(self, plan: Path, line: PlanLine) -> Entry:
        """The file that a line names. Raises UsageError where there is none."""
        if not line.file:
            raise _wrong(plan, line, "names no file", "an answer is a file of the submissions")
        path = printable(line.file)
        while path not in self._entries:
            archive = next(
                (shown for shown, entry in self._entries.items()
                 if entry.is_archive and shown not in self._opened and path.startswith(f"{shown}/")), None
            )  # fmt: skip
            if archive is None:
                raise _wrong(plan, line, f"there is no file {line.file!r}", suggestion(path, self._entries))
            self._opened.add(archive)
            self._open(self._entries[archive])
        return self._entries[path]

    def _open(self, archive: Entry) -> None:
        try:
            if archive.path is not None:
                listing = list_archive_file(archive.path, archive.shown)
            else:
                listing = open_archive(archive, self._limit)
        except (Refused, UsageError):
            return
        self._entries |= {entry.shown: entry for entry in listing.entries}


def _submission(
    entry: Entry, line: PlanLine, helpers: Sequence[tuple[PlanLine, Entry]], limit: int, *, figures: bool
) -> Submission:
    name = line.placed or entry.name
    content = entry.fetch(limit_of(name, limit))
    check_code(name, content)
    extra = tuple(SourceFile(each.placed or helper.name, helper.fetch(limit)) for each, helper in helpers)
    sha256 = digest(hashlib.sha256(content), extra)
    figures = figures and suffix(name) == ".ipynb"
    main = SourceFile(name, without_outputs(name, content, figures=figures))
    return Submission(entry.shown, main, extra, line.student, sha256, figures)
