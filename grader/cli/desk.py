"""`grade desk DIR`: the instructor's pages on this machine."""

from __future__ import annotations

import getpass
import importlib.util
import shlex
import webbrowser
from pathlib import Path

import click

from grader.batch.store import STORE
from grader.cli.shared import say
from grader.errors import UsageError
from grader.problem import find_course

_NEEDED = ("starlette", "uvicorn", "python_multipart")


@click.command("desk", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="Default: one that is free.")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
def command(directory: Path, port: int, opens: bool) -> int:
    """Look at a batch in DIR, and settle it, in the browser: class, code, reports, likenesses, adjustments.

    The pages are for this machine alone, and for who has their address: it holds a token, another one each time.
    """
    if not (directory / STORE).is_file():
        raise UsageError(f"{directory} holds no results of grade batch", hint="give the folder that its --out named")
    course = find_course(Path.cwd())
    if missing := [name for name in _NEEDED if importlib.util.find_spec(name) is None]:
        raise UsageError(
            f"the desk needs {', '.join(missing)}", hint="install it with: python -m pip install 'torchgrade[desk]'"
        )
    from grader.desk.serve import serve_desk

    def ready(address: str) -> None:
        click.echo(address)
        say("The desk is open at this address, on this machine alone. Ctrl-C closes it.")
        if opens:
            webbrowser.open(address)

    def unwritten() -> None:
        say("The last adjustments are kept, but the results lack them. This writes them:")
        say(f"    grade adjust {shlex.quote(str(directory))}")

    serve_desk(directory, course, port, _account(), ready, unwritten)
    return 0


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
