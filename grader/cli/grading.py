"""What `grade PROBLEM` and `grade watch` share: which work is put before which problem, and what is told of it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from grader.bench import Bench
from grader.cli.shared import SUBMISSION_NAMES, begin_submission, say, submission_in
from grader.common.outfile import check_output, is_page, is_result, write_output
from grader.common.suggest import nearest
from grader.errors import CheckError, HarnessError, UsageError
from grader.grade import grade_one
from grader.intake import read_submission
from grader.jobs import Terms
from grader.model import Grade, Problem, Submission
from grader.problem import Course, find_course


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

    @property
    def work(self) -> Path:
        """The file or folder that is graded, whether or not it is there yet."""
        folder = self.course.root / "problems" / self.slug
        return self.submission or submission_in(folder) or folder / SUBMISSION_NAMES[0]

    def once(self) -> Grade:
        """Grade the work as it is now."""
        try:
            return grade_one(self, Terms(self.public_only or self.course.solutions is None, self.reveal))
        except CheckError as error:
            raise HarnessError(error.in_full) if self.reveal else error from None

    def load(self) -> Problem:
        return self.course.load(self.slug)

    def read(self, problem: Problem) -> Submission:
        self.check_outputs()
        return read_submission(self.submission or own_work(problem), names=problem.names)

    def open(self, problem: Problem) -> Bench:
        return self.bench

    def report(self, problem: Problem, grade: Grade) -> None:
        """Write what was asked for, and print the rest."""
        self._write(grade, problem)
        if self.json_to != "-":
            self._print(grade, problem)

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
            from grader.reports.html import student_page

            statement = Path(problem.folder) / "statement.md"
            text = statement.read_text(encoding="utf-8") if statement.is_file() else None
            page = student_page(grade, problem, text, reveal=self.reveal).encode("utf-8", "replace")
            write_output(self.html_to, page, is_page, never=[self.work])

    def _print(self, grade: Grade, problem: Problem) -> None:
        from rich.console import Console

        from grader.reports.terminal import print_grade
        from grader.sandbox.walls.table import meets_floor

        print_grade(grade, Console(highlight=False), reveal=self.reveal, waiting=problem.hidden)
        lacking = meets_floor(grade.walls)
        if self.bench.tier.says:
            say(self.bench.tier.says)
        elif lacking:
            say("Graded with walls missing (grade doctor says which); fine for your own work, not for others'.")


def find_problem(typed: str) -> tuple[Course, str]:
    """The course, and the slug of its problem that `typed` means."""
    from grader.cli.app import known_words

    course = find_course(Path.cwd(), typed)
    try:
        return course, course.resolve(typed)
    except UsageError as error:
        word = nearest(typed, known_words(), cutoff=0.7)
        if word:
            raise UsageError(f"there is no problem or command {typed}", hint=f"did you mean grade {word}?") from None
        raise error


def own_work(problem: Problem) -> Path:
    """The student's work in a problem's folder; where there is none yet, the stub, written there."""
    folder = Path(problem.folder)
    existing = submission_in(folder)
    if existing is not None:
        return existing
    written = begin_submission(folder)
    say(f"There was no submission yet: {_short(written)} now holds the stub. Write your answers there.")
    return written


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
