"""Files without a private root: Landlock and seccomp alone keep a room from what is not its own.

Nothing here needs a namespace: the same tests run as an ordinary user where those are forbidden (test_floor).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.launch import Stem
from tests.sandbox.conftest import TRY, Inside, opened


@pytest.fixture(scope="module")
def room(stem: Stem) -> Iterator[Inside]:
    with opened(stem, without=["private-files"]) as inside:
        assert "private-files" not in inside.walls
        yield inside


@pytest.fixture
def mine(anybodys: Path) -> Path:
    """A file that anybody may read and write, so that modes do not stop what Landlock should."""
    path = anybodys / "mine"
    path.write_text("secret")
    path.chmod(0o666)
    return path


UNREADABLE = [
    "/etc/passwd", "/etc/hostname", "/usr/bin/env", "/proc/version", "/proc/self/environ", "/proc/self/mem",
    "/proc/self/maps", "/proc/1/cmdline", "/sys/kernel/mm/transparent_hugepage/enabled", __file__,
]  # fmt: skip


@pytest.mark.parametrize("path", UNREADABLE)
def test_reading_is_denied(path: str, room: Inside) -> None:
    assert os.path.exists(path)
    assert room.run(TRY, "read", path) == "EACCES"


@pytest.mark.parametrize("path", ["/", "/etc", "/home", "/proc", "/proc/self/fd", "/sys", "/tmp", "/dev", "/dev/shm"])
def test_listing_is_denied(path: str, room: Inside) -> None:
    assert room.run(TRY, "list", path) == "EACCES"


@pytest.mark.parametrize(
    "action", ["read", "write", "append", "unlink", "rename", "steal", "chmod", "utime", "truncate"]
)
def test_anothers_file_stays_as_it_is(action: str, mine: Path, room: Inside) -> None:
    before = mine.stat()
    assert room.run(TRY, action, str(mine)) in ("EACCES", "EPERM", "EXDEV")
    assert mine.read_text() == "secret"
    assert (mine.stat().st_mode, mine.stat().st_mtime) == (before.st_mode, before.st_mtime)


@pytest.mark.parametrize("action", ["write", "mkdir"])
@pytest.mark.parametrize("folder", ["", "/tmp", "/dev/shm", "/var/tmp"])
def test_nothing_is_made_elsewhere(action: str, folder: str, mine: Path, room: Inside) -> None:
    path = os.path.join(folder or mine.parent, "torchgrade-test-new")
    assert room.run(TRY, action, path) == "EACCES"
    assert not os.path.exists(path)


def test_a_file_of_the_scratch_cannot_be_moved_out(mine: Path, room: Inside) -> None:
    source = """
import errno, os
def main(target):
    open("here", "w").close()
    try:
        os.rename("here", target)
    except OSError as error:
        return errno.errorcode[error.errno]
"""
    assert room.run(source, str(mine.parent / "there")) in ("EACCES", "EXDEV")
    assert not (mine.parent / "there").exists()


def test_libraries_can_be_read_and_not_run(room: Inside) -> None:
    import torch

    assert room.run(TRY, "read", torch.__file__) == 16
    assert room.run(TRY, "append", torch.__file__) in ("EACCES", "EPERM")


def test_without_landlock_the_same_is_possible(stem: Stem, mine: Path) -> None:
    """Shows that the denials above are Landlock's."""
    with opened(stem, without=["private-files", "landlock"]) as inside:
        assert inside.run(TRY, "read", "/etc/passwd") == 16
        assert inside.run(TRY, "list", "/etc") == "done" or inside.run(TRY, "list", "/etc") > 0
        assert inside.run(TRY, "write", str(mine)) == "done"
        assert inside.run(TRY, "mkdir", str(mine.parent / "new")) == "done"
    assert mine.read_text() == "x"
