"""A real stem, and rooms of it in which a test runs a few lines of its own."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.model import Limits
from grader.sandbox import replies
from grader.sandbox.forked import borrowed
from grader.sandbox.launch import Stem
from grader.sandbox.operations import CallFunction, Define, GetAttribute, Operation
from grader.sandbox.questions import Snippet, asking
from grader.sandbox.session import RoomSession
from tests import lent

# A busy machine is slow, and a test that hangs should still end.
SECONDS = 30.0


TRY = """
import errno, os

def attempt(action, path):
    match action:
        case "read": return len(open(path, "rb").read(16))
        case "list": return len(os.listdir(path))
        case "write": open(path, "wb").write(b"x")
        case "append": open(path, "ab").write(b"x")
        case "mkdir": os.mkdir(path)
        case "unlink": os.unlink(path)
        case "rmdir": os.rmdir(path)
        case "rename": os.rename(path, path + "-moved")
        case "steal": os.rename(path, "stolen")
        case "chmod": os.chmod(path, 0o700)
        case "utime": os.utime(path)
        case "truncate": os.truncate(path, 0)
        case "exists": os.stat(path)
    return "done"

def main(action, path):
    try:
        return attempt(action, path)
    except OSError as error:
        return errno.errorcode[error.errno]
"""
"""Inside a room: `main(action, path)` does one thing to a file; "done", or the name of the error."""


class Held:
    """What a handle stands for on this side."""

    def __init__(self, number: int, type_name: str) -> None:
        self.number = number
        self.type_name = type_name


def number_of(value: object) -> int:
    assert isinstance(value, Held)
    return value.number


class Inside:
    """An open room, and a way to run Python in it."""

    def __init__(self, session: RoomSession) -> None:
        self.session = session

    @property
    def walls(self) -> tuple[str, ...]:
        return self.session.walls

    def ask(self, operation: Operation, *, keep: bool = False, seconds: float = SECONDS) -> tuple[str, Any]:
        question = asking(operation, number=number_of, keep=keep)
        answer = replies.decode(self.session.ask(question, seconds), Held)
        return answer.kind, answer.value

    def run(self, source: str, *arguments: Any, seconds: float = SECONDS) -> Any:
        """Call `main` of `source` in the room; AssertionError where it raises."""
        kind, module = self.ask(Define(Snippet.of(source)), keep=True)
        assert kind == "kept", module
        _, main = self.ask(GetAttribute(module, "main"), keep=True)
        kind, value = self.ask(CallFunction(main, arguments, {}), seconds=seconds)
        assert kind == "value", value
        return value


@pytest.fixture(scope="session")
def stem() -> Stem:
    """One stem for all tests of this package."""
    return lent.stem()


@contextlib.contextmanager
def opened(stem: Stem, limits: Limits | None = None, *, without: Iterable[str] = ()) -> Iterator[Inside]:
    """A room of a zygote of its own."""
    with borrowed(stem, without=without) as sandbox:
        session = sandbox.open(limits or Limits())
        try:
            yield Inside(session)
        finally:
            if session.alive:
                session.end()


@pytest.fixture
def anybodys() -> Iterator[Path]:
    """A folder that every user may enter and write to, unlike pytest's own: a file's mode stops nobody there."""
    folder = Path(tempfile.mkdtemp(prefix="anybodys-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


OpenRoom = Callable[..., contextlib.AbstractContextManager[Inside]]


@pytest.fixture
def open_room(stem: Stem) -> OpenRoom:
    """`open_room(limits, without=…)`: a room, as a context manager."""
    return lambda *args, **kwargs: opened(stem, *args, **kwargs)


@pytest.fixture(scope="module")
def room(stem: Stem) -> Iterator[Inside]:
    """One room with every wall, for all tests of a module that only look around."""
    with opened(stem) as inside:
        yield inside
