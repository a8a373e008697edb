"""The command line: which words there are. Each command's module is imported when it is called, not before."""

from __future__ import annotations

import importlib
from typing import Any

import click

import grader

# Word -> module that defines it as `command`. `grade PROBLEM` has no word of its own.
_COMMANDS = {
    "batch": "grader.cli.batch",
    "data": "grader.cli.data",
    "doctor": "grader.cli.doctor",
    "export": "grader.cli.export",
    "start": "grader.cli.start",
    "verify": "grader.cli.verify",
}
_ONE = "grader.cli.one"


class _Lazy(click.Group):
    """A group that takes any other first word for a problem to grade."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = importlib.import_module(_COMMANDS.get(cmd_name, _ONE))
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in _COMMANDS:
            return super().resolve_command(ctx, args)
        return "PROBLEM", self.get_command(ctx, "PROBLEM"), args

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage("grade", "PROBLEM [OPTIONS]")
        formatter.write_usage("grade", "COMMAND [OPTIONS]", prefix="   or: ")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # `grade --submission x 02`: options of a problem before its name are not the group's.
        if args and args[0].startswith("-") and args[0] not in ("--help", "--version", "-h"):
            ctx.fail(f"name a problem first: grade PROBLEM {' '.join(args)}")
        return super().parse_args(ctx, args)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.version_option(grader.__version__, prog_name="grade")
def app(**_: Any) -> None:
    """Grade deep-learning exercises.

    \b
      grade problems/02      grade my work on problem 02
      grade start 02         begin with problem 02
      grade doctor           what this machine offers
    """


def known_words() -> list[str]:
    """The words that are commands, for "did you mean"."""
    return sorted(_COMMANDS)
