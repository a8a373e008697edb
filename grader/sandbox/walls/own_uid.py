"""An ordinary uid: started by root, the zygote and its rooms become nobody, for good."""

from __future__ import annotations

import contextlib
import os

from grader.sandbox.walls import kernel
from grader.sandbox.walls.wall import ALONE, Ground, Promise, Wall

NOBODY = 65534


def _become_nobody(ground: Ground) -> None:
    if not ground.root:
        return  # Rooms have the uid of who started the grader, which is not root's.
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    # Changing the uid made /proc/self ours no more; the maps of a user namespace must be written there.
    with contextlib.suppress(OSError):
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)


WALL = Wall(
    name="own-uid",
    around_all=_become_nobody,
    root_first=True,
    attempt="os.geteuid() == 0",
    breach="it runs as root",
    opens="rooms run as root",
    repair="start the grader as an ordinary user",
    keeps={Promise.UID: ALONE},
)
