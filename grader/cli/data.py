"""`grade data fetch`: get the data set that a problem uses."""

from __future__ import annotations

import click

from grader.common.suggest import did_you_mean
from grader.data import PROVIDERS
from grader.errors import UsageError

_HELP = {"help_option_names": ["-h", "--help"]}
_NAMES = ", ".join(f"{name} ({each.about})" for name, each in PROVIDERS.items())


@click.group("data", context_settings=_HELP)
def command() -> None:
    """Data sets that problems use."""


@command.command("fetch", context_settings=_HELP, help=f"Download data sets: {_NAMES}. Goes on where it stopped.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
def fetch(names: tuple[str, ...]) -> int:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    for name in names:
        if name not in PROVIDERS:
            raise UsageError(f"there is no data set {name}; {did_you_mean(name, PROVIDERS)}")
    for name in names or PROVIDERS:
        console = Console(stderr=True, highlight=False)
        with Progress(TextColumn("{task.description}"), BarColumn(), DownloadColumn(), console=console) as bars:
            tasks: dict[str, int] = {}

            def show(file: str, done: int, total: int, bars: Progress = bars, tasks: dict[str, int] = tasks) -> None:
                if file not in tasks:
                    tasks[file] = bars.add_task(file, total=total)
                bars.update(bars.task_ids[list(tasks).index(file)], completed=done)

            folder = PROVIDERS[name].fetch(show)
        click.echo(f"{name} is complete in {folder}")
    return 0
