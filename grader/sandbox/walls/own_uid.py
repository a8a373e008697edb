"""An ordinary uid: started by root, the zygote and its rooms become nobody, for good.

Nobody must be able to read Python's libraries: an import in a room would otherwise find less than is installed, and a
right answer would be told that Python's own modules are not here.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable
from pathlib import Path

from grader.sandbox.walls import kernel
from grader.sandbox.walls.wall import ALONE, Ground, Promise, Wall

NOBODY = 65534


def _become_nobody(ground: Ground) -> None:
    if not ground.root:
        return  # Rooms have the uid of who started the grader, which is not root's.
    closed = "" if ground.has("private-files") else _closed_to_nobody(ground.readable)
    if closed:
        raise OSError(errno.EACCES, f"Python's libraries lie in {closed}, which only its owner may enter")
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    # Changing the uid made /proc/self ours no more; the maps of a user namespace must be written there.
    with contextlib.suppress(OSError):
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)


def _closed_to_nobody(paths: Iterable[str]) -> str:
    """The first folder on the way to one of these that others may not enter; empty where there is none."""
    on_the_way = dict.fromkeys(folder for path in map(Path, paths) for folder in (*reversed(path.parents), path))
    return next((str(folder) for folder in on_the_way if folder.is_dir() and not folder.stat().st_mode & 0o001), "")


WALL = Wall(
    name="own-uid",
    around_all=_become_nobody,
    root_first=True,
    attempt="os.geteuid() == 0",
    breach="it runs as root",
    opens="rooms run as root",
    repair="start the grader as an ordinary user, with a Python that everybody may read",
    keeps={Promise.UID: ALONE},
)
