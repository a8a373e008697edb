"""An ipc namespace: System V memory and message queues of its own."""

from __future__ import annotations

from grader.sandbox.walls import kernel
from grader.sandbox.walls.wall import Ground, Wall


def _unshare(ground: Ground) -> None:
    kernel.unshare(kernel.CLONE_NEWIPC)


WALL = Wall(
    name="ipc-namespace",
    around_all=_unshare,
    root_first=True,
    opens="System V memory is closed by seccomp alone",
    repair="needs user-namespace",
)
