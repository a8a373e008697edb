"""The least walls for others' work: a machine, or a room, that has less is refused."""

from __future__ import annotations

from collections.abc import Sequence

from grader.errors import MissingWallError
from grader.sandbox.inspection import Inspection
from grader.sandbox.walls.table import meets_floor


def refuse_below_floor(found: Inspection) -> None:
    """Raise MissingWallError unless this machine may grade others' work."""
    if found.fault:
        raise MissingWallError(found.fault, hint="grade doctor says which walls this machine has")
    lacking = [*meets_floor(found.walls), *(f"a wall that holds: {breach}" for breach in found.breaches)]
    if lacking:
        raise _refusal(lacking)


def refuse_room(walls: Sequence[str]) -> None:
    """Raise MissingWallError unless a room with these walls may have held others' work."""
    lacking = meets_floor(tuple(walls))
    if lacking:
        raise _refusal(lacking)


def _refusal(lacking: Sequence[str]) -> MissingWallError:
    return MissingWallError(
        f"others' work is not graded here, for want of {'; '.join(lacking)}",
        hint="grade doctor says which walls this machine has, and how to raise the others",
    )
