"""Options that several commands have: the same name, the same words."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cores import usable_cores
from grader.tiers import SandboxMode

submission = click.option(
    "--submission", type=click.Path(path_type=Path), help="A .py, .ipynb or folder instead of the problem's own."
)
everything = click.option(
    "--all", "everything", is_flag=True, help="Tell every check in full, not only the first failure."
)
public_only = click.option("--public-only", is_flag=True, help="Only the checks that a student may see.")
sandbox = click.option(
    "--sandbox",
    type=click.Choice([mode.value for mode in SandboxMode]),
    default=SandboxMode.AUTO.value,
    show_default=True,
    help="strict refuses to run with a wall missing; process is a plain child process.",
)
jobs = click.option(
    "--jobs", default=usable_cores, type=click.IntRange(1, 256), help="Local workers; default: the cores."
)
