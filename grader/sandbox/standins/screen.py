"""What a program has in front of a screen and lacks in a room: a prompt, `display`, a way to end itself."""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import importlib.util
import os
import selectors
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

from grader.sandbox.standins import absent


class Exited(SystemExit):
    """The file wanted to end the process at once."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@contextlib.contextmanager
def in_place() -> Iterator[None]:
    """While a file is loaded: `input` is answered with an empty line, and the process cannot be ended by the file.

    A key that comes out of a library that is not there may be put into the environment.
    """
    os.environ["MPLBACKEND"] = "agg"
    encode = os.environ.encodevalue
    vars(os.environ)["encodevalue"] = lambda value: encode(value if absent.library_of(value) is None else repr(value))
    builtins.display = _display  # type: ignore[attr-defined]
    ask, leave, give_up = builtins.input, os._exit, os.abort
    vars(builtins).update(input=_unanswered)
    vars(os).update(_exit=_exited, abort=_aborted)
    try:
        yield
    finally:
        vars(builtins).update(input=ask)
        vars(os).update(_exit=leave, abort=give_up)
        vars(os.environ)["encodevalue"] = encode


def pass_breakpoints_by(*, pdb: bool) -> None:
    """Let nothing wait at a breakpoint that was left in a file. `pdb` is whether it may be that module's."""
    sys.breakpointhook = _passed_by
    if pdb:
        import pdb as debugger

        vars(debugger).update(set_trace=_passed_by)


def is_installed(library: str) -> bool:
    """Whether a library is there at all."""
    if library in sys.modules:
        return True
    try:
        return importlib.util.find_spec(library) is not None
    except (ImportError, ValueError):
        return False


def _display(*objects: Any, **kwargs: Any) -> None:
    print(*map(repr, objects), sep="\n")


def _passed_by(*args: Any, **kwargs: Any) -> None:
    """A breakpoint, which nobody waits at."""


def _unanswered(prompt: object = "", /) -> str:
    print(prompt)
    return ""


def _exited(status: int = 0) -> NoReturn:
    raise Exited(status)


def _aborted() -> NoReturn:
    raise Exited(134)


class _Patient(selectors.SelectSelector):
    """Looks up now and then: without a socket pair, which a room may not have, no thread could wake it."""

    def select(self, timeout: float | None = None) -> Any:
        return super().select(0.05 if timeout is None else min(timeout, 0.05))


class Loop(asyncio.SelectorEventLoop):
    """An event loop without sockets, for `await` outside functions."""

    def __init__(self) -> None:
        super().__init__(_Patient())

    def _make_self_pipe(self) -> None: ...

    def _close_self_pipe(self) -> None: ...

    def _write_to_self(self) -> None: ...
