"""What `grade PROBLEM` and `grade watch` share: which work is put before which problem, and what is told of it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from grader.cli.shared import begin_submission, say, submission_in
from grader.common.outfile import check_output, is_page, is_result, write_output
from grader.common.suggest import nearest
from grader.errors import UsageError
from grader.intake import read_submission
from grader.model import Grade, Problem
from grader.pipeline import Bench, SandboxMode
from grader.problem import Course, find_course


@dataclass(frozen=True)
class Grading:
    """One problem and one piece of work, as they were asked for on the command line."""

    course: Course
    slug: str
    work: Path
    html_to: str | None = None
    json_to: str | None = None
    public_only: bool = False
    reveal: bool = False
    sandbox: SandboxMode = SandboxMode.AUTO

    def once(self, bench: Bench) -> Grade:
        """Read the work as it is now, grade it, write what was asked for and print the rest."""
        problem = self.course.load(self.slug)
        self.check_outputs()
        work = read_submission(self.work, names=problem.names)
        public_only = self.public_only or self.course.solutions is None
        grade = bench.grade(problem, work, public_only=public_only, reveal=self.reveal)
        self._write(grade, problem)
        if self.json_to != "-":
            self._print(grade, problem)
        return grade

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
        from grader.sandbox.confine import meets_floor

        print_grade(grade, Console(highlight=False), reveal=self.reveal, waiting=problem.hidden)
        lacking = meets_floor(grade.walls)
        fine = "fine for your own work, not for others'."
        if self.sandbox is SandboxMode.PROCESS:
            say(f"Graded in a plain child process with limits on time and memory; {fine}")
        elif lacking:
            say(f"Graded with walls missing (grade doctor says which); {fine}")


def find_work(typed: str, submission: Path | None) -> tuple[Course, str, Path]:
    """The course, the problem that `typed` means, and the work: `submission`, else the problem's own.

    Where there is none yet it is written from the stub, and that is said.
    """
    course = find_course(Path.cwd(), typed)
    slug = _resolve(course, typed)
    course.load(slug)  # What is wrong with the problem is told before anything is written.
    return course, slug, submission if submission is not None else _own_work(course.root / "problems" / slug)


def _resolve(course: Course, typed: str) -> str:
    from grader.cli.app import known_words

    try:
        return course.resolve(typed)
    except UsageError as error:
        word = nearest(typed, known_words(), cutoff=0.7)
        if word:
            raise UsageError(f"there is no problem or command {typed}", hint=f"did you mean grade {word}?") from None
        raise error


def _own_work(folder: Path) -> Path:
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
