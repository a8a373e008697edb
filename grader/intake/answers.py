"""From one student's files to answers: which file answers which problem, and what is left over."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from grader.intake.allowance import HandInBudget, once_for_each_reason, told
from grader.intake.archive import open_archive
from grader.intake.content import CODE, OTHER_ARCHIVES, check_code, stem
from grader.intake.evidence import Candidate, Evidence, Judge
from grader.intake.extras import digest, gather_extras
from grader.intake.files import Refused, too_large
from grader.intake.handin import Handin
from grader.intake.leftovers import HINTS, OF_THE_COURSE, goes_without_saying, what_it_is
from grader.intake.model import Notice, NoticeKind, Student, Work
from grader.intake.naming import Names, Strength, names_nobody, split_copy
from grader.intake.newest import STUB, chosen, looks_like_a_test, with_versions
from grader.intake.notebook_outputs import NOTEBOOK_FILES, limit_of, without_outputs
from grader.intake.tree import Entry
from grader.intake.versions import says_only_version
from grader.model import Problem, SourceFile, Submission

MAX_CODE_FILES = 200
"""The most code files of one student that are looked into."""
CODE_FILES = 4
"""Times the limit of a notebook, for all of one student's code together."""

_CHECKS = "checks"
_DEEP = 4


@dataclass(slots=True)
class Answers:
    """What one student's files come to."""

    work: list[Work] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    doubles: int = 0
    """Answers that were not taken, and of which nothing tells that they are older than the one that was."""
    strangers: int = 0
    """Those among them from another folder, whose name may be a student's."""
    holds: list[str] = field(default_factory=list)
    """Names of all that was handed in, with what archives hold instead of the archives."""


class Matcher:
    """Matches students' files to the problems of one course."""

    def __init__(self, problems: Sequence[Problem], names: Names, judge: Judge, limit: int) -> None:
        self._problems = problems
        self.names = names
        self._judge = judge
        self._limit = limit
        self._stubs = frozenset(filter(None, map(_stub, problems)))

    def match(self, student: Student, handins: Sequence[Handin]) -> Answers:
        """Sort out everything that `student` handed in."""
        desk = _Desk(student, self.names, self._limit)
        desk.unpack(handins)
        self._read(desk)
        for problem in self._problems:
            desk.choose(problem)
        desk.report_leftovers()
        desk.found.notices = told(desk.found.notices)
        return desk.found

    def _read(self, desk: _Desk) -> None:
        """Look into the code files; those that cannot be code are reported."""
        # The code that lies deep is looked into last: libraries that somebody handed in along lie deeper than answers.
        code = [pair for pair in desk.files if _may_answer(pair[0]) and not desk.is_of_the_course(pair[0])]
        code.sort(key=lambda pair: len(pair[0].parts) > _DEEP)
        room = CODE_FILES * NOTEBOOK_FILES * self._limit
        for entry, handin in code[:MAX_CODE_FILES]:
            name = split_copy(stem(entry.name), dashes=handin.dashes)
            try:
                content = entry.fetch(min(limit_of(entry.name, self._limit), room))
                room -= len(content)
                if entry.name == STUB and _same_everywhere(content) in self._stubs:
                    continue
                check_code(entry.name, content)
                # One copy of each file, without what a notebook showed: there may be many, of megabytes each.
                whole, content = hashlib.sha256(content), without_outputs(entry.name, content)
            except Refused as refusal:
                kind = NoticeKind.EMPTY if str(refusal) == "is empty" else NoticeKind.REFUSED
                problem = self.names.best(name.text, Strength.NUMBER) or handin.problem
                desk.note(entry, kind, str(refusal), problem)
                continue
            candidate = Candidate(entry, handin, name, content, whole, self._judge.defined(entry.name, content))
            desk.candidates.append(self._judge.judged(candidate, desk.student))
        if len(code) > MAX_CODE_FILES:
            reason = f"and other code files are not looked into: more than {MAX_CODE_FILES} of one student"
            desk.note(code[MAX_CODE_FILES][0], NoticeKind.REFUSED, reason)


class _Desk:
    """One student's files while they are sorted."""

    def __init__(self, student: Student, names: Names, limit: int) -> None:
        self._names = names
        self.student = student
        self.files: list[tuple[Entry, Handin]] = []
        self.candidates: list[Candidate] = []
        self.found = Answers()
        self._limit = limit
        self._budget = HandInBudget.of_a_student(limit)
        self._used: set[str] = set()
        self._last_attempt: dict[str, str] = {}

    def note(self, entry: Entry, kind: NoticeKind, reason: str, problem: str | None = None) -> None:
        """Report `entry`."""
        self.found.notices.append(Notice(entry.shown, kind, reason, self.student.id, problem))

    def unpack(self, handins: Sequence[Handin]) -> None:
        """List the files, those in archives too; what is too large or of a kind not opened is reported."""
        for handin in handins:
            if handin.problem is not None:
                last = self._last_attempt.get(handin.problem, "")
                self._last_attempt[handin.problem] = max(last, handin.attempt)
        pending = self._within_budget([(entry, handin) for handin in handins for entry in handin.files])
        while pending:
            entry, handin = pending.pop(0)
            try:
                if entry.is_archive:
                    listing = open_archive(entry, self._limit, self._budget)
                    refused = once_for_each_reason(listing.notices)
                    self.found.notices += [about(notice, self.student) for notice in refused]
                    around = (*entry.folder, stem(entry.name))
                    inner = [found.at((*around, *found.parts)) for found in listing.entries]
                    pending += [(found, handin) for found in inner]
                elif entry.suffix in OTHER_ARCHIVES:
                    raise Refused(f"is a {entry.suffix} archive, which is not opened; a .zip is")
                elif entry.claimed_size > (most := limit_of(entry.name, self._limit)):
                    raise too_large(entry.claimed_size, most)
                else:
                    self.files.append((entry, handin))
            except Refused as refusal:
                self.note(entry, NoticeKind.REFUSED, str(refusal))
            else:
                if entry.is_archive:
                    continue
            self.found.holds.append(entry.name)

    def _within_budget(self, files: list[tuple[Entry, Handin]]) -> list[tuple[Entry, Handin]]:
        """The files that are looked at, code and archives first; of those beyond the limit one is reported."""
        most = self._budget.files
        if len(files) > most:
            files = sorted(files, key=lambda pair: not (_may_answer(pair[0]) or pair[0].is_archive))
            reason = f"and {len(files) - most - 1:,} other files are not looked at: more than {most:,} of one student"
            self.note(files[most][0], NoticeKind.REFUSED, reason)
        self._budget.files -= min(len(files), most)
        return files[:most]

    def is_of_the_course(self, entry: Entry) -> bool:
        """Whether a file is a check that the course gave out: in ``checks``, beside what else it gives out."""
        if _CHECKS not in entry.folder:
            return False
        around = entry.folder[: entry.folder.index(_CHECKS)]
        return entry.name.startswith("test_") or any(
            other.folder == around and (other.name in OF_THE_COURSE or other.name == STUB) for other, _ in self.files
        )

    def choose(self, problem: Problem) -> None:
        """Take the best answer to `problem`; list those that are one too, but not the one taken."""
        rivals = [candidate for candidate in self.candidates if problem.slug in candidate.answers]
        if not rivals:
            return
        if len(rivals) > 1:
            rivals = with_versions(rivals, self._names)
        choice = chosen(rivals, problem)
        best = choice.best
        submission, along = self._submission(best, problem)
        late = best.handin.late
        taken_for = best.answers[problem.slug].words
        handed_in = best.handin.handed_in
        self.found.work.append(Work(self.student.id, problem.slug, submission, late, along, taken_for, handed_in))
        self._used |= {best.entry.shown, *along}
        for rival in _serious(rivals, problem.slug):
            if rival is best or rival.entry.shown in along:
                continue
            why = choice.older.get(rival.entry.shown)
            told = f"is an older answer to {problem.slug} ({why})" if why else f"is a second answer to {problem.slug}"
            self.note(rival.entry, NoticeKind.DOUBLE, f"{told}; {best.entry.shown} was taken", problem.slug)
            if why is None and not looks_like_a_test(rival):
                self.found.doubles += 1
                self.found.strangers += self._is_strangers(rival, best, problem.slug)
        if best.handin.attempt < self._last_attempt.get(problem.slug, ""):
            reason = "is from an earlier attempt: the last one holds no answer"
            self.note(best.entry, NoticeKind.NOTE, reason, problem.slug)
        if not best.entry.own_name.endswith(best.entry.name):
            reason = f"was taken for the {best.entry.suffix} that it seems to be"
            self.note(best.entry, NoticeKind.NOTE, reason, problem.slug)
        if late:
            self.note(best.entry, NoticeKind.LATE, "was handed in late", problem.slug)
        if best.overruled:
            reason = f"was taken as {problem.slug} for the functions it defines, not as {best.overruled}"
            self.note(best.entry, NoticeKind.NOTE, reason, problem.slug)

    def _submission(self, best: Candidate, problem: Problem) -> tuple[Submission, tuple[str, ...]]:
        """The answer with the files it needs, and the printable paths of those."""
        depth = len(best.entry.folder)
        nearby: dict[tuple[str, ...], Entry] = {}
        for entry, handin in sorted(self.files, key=lambda pair: -pair[1].sequence):
            # In its folder; in an archive, or beside one, a file may also have the very name of that folder.
            inside = entry.folder[:depth] == best.entry.folder
            same_place = inside and (handin is best.handin or handin.dashes)
            if entry is best.entry or entry.suffix == ".ipynb" or not same_place:
                continue
            path = entry.parts[depth:]
            nearby.setdefault(path, entry)
            if handin.dashes:
                # The code asks for utils.py, whatever the platform made of the name at the second upload.
                first = split_copy(stem(entry.name), dashes=True).text + entry.name[len(stem(entry.name)) :]
                nearby.setdefault((*path[:-1], first), entry)
        name = best.entry.name
        extra, _ = gather_extras(name, best.content, nearby, self._limit, self._budget)
        along = tuple(nearby[tuple(file.name.split("/"))].shown for file in extra)
        sha256 = digest(best.whole, extra)
        figures = bool(problem.manual) and best.entry.suffix == ".ipynb"
        content = best.content
        if figures:
            content = without_outputs(name, best.entry.fetch(limit_of(name, self._limit)), figures=True)
        main = SourceFile(name, content)
        return Submission(best.entry.shown, main, extra, self.student.id, sha256, figures), along

    def _is_strangers(self, rival: Candidate, best: Candidate, problem: str) -> bool:
        """Whether the name of `rival`, or of a folder around it and not around `best`, may be somebody else's."""
        if rival.folder == best.folder and min(c.answers[problem] for c in (rival, best)) >= Evidence.NUMBER:
            # Both name the problem: what else their names hold may be two students.
            words = [c.version.core for c in (rival, best)]
            return all(core and not names_nobody(" ".join(core)) for core in words) and words[0] != words[1]
        apart = [folder for folder in rival.folder if folder not in best.folder]
        return any(
            not names_nobody(folder) and not says_only_version(folder) and self._names.best(folder) is None
            for folder in apart
        )

    def report_leftovers(self) -> None:
        """List what is neither an answer nor goes along with one, and was not spoken of yet."""
        told = self._used | {notice.path for notice in self.found.notices}
        code = {candidate.entry.shown for candidate in self.candidates}
        for entry, handin in self.files:
            if entry.shown in told:
                continue
            if entry.shown in code:
                reason = "belongs to no problem, by its name or by the functions it defines"
                self.note(entry, NoticeKind.UNMATCHED, reason)
            elif not goes_without_saying(entry) and not self.is_of_the_course(entry):
                meant_for = self._meant_for(entry, handin) if entry.suffix in HINTS else None
                self.note(entry, NoticeKind.UNMATCHED, what_it_is(entry), meant_for)

    def _meant_for(self, entry: Entry, handin: Handin) -> str | None:
        """The problem that somebody meant to answer with a file that is no code, as far as its path says."""
        inner_first = (stem(entry.name), *reversed(entry.folder))
        named = (self._names.best(split_copy(part).text, Strength.NUMBER) for part in inner_first)
        return handin.problem or next(filter(None, named), None)


def about(notice: Notice, student: Student) -> Notice:
    """The notice, with the student it is about."""
    return msgspec.structs.replace(notice, student=student.id)


def _serious(rivals: list[Candidate], problem: str) -> list[Candidate]:
    """Files that are meant as an answer. Where some are named so, others that happen to hold its functions are not."""
    if all(candidate.answers[problem] <= Evidence.FUNCTIONS for candidate in rivals):
        return rivals
    return [c for c in rivals if c.answers[problem] >= Evidence.FUNCTIONS + (len(c.answers) > 1)]


def _may_answer(entry: Entry) -> bool:
    """Whether a file is code that somebody may have written as an answer."""
    return entry.suffix in CODE and entry.name != "__init__.py"


def _stub(problem: Problem) -> bytes | None:
    """What the course gives out to start from, or None where it cannot be read."""
    try:
        return _same_everywhere((Path(problem.folder) / STUB).read_bytes()) if problem.folder else None
    except OSError:
        return None


def _same_everywhere(content: bytes) -> bytes:
    """A source without what editors and systems change on their own."""
    return b"\n".join(line.rstrip() for line in content.splitlines()).strip()
