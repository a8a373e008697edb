"""What `grade PROBLEM` and `grade watch` share: which work answers which problem, and what the terminal says of it."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from grader.bench import Bench
from grader.cli.closing import closing, short_name
from grader.cli.shared import console, patience, say
from grader.cli.work import SUBMISSION_NAMES, begin_submission, passed_over, submission_in
from grader.common.outfile import check_output, is_page, is_result, write_output
from grader.common.paths import short
from grader.errors import CheckError, HarnessError, UsageError
from grader.grade import grade_one
from grader.intake.athome import about_files_beside
from grader.intake.single import read_submission
from grader.jobs import Terms
from grader.journal import Journal
from grader.model import Grade, Problem, SourceFile, Submission
from grader.problem import Course
from grader.problem.given import read_given
from grader.problem.load import read_statement


@dataclass(frozen=True)
class Grading:
    """One problem and one piece of work, as they were asked for on the command line."""

    bench: Bench
    course: Course
    slug: str
    submission: Path | None
    """Instead of the problem's own."""
    html_to: str | None = None
    json_to: str | None = None
    public_only: bool = False
    reveal: bool = False
    everything: bool = False
    """Whether every check is told in full."""
    own: bool = True
    """Whether it counts in the student's journal."""
    brief: bool = False
    """Whether it is one of several, each of which gets a line."""
    several_files: bool = False
    """Whether others of the several are of the same problem, so that the line names the file."""
    silent: bool = False
    """Whether the caller itself says something of the grade."""
    _waiting: ExitStack = field(default_factory=ExitStack)
    _taken: list[SourceFile] = field(default_factory=list)
    """The files that went along with the work."""

    @property
    def work(self) -> Path:
        """The file or folder that is graded, whether or not it is there yet."""
        folder = self.course.root / "problems" / self.slug
        return self.submission or submission_in(folder) or folder / SUBMISSION_NAMES[0]

    @property
    def _file(self) -> Path:
        """The work, or where it lies in a folder."""
        return self.work / SUBMISSION_NAMES[0] if self.work.is_dir() else self.work

    def once(self) -> Grade:
        """Grade the work as it is now."""
        try:
            with self._waiting:
                return grade_one(self, Terms(self.public_only or self.course.solutions is None, self.reveal))
        except CheckError as error:
            raise HarnessError(error.in_full) if self.reveal else error from None

    def load(self) -> Problem:
        return self.course.load(self.slug)

    def read(self, problem: Problem) -> Submission:
        self.check_outputs()
        self._refuse_what_is_gone()
        submission = read_submission(self.submission or own_work(problem), names=problem.names)
        self._taken[:] = submission.extra
        return submission

    def _refuse_what_is_gone(self) -> None:
        if self.submission is not None and not self.submission.exists():
            from grader.intake.missing import did_you_mean_path

            begin = f"grade start {short_name(self.course, self.slug)} writes a new one from the stub"
            raise UsageError(f"there is no {self.submission}", hint=did_you_mean_path(self.submission) or begin)

    def open(self, problem: Problem) -> Bench:
        self._waiting.enter_context(patience(f"grading {problem.slug}"))
        return self.bench

    def report(self, problem: Problem, grade: Grade) -> None:
        """Write what was asked for, print the rest, and keep it in the journal."""
        self._waiting.close()
        if self.own or self.course.solutions is None:
            said_of_files = about_files_beside(self._file, self._taken, read_given(problem), grade)
            grade = msgspec.structs.replace(grade, notes=(*grade.notes, *said_of_files))
        self._write(grade, problem)
        journal = Journal(self.course.root)
        said = closing(self.course, journal if self.own else None, grade, self.work)
        if self.json_to != "-" and not self.silent:
            self._print(grade, problem, said)
        if self.own:
            journal.add(grade)

    def check_outputs(self) -> None:
        """Raise UsageError where what was asked for may not be written: before anybody waits for it."""
        if self.html_to == "-":
            raise UsageError("--html - : only the JSON result can go to standard output", hint="name a file")
        if self.json_to is not None and self.json_to != "-":
            check_output(self.json_to, is_result, never=[self.work])
        if self.html_to is not None:
            check_output(self.html_to, is_page, never=[self.work])

    def _write(self, grade: Grade, problem: Problem) -> None:
        if self.json_to is not None:
            from grader.reports.json import encode_grade

            encoded = encode_grade(grade, reveal=self.reveal)
            if self.json_to == "-":
                sys.stdout.buffer.write(encoded)
                sys.stdout.buffer.flush()
            else:
                write_output(self.json_to, encoded, is_result, never=[self.work])
        if self.html_to is not None:
            from grader.reports.plainpage import drawn_or_plain

            page = drawn_or_plain(grade, problem, read_statement(problem), reveal=self.reveal)
            write_output(self.html_to, page.encode("utf-8", "replace"), is_page, never=[self.work])

    def _print(self, grade: Grade, problem: Problem, said: str) -> None:
        if self.brief:
            from grader.reports.terminal import print_line

            print_line(grade, console(), self.work.name if self.several_files else "")
            return
        from grader.reports.terminal import print_grade

        self._say_walls(grade)
        print_grade(
            grade,
            console(),
            reveal=self.reveal,
            waiting=problem.hidden,
            everything=self.everything,
            closing=said,
        )

    def _say_walls(self, grade: Grade) -> None:
        from grader.sandbox.walls.table import meets_floor

        if self.bench.tier.says:
            say(self.bench.tier.says)
        elif meets_floor(grade.walls):
            say("Graded with walls missing (grade doctor says which); fine for your own work, not for others'.")


def own_work(problem: Problem) -> Path:
    """The student's work in a problem's folder; where there is none yet, the stub, written there."""
    folder = Path(problem.folder)
    existing = submission_in(folder)
    if existing is not None:
        if said := passed_over(folder):
            say(said)
        return existing
    written = begin_submission(folder)
    say(f"There was no submission yet: {short(written)} now holds the stub. Write your answers there.")
    return written
