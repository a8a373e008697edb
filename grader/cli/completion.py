"""Completion of problems in a shell; click completes commands and options."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import CompletionItem


def complete_problems(ctx: click.Context, parameter: click.Parameter | None, incomplete: str) -> list[CompletionItem]:
    """The problems of the course around that begin with what is typed so far."""
    from grader.errors import UsageError
    from grader.problem import find_course

    try:
        slugs = find_course(Path.cwd()).slugs
    except UsageError:
        return []
    return [CompletionItem(slug) for slug in slugs if slug.startswith(incomplete)]
