"""`grade data fetch`: get genuine MNIST for the problem that uses it."""

from __future__ import annotations

import click

from grader import data

_HELP = {"help_option_names": ["-h", "--help"]}


@click.group("data", context_settings=_HELP)
def command() -> None:
    """Images of handwritten digits for the problem that trains on them."""


@command.command("fetch", context_settings=_HELP)
def fetch() -> int:
    """Download MNIST from its public mirrors; goes on where an earlier download stopped."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    console = Console(stderr=True, highlight=False)
    with Progress(TextColumn("{task.description}"), BarColumn(), DownloadColumn(), console=console) as bars:
        tasks: dict[str, int] = {}

        def show(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total)
            bars.update(bars.task_ids[list(tasks).index(name)], completed=done)

        folder = data.fetch(progress=show)
    click.echo(f"MNIST is complete in {folder}")
    return 0
