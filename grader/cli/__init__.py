"""The `grade` command. Only this package prints or exits; exceptions become text here and nowhere else."""

from __future__ import annotations

import sys

from grader.errors import ExitCode, GraderError, HarnessError


def main() -> None:
    """Entry point of the `grade` command."""
    from grader.cli.app import app
    from grader.cli.console import show_what_can_be_shown
    from grader.common import logs

    show_what_can_be_shown()
    try:
        code = int(app(standalone_mode=False) or 0)
    except Exception as error:
        code = _told(error)
    except KeyboardInterrupt:
        print("\ngrade: stopped", file=sys.stderr)
        code = 130
    logs.note(f"ends with exit code {code}")
    sys.exit(code)


def _told(error: Exception) -> int:
    """Say what went wrong and what to do; the exit code."""
    import traceback

    import click

    from grader.common import logs

    logs.note("".join(traceback.format_exception(error)))
    if isinstance(error, GraderError):
        from grader.cli.shared import say_error

        say_error(error)
        return int(error.exit_code)
    if isinstance(error, click.exceptions.Abort):
        print("grade: stopped", file=sys.stderr)
        return 130
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, BrokenPipeError):
        # Somebody has closed our output, as `grade … | head` does; nobody is left to hear.
        sys.stderr.close()
        return int(HarnessError.exit_code)
    traceback.print_exception(error)
    print(f"grade: a fault of the grader's own, not of the submission: {type(error).__name__}", file=sys.stderr)
    return int(ExitCode.HARNESS_FAULT)
