"""`grade read PROBLEM`: the statement in the terminal; after full marks the solutions, too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.completion import complete_problems
from grader.cli.shared import show_pages
from grader.cli.solutions import solutions_of
from grader.cli.targets import find_problem
from grader.errors import UsageError
from grader.problem import Course

if TYPE_CHECKING:
    from rich.console import RenderableType

_PICTURE = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_SPOKEN = re.compile(r'aria-label="([^"]*)"|<title>([^<]*)</title>')
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")


@click.command("read", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("problem", shell_complete=complete_problems)
@click.option("--solution", is_flag=True, help="After full marks: the reference, and other right answers.")
def command(problem: str, solution: bool) -> int:
    """Read a problem's statement here in the terminal."""
    course, slug = find_problem(problem)
    show_pages(*(_solutions(course, slug) if solution else [_statement(course, slug)]))
    return 0


def _statement(course: Course, slug: str) -> RenderableType:
    from rich.markdown import Markdown

    statement = course.root / "problems" / slug / "statement.md"
    if not statement.is_file():
        raise UsageError(f"{slug} has no statement.md", hint="its stub.py says what each function is to do")
    return Markdown(as_text(Path(statement).read_text(encoding="utf-8")))


def _solutions(course: Course, slug: str) -> list[RenderableType]:
    """The reference and the alternatives. Raises UsageError for whoever may not read them."""
    from rich.padding import Padding
    from rich.rule import Rule
    from rich.syntax import Syntax

    folder = solutions_of(course, slug)
    pages: list[RenderableType] = []
    for path in (folder / "solution.py", *sorted((folder / "alternatives").glob("*.py"))):
        title = "The reference" if path.name == "solution.py" else f"Another right answer: {path.stem}"
        code = Syntax(path.read_text(encoding="utf-8"), "python", background_color="default", word_wrap=True)
        pages += [Rule(title), Padding(code, (1, 0))]
    return pages


def as_text(markdown: str) -> str:
    """The statement without HTML: of a picture its description stays."""
    return _TAG.sub("", _PICTURE.sub(_described, markdown))


def _described(picture: re.Match[str]) -> str:
    spoken = _SPOKEN.search(picture[0])
    words = " ".join((spoken[1] or spoken[2] or "").split()) if spoken else ""
    return f"*[picture: {words}]*" if words else ""
