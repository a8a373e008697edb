"""A uts namespace: a host name of its own, which tells nothing of the machine."""

from __future__ import annotations

import socket

from grader.sandbox.walls import kernel
from grader.sandbox.walls.wall import Ground, Wall

_NAME = "room"


def _unshare(ground: Ground) -> None:
    kernel.unshare(kernel.CLONE_NEWUTS)
    socket.sethostname(_NAME)


WALL = Wall(
    name="uts-namespace",
    around_all=_unshare,
    root_first=True,
    attempt=f"os.uname().nodename != {_NAME!r}",
    breach="the machine's name was read",
    opens="the machine's name can be read",
    repair="needs user-namespace",
)
