"""`grade docs [PAGE]`: the documentation, here in the terminal."""

from __future__ import annotations

import click

from grader.cli.shared import show_pages
from grader.common.suggest import did_you_mean
from grader.errors import UsageError
from grader.release import manual


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in manual.pages() if name.startswith(incomplete)]


@click.command("docs", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("page", required=False, shell_complete=_complete)
def command(page: str | None) -> int:
    """Read the documentation here in the terminal: what there is, or one PAGE of it."""
    from rich.markdown import Markdown

    pages = manual.pages()
    name = manual.INDEX if page is None else page.replace("\\", "/").rpartition("/")[2].removesuffix(".md")
    if name not in pages:
        others = [each for each in pages if each != manual.INDEX]
        raise UsageError(f"there is no page {page}", hint=did_you_mean(name, others))
    show_pages(Markdown(pages[name].read_text(encoding="utf-8"), hyperlinks=False))
    return 0
