"""The command line: its words. Each command's module is imported when it is called, not before."""

from __future__ import annotations

import importlib
from typing import Any, NamedTuple

import click
from click.shell_completion import CompletionItem

import grader
from grader.cli.completion import complete_problems


class _Word(NamedTuple):
    module: str
    """Defines the command as `command`."""
    summary: str


# `grade PROBLEM` has no word of its own.
_COMMANDS = {
    "adjust": _Word("grader.cli.adjust", "change a grade by hand, with the reason"),
    "batch": _Word("grader.cli.batch", "grade a folder or zip of submissions"),
    "data": _Word("grader.cli.data", "get the data sets that problems use"),
    "desk": _Word("grader.cli.desk", "look at a batch and settle it, in the browser"),
    "docs": _Word("grader.cli.docs", "the documentation, here in the terminal"),
    "doctor": _Word("grader.cli.doctor", "the walls on this machine, versions, data"),
    "export": _Word("grader.cli.export", "a batch's scores for a learning platform"),
    "hint": _Word("grader.cli.hint", "one further hint for what fails first"),
    "feedback": _Word("grader.cli.feedback", "each student's report, named as the platform takes it back"),
    "import": _Word("grader.cli.importing", "for authors: make a problem of another grader's assignment"),
    "new": _Word("grader.cli.new", "for authors: begin a problem"),
    "pack": _Word("grader.cli.pack", "the file or zip to hand in"),
    "read": _Word("grader.cli.read", "a problem's statement, here in the terminal"),
    "regrade": _Word("grader.cli.regrade", "grade some answers again and show what changed"),
    "release": _Word("grader.cli.release", "for instructors: a kit for students, an autograder for Gradescope"),
    "start": _Word("grader.cli.start", "write submission.py from a problem's stub"),
    "verify": _Word("grader.cli.verify", "for authors: hold problems to their promises"),
    "watch": _Word("grader.cli.watch", "grade again whenever the file is saved"),
}
_ONE = "grader.cli.one"


class _Lazy(click.Group):
    """A group that takes any other first word for a problem to grade."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        word = _COMMANDS.get(cmd_name)
        command: click.Command = importlib.import_module(word.module if word else _ONE).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in _COMMANDS:
            return super().resolve_command(ctx, args)
        return "PROBLEM", self.get_command(ctx, "PROBLEM"), args

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        return [*super().shell_complete(ctx, incomplete), *complete_problems(ctx, None, incomplete)]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage("grade", "PROBLEM [OPTIONS]")
        formatter.write_usage("grade", "COMMAND [OPTIONS]", prefix="   or: ")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, word.summary) for name, word in _COMMANDS.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # `grade --submission x 02`: options of a problem before its name are not the group's.
        if (
            args
            and args[0].startswith("-")
            and args[0] not in ("--help", "--version", "-h")
            and not args[0].startswith("--log")
        ):
            ctx.fail(f"name a problem first: grade PROBLEM {' '.join(args)}")
        return super().parse_args(ctx, args)


def begin_log(ctx: click.Context, parameter: click.Parameter, path: str | None) -> None:
    """Begin the log that was asked for, by option or environment."""
    if not path:
        return
    import platform
    import sys

    from grader.common import logs
    from grader.errors import UsageError

    try:
        logs.begin(path)
    except OSError as error:
        raise UsageError(f"the log {path} cannot be written: {error.strerror}", hint="name another file") from None
    logs.note(f"torchgrade {grader.__version__}, Python {platform.python_version()}, {platform.platform()}")
    logs.note(f"command: {sys.argv[1:]}")


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(grader.__version__, prog_name="grade")
@click.option(
    "--log",
    metavar="FILE",
    envvar="TORCHGRADE_LOG",
    is_eager=True,
    expose_value=False,
    callback=begin_log,
    help="Write down there what every process says: grade --log FILE 02.",
)
@click.pass_context
def app(ctx: click.Context, /, **_: Any) -> None:
    """Grade deep-learning exercises.

    \b
      grade                  how far I am in this course, and what is next
      grade 02               grade my work on problem 02; grade 02 --help lists its options
      grade 02 03            several; grade all takes every problem that is begun
      grade my/answer.py     an answer that lies elsewhere
      grade start 02         begin with problem 02
    """
    if ctx.invoked_subcommand is None:
        from grader.cli.home import home

        home()


def known_words() -> list[str]:
    """The words that are commands, for "did you mean"."""
    return sorted(_COMMANDS)
