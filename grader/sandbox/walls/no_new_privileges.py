"""No new privileges: no program that a room could execute brings back what it has given up."""

from __future__ import annotations

from grader.sandbox.walls import kernel
from grader.sandbox.walls.wall import Ground, RoomPlan, Wall

_PR_GET_NO_NEW_PRIVS = 39


def _forbid(ground: Ground) -> None:
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)


def _drop(ground: Ground, plan: RoomPlan) -> None:
    kernel.drop_capabilities()


WALL = Wall(
    name="no-new-privileges",
    around_all=_forbid,
    around_room=_drop,
    attempt=f"ctypes.CDLL(None).prctl({_PR_GET_NO_NEW_PRIVS}, 0, 0, 0, 0) == 0",
    breach="set-uid programs could be used",
    opens="set-uid programs could be used",
    repair="Linux 3.5",
)
