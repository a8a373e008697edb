"""From one student's files to answers: which file answers which problem, and what is left over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

import msgspec

from grader.intake.archive import open_archive
from grader.intake.content import CODE, OTHER_ARCHIVES, check_code, defined_names
from grader.intake.evidence import Candidate, Evidence, Judge
from grader.intake.extras import digest, gather_extras
from grader.intake.files import Refused, too_large
from grader.intake.handin import Handin
from grader.intake.model import Notice, NoticeKind, Student, Work
from grader.intake.naming import Names, Strength, split_copy
from grader.intake.text import folded, listed, natural
from grader.intake.tree import Entry
from grader.model import Problem, SourceFile, Submission

MAX_CODE_FILES = 200
"""Of one student, that are looked into."""

_PREFERRED = ("submission", "solution", "answer", "main")


@dataclass(slots=True)
class Answers:
    """What one student's files come to."""

    work: list[Work] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


class Matcher:
    """Matches students' files to the problems of one course."""

    def __init__(self, problems: Sequence[Problem], names: Names, judge: Judge, limit: int) -> None:
        self._problems = problems
        self._names = names
        self._judge = judge
        self._limit = limit

    def match(self, student: Student, handins: Sequence[Handin]) -> Answers:
        """Sort out everything that `student` handed in."""
        found = Answers()
        files = [(entry, handin) for handin in handins for entry in self._unpacked(handin, student, found)]
        candidates = self._candidates(files, student, found)
        used: set[str] = set()
        for problem in self._problems:
            self._choose(problem, candidates, files, student, found, used)
        self._report_leftovers(candidates, files, student, found, used)
        return found

    # -- reading ---------------------------------------------------------------------------------

    def _unpacked(self, handin: Handin, student: Student, found: Answers) -> list[Entry]:
        """The hand-in's files, those in archives too; what is too large or of a kind not opened is
        reported.
        """
        pending, files = list(handin.files), []
        while pending:
            entry = pending.pop(0)
            try:
                if entry.is_archive:
                    listing = open_archive(entry, self._limit)
                    found.notices += [about(notice, student) for notice in listing.notices]
                    around = (*entry.parts[:-1], PurePosixPath(entry.name).stem)
                    pending += [replace(inner, parts=(*around, *inner.parts)) for inner in listing.entries]
                elif entry.suffix in OTHER_ARCHIVES:
                    raise Refused(f"is a {entry.suffix} archive, which is not opened; a .zip is")
                elif entry.claimed_size > self._limit:
                    raise too_large(entry.claimed_size, self._limit)
                else:
                    files.append(entry)
            except Refused as refusal:
                found.notices.append(Notice(entry.shown, NoticeKind.REFUSED, str(refusal), student.id))
        return files

    def _candidates(
        self, files: list[tuple[Entry, Handin]], student: Student, found: Answers
    ) -> list[Candidate]:
        code = [(entry, handin) for entry, handin in files if _may_answer(entry)]
        candidates = []
        for entry, handin in code[:MAX_CODE_FILES]:
            stem = split_copy(PurePosixPath(entry.name).stem, dashes=handin.dashes)
            try:
                content = entry.fetch(self._limit)
                check_code(entry.name, content)
            except Refused as refusal:
                kind = NoticeKind.EMPTY if str(refusal) == "is empty" else NoticeKind.REFUSED
                problem = self._names.best(stem.text, Strength.NUMBER) or handin.problem
                found.notices.append(Notice(entry.shown, kind, str(refusal), student.id, problem))
                continue
            candidate = Candidate(entry, handin, stem, content, defined_names(entry.name, content))
            candidates.append(self._judge.judged(candidate, student))
        if len(code) > MAX_CODE_FILES:
            reason = (
                f"is one of more than {MAX_CODE_FILES} code files of one student; the rest is not looked into"
            )
            found.notices.append(
                Notice(code[MAX_CODE_FILES][0].shown, NoticeKind.REFUSED, reason, student.id)
            )
        return candidates

    # -- choosing --------------------------------------------------------------------------------

    def _choose(
        self,
        problem: Problem,
        candidates: list[Candidate],
        files: list[tuple[Entry, Handin]],
        student: Student,
        found: Answers,
        used: set[str],
    ) -> None:
        """Take the best answer to `problem`; list those that are one too, but not the one taken."""
        rivals = [candidate for candidate in candidates if problem.slug in candidate.answers]
        if not rivals:
            return
        best = max(_newest_copies(rivals), key=lambda candidate: self._order(candidate, problem))
        submission, along = self._submission(best, files, student)
        used |= {best.entry.shown, *along}
        for rival in _serious(rivals, problem.slug):
            if rival is not best and rival.entry.shown not in along:
                reason = f"is a second answer to {problem.slug}; {best.entry.shown} was taken"
                found.notices.append(
                    Notice(rival.entry.shown, NoticeKind.DOUBLE, reason, student.id, problem.slug)
                )
        found.work.append(Work(student.id, problem.slug, submission, best.handin.late))
        remarks = []
        if best.handin.late:
            remarks.append((NoticeKind.LATE, "was handed in late"))
        if best.overruled:
            reason = f"was taken as {problem.slug} for the functions it defines, not as {best.overruled}"
            remarks.append((NoticeKind.NOTE, reason))
        for kind, reason in remarks:
            found.notices.append(Notice(best.entry.shown, kind, reason, student.id, problem.slug))

    def _order(self, candidate: Candidate, problem: Problem) -> tuple[object, ...]:
        """Larger is better. A newer attempt replaces an older one whatever is in it."""
        name = folded(candidate.stem.text)
        return (
            candidate.handin.attempt,
            bool(candidate.defined & set(problem.names)),
            candidate.answers[problem.slug],
            -_PREFERRED.index(name) if name in _PREFERRED else -len(_PREFERRED),
            candidate.handin.sequence,
            candidate.stem.copy,
            candidate.entry.suffix == ".py",
            -len(candidate.entry.parts),
            # The name decides last, so that the choice does not depend on the order of listing.
            [(-kind, -number) for kind, number, _ in natural(candidate.entry.shown)],
            candidate.entry.shown,
        )

    # -- what goes along -------------------------------------------------------------------------

    def _submission(
        self, best: Candidate, files: list[tuple[Entry, Handin]], student: Student
    ) -> tuple[Submission, set[str]]:
        """The answer with the files it needs, and the printable paths of those."""
        nearby: dict[PurePosixPath, Entry] = {}
        others = [(e, h) for e, h in files if e is not best.entry and (h is best.handin or h.dashes)]
        for entry, handin in sorted(others, key=lambda pair: -pair[1].sequence):
            path = PurePosixPath(*entry.parts)
            if entry.suffix != ".ipynb" and path.is_relative_to(best.folder):
                nearby.setdefault(path.relative_to(best.folder), entry)
                if handin.dashes:
                    # The code asks for utils.py, whatever the platform made of the name at the second upload.
                    stem = split_copy(path.stem, dashes=True)
                    nearby.setdefault(path.with_name(stem.text + path.suffix).relative_to(best.folder), entry)
        extra, along = gather_extras(best.entry.name, best.content, nearby, self._limit)
        main = SourceFile(best.entry.name, best.content)
        return Submission(best.entry.shown, main, extra, student.id, digest(main, extra)), along

    # -- what is left ----------------------------------------------------------------------------

    def _report_leftovers(
        self,
        candidates: list[Candidate],
        files: list[tuple[Entry, Handin]],
        student: Student,
        found: Answers,
        used: set[str],
    ) -> None:
        told = used | {notice.path for notice in found.notices}
        code = {candidate.entry.shown for candidate in candidates}
        for entry, _ in files:
            if entry.shown in told or (entry.shown not in code and _goes_without_saying(entry.name)):
                continue
            if entry.shown in code:
                reason = "belongs to no problem, by its name or by the functions it defines"
            else:
                reason = "is neither code nor a file that the code asks for"
            found.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason, student.id))


def nothing_to_grade(student: Student, handins: Sequence[Handin]) -> Notice:
    """The line on a student whose files came to no answer at all."""
    names = [entry.name for handin in handins for entry in handin.files]
    there = f"nothing that can be graded; there is only {listed(names)}" if names else "nothing at all"
    return Notice(handins[0].shown, NoticeKind.EMPTY, f"holds {there}", student.id)


def about(notice: Notice, student: Student) -> Notice:
    """The notice, with the student it is about."""
    return msgspec.structs.replace(notice, student=student.id)


def _serious(rivals: list[Candidate], problem: str) -> list[Candidate]:
    """Those meant as an answer: where some are named so, others that happen to hold its functions are not."""
    if all(candidate.answers[problem] <= Evidence.FUNCTIONS for candidate in rivals):
        return rivals
    return [c for c in rivals if c.answers[problem] >= Evidence.FUNCTIONS + (len(c.answers) > 1)]


def _newest_copies(rivals: list[Candidate]) -> list[Candidate]:
    """Of several uploads under one name, the newest."""
    newest: dict[tuple[object, ...], Candidate] = {}
    for candidate in sorted(rivals, key=lambda c: (c.stem.copy, c.handin.sequence)):
        newest[
            candidate.handin.attempt, candidate.folder, folded(candidate.stem.text), candidate.entry.suffix
        ] = candidate
    return list(newest.values())


def _may_answer(entry: Entry) -> bool:
    """Whether a file is code that somebody may have written as an answer."""
    return entry.suffix in CODE and entry.name != "__init__.py"


def _goes_without_saying(name: str) -> bool:
    """Files that come with a repository or a download and that nobody expects to be graded."""
    lower = name.lower()
    return lower.startswith((".", "readme", "license", "__init__.py")) or lower.endswith(
        (".md", ".toml", "requirements.txt")
    )
