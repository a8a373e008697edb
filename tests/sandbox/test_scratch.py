"""The folder for a room's files where it is not a file system of its own: watched while a room is open, emptied after.

Nothing here needs a namespace: the same tests run as an ordinary user where those are forbidden (test_floor).
"""

from __future__ import annotations

import contextlib
import os
import time
from itertools import pairwise
from pathlib import Path

import pytest

from grader.errors import RoomDied
from grader.model import Limits
from grader.sandbox.forked import borrowed
from grader.sandbox.launch import Stem
from grader.sandbox.walls import scratch
from tests.sandbox.conftest import Inside, opened

pytestmark = pytest.mark.slow

LEFT = {
    "a file": "open('left', 'w').write('x')",
    "a folder nobody may enter": "os.mkdir('left', 0); os.mkdir('left2'); os.mkdir('left2/deep', 0)",
    "deeper than a path is long": """
    for _ in range(1200):
        os.mkdir('d' * 200); os.chdir('d' * 200)
    open('bottom', 'w').write('x')""",
    "deeper than recursion goes": """
    for _ in range(3000):
        os.mkdir('d'); os.chdir('d')""",
    "odd names": "[open(name, 'w').close() for name in ('-rf', ' ', 'new\\\\nline', b'\\\\xff'.decode('latin-1'))]",
    "many": "[open(f'f{n}', 'w').close() for n in range(2000)]",
}


@pytest.mark.parametrize("source", LEFT.values(), ids=LEFT.keys())
def test_the_next_room_finds_an_empty_scratch(source: str, stem: Stem) -> None:
    with borrowed(stem, without=["private-files"]) as sandbox:
        session = sandbox.open(Limits())
        with contextlib.suppress(RoomDied):  # What is nested too deep to be counted may be ended for it.
            Inside(session).run(f"import os\ndef main():\n    {source}")
        session.end()
        session = sandbox.open(Limits())
        assert Inside(session).run("import os\ndef main(): return os.listdir('.')") == []
        session.end()


@pytest.mark.parametrize("without", [[], ["private-files"]], ids=["its own file system", "a folder"])
def test_every_room_can_write(without: list[str], stem: Stem) -> None:
    source = "import os\ndef main():\n    open('left', 'w').write('x')\n    return os.listdir('.')"
    with borrowed(stem, without=without) as sandbox:
        for megabytes in (64, 64, 16, 64):
            session = sandbox.open(Limits(scratch_mb=megabytes))
            assert Inside(session).run(source) == ["left"]
            session.end()


MESSAGE = """
import os
def main(count):
    about = os.stat(".")
    times = about.st_atime_ns, about.st_mtime_ns, about.st_ctime_ns
    open("found", "w").close()
    number = os.stat("found").st_ino
    for _ in range(count):
        os.close(os.open("counted", os.O_CREAT))
        os.unlink("counted")
    os.unlink("found")
    os.listdir(".")
    return times, number
"""


def test_files_that_were_removed_again_tell_the_next_room_nothing(stem: Stem) -> None:
    """Neither by the folder's times nor by the numbers that were used up: a count is as good as a letter."""
    with borrowed(stem) as sandbox:
        told = []
        for count in (0, 1000, 0):
            session = sandbox.open(Limits())
            told.append(Inside(session).run(MESSAGE, count))
            ended = time.time_ns()
            session.end()
            time.sleep(0.02)
            told[-1] = (*told[-1], ended)
            walls = session.walls
    if (
        "user-namespace" in walls
    ):  # Without a file system of its own, numbers are the host's, which others use up as well.
        assert [number for _, number, _ in told] == [told[0][1]] * 3
    for (_, _, ended), (times, _, _) in pairwise(told):
        assert min(times) > ended, "the folder is as old as the room that has ended"


def test_a_file_without_a_name_is_made_with_one(room: Inside) -> None:
    """What leaves no trace in the folder could be counted by the next room; Python falls back by itself."""
    source = """
import os, tempfile
def main():
    with tempfile.TemporaryFile() as file:
        file.write(b"kept")
        file.seek(0)
        kept = file.read()
    try:
        return os.open(".", os.O_TMPFILE | os.O_RDWR)
    except OSError as error:
        return kept, error.strerror
"""
    assert room.run(source) == (b"kept", "Operation not supported")


FILLED = {
    "files": "[open(f'f{n}', 'wb').write(b'x' * (4 << 20)) for n in range(40)]",
    "files in folders": "[(os.makedirs(f'{n}/a'), open(f'{n}/a/f', 'wb').write(b'x' * (4 << 20))) for n in range(40)]",
    "too many": "[open(f'f{n}', 'w').close() for n in range(5000)]",
}


@pytest.mark.parametrize("source", FILLED.values(), ids=FILLED.keys())
def test_a_room_that_fills_the_disk_is_ended(source: str, stem: Stem) -> None:
    limits = Limits(scratch_mb=16)
    with opened(stem, limits, without=["private-files"]) as inside, pytest.raises(RoomDied):
        inside.run(f"import os, time\ndef main():\n    {source}\n    time.sleep(20)")


@pytest.mark.parametrize(
    "source",
    ["[open(f'f{n}', 'wb').write(b'x' * (10 << 20)) for n in range(4)]", "[os.mkdir(f'{n}') for n in range(5000)]"],
)
def test_a_file_system_of_its_own_is_full_in_time(source: str, stem: Stem) -> None:
    program = f"""
import os
def main():
    try:
        {source}
    except OSError as error:
        return error.strerror
"""
    with borrowed(stem) as sandbox:
        session = sandbox.open(Limits(scratch_mb=16))
        if "private-files" in session.walls:  # Where namespaces are forbidden, the tests above say what happens.
            assert Inside(session).run(program) == "No space left on device"
        session.end()


def test_a_room_that_keeps_within_it_is_not(stem: Stem) -> None:
    with opened(stem, Limits(scratch_mb=16), without=["private-files"]) as inside:
        inside.run("import time\ndef main():\n    open('f', 'wb').write(b'x' * (3 << 20))\n    time.sleep(0.5)")


def test_the_folder_goes_with_its_zygote(stem: Stem) -> None:
    with opened(stem, without=["private-files"]) as inside:
        folder = Path(inside.run("import os\ndef main():\n    open('left', 'w').close()\n    return os.getcwd()"))
        assert folder.name.startswith("torchgrade-")
        assert folder.exists()
        assert folder.stat().st_mode & 0o077 == 0
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()


def test_clearing_follows_no_link(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "kept").write_text("x")
    os.symlink(outside, inside / "link")
    (inside / "deep").mkdir()
    os.symlink(outside / "kept", inside / "deep" / "link")
    scratch.clear(str(inside))
    assert list(inside.iterdir()) == []
    assert (outside / "kept").read_text() == "x"


def test_counting_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * (2 << 20))
    (tmp_path / "scratch").mkdir()
    os.symlink(tmp_path, tmp_path / "scratch" / "link")
    assert not scratch.overflows(str(tmp_path / "scratch"), 1)
    assert scratch.overflows(str(tmp_path), 1)
