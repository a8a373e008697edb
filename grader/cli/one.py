"""`grade PROBLEM`: grade one submission and say what was found."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import click

from grader.cli.shared import begin_submission, say, submission_in
from grader.errors import UsageError
from grader.intake import read_submission
from grader.model import Grade, Problem
from grader.pipeline import Bench, SandboxMode, exit_code_of
from grader.problem import find_course


@click.command("PROBLEM", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("problem", metavar="PROBLEM")
@click.option(
    "--submission",
    type=click.Path(path_type=Path),
    help="A .py, .ipynb or folder instead of the problem's own.",
)
@click.option("--json", "json_to", metavar="FILE", help="Write the result there; - for standard output.")
@click.option("--html", "html_to", metavar="FILE", help="Write the report there.")
@click.option("--public-only", is_flag=True, help="Only the checks that a student may see.")
@click.option("--reveal", is_flag=True, help="For authors: show of hidden checks what is shown of public ones.")
@click.option(
    "--sandbox",
    type=click.Choice([mode.value for mode in SandboxMode]),
    default=SandboxMode.AUTO.value,
    show_default=True,
    help="strict refuses to run with a wall missing; process is a plain child process.",
)
def command(
    problem: str,
    submission: Path | None,
    json_to: str | None,
    html_to: str | None,
    public_only: bool,
    reveal: bool,
    sandbox: str,
) -> int:
    """Grade my work on a problem."""
    # Started first: torch is imported while the rest is being read.
    with Bench(SandboxMode(sandbox)) as bench:
        course = find_course(Path.cwd(), problem)
        slug = _resolve(course, problem)
        loaded = course.load(slug)
        path = submission if submission is not None else _own_work(loaded)
        work = read_submission(path, names=loaded.names)
        public_only = public_only or course.solutions is None
        grade = bench.grade(loaded, work, public_only=public_only, reveal=reveal)
        _write(grade, loaded, json_to, html_to, reveal)
        if json_to != "-":
            _print(grade, sandbox, reveal)
        return int(exit_code_of(grade))


def _resolve(course: object, typed: str) -> str:
    from grader.cli.app import known_words
    from grader.problem import Course

    assert isinstance(course, Course)
    try:
        return course.resolve(typed)
    except UsageError as error:
        word = difflib.get_close_matches(typed, known_words(), n=1, cutoff=0.7)
        if word:
            raise UsageError(f"there is no problem or command {typed}", hint=f"did you mean grade {word[0]}?") from None
        raise error


def _own_work(problem: Problem) -> Path:
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


def _write(grade: Grade, problem: Problem, json_to: str | None, html_to: str | None, reveal: bool) -> None:
    if json_to is not None:
        from grader.reports.json import encode_grade, write_json

        if json_to == "-":
            sys.stdout.buffer.write(encode_grade(grade, reveal=reveal))
            sys.stdout.buffer.flush()
        else:
            _into(json_to, lambda: write_json(grade, json_to, reveal=reveal))
    if html_to is not None:
        from grader.reports.html import student_page
        from grader.reports.json import replace_file

        statement = Path(problem.folder) / "statement.md"
        text = statement.read_text(encoding="utf-8") if statement.is_file() else None
        page = student_page(grade, problem, text, reveal=reveal).encode("utf-8")
        if html_to == "-":
            raise UsageError("--html - : only the JSON result can go to standard output", hint="name a file")
        _into(html_to, lambda: replace_file(html_to, page))


def _into(path: str, write: object) -> None:
    assert callable(write)
    try:
        write()
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", hint="does its folder exist?") from None


def _print(grade: Grade, sandbox: str, reveal: bool) -> None:
    from rich.console import Console

    from grader.reports.terminal import print_grade
    from grader.sandbox.confine import meets_floor

    print_grade(grade, Console(highlight=False), reveal=reveal)
    lacking = meets_floor(grade.walls)
    if lacking and sandbox != SandboxMode.PROCESS.value:
        say("Graded with walls missing (grade doctor says which); fine for your own work, not for others'.")
    elif sandbox == SandboxMode.PROCESS.value:
        say("Graded in a plain child process with limits on time and memory; fine for your own work, not for others'.")
