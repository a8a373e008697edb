"""`grade read PROBLEM`: the statement in the terminal."""

from __future__ import annotations

import re
from pathlib import Path

import click

from grader.cli.completion import complete_problems
from grader.cli.shared import console
from grader.cli.targets import find_problem
from grader.errors import UsageError

_PICTURE = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_SPOKEN = re.compile(r'aria-label="([^"]*)"|<title>([^<]*)</title>')
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_WIDEST = 100


@click.command("read", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("problem", shell_complete=complete_problems)
def command(problem: str) -> int:
    """Read a problem's statement here in the terminal."""
    from rich.markdown import Markdown

    course, slug = find_problem(problem)
    statement = course.root / "problems" / slug / "statement.md"
    if not statement.is_file():
        raise UsageError(f"{slug} has no statement.md", hint="its stub.py says what each function is to do")
    out = console()
    text = Markdown(as_text(Path(statement).read_text(encoding="utf-8")))
    width = min(out.width, _WIDEST)
    if out.is_terminal:
        with out.pager(styles=True):
            out.print(text, width=width)
    else:
        out.print(text, width=width)
    return 0


def as_text(markdown: str) -> str:
    """The statement without HTML: of a picture its description stays."""
    return _TAG.sub("", _PICTURE.sub(_described, markdown))


def _described(picture: re.Match[str]) -> str:
    spoken = _SPOKEN.search(picture[0])
    words = " ".join((spoken[1] or spoken[2] or "").split()) if spoken else ""
    return f"*[picture: {words}]*" if words else ""
