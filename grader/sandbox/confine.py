"""The lockdown, as two lists: once around a zygote, once around each of its rooms.

Each wall of the table is raised for real. A wall that fails is noted under its name with the kernel's reason, and the
others go on.
"""

from __future__ import annotations

import os

from grader.model import Limits
from grader.sandbox.walls import kernel, landlock, limits, private_files
from grader.sandbox.walls.cgroup import ControlGroup
from grader.sandbox.walls.scratch import Scratch
from grader.sandbox.walls.table import WALLS
from grader.sandbox.walls.wall import Ground, RoomPlan


def confine_zygote(group: ControlGroup | None, group_problem: str, *, folder: str, without: frozenset[str]) -> Ground:
    """Raise the walls that all rooms of one zygote share. Returns in another process than it was called in.

    `without` leaves single walls out, for tests that show what each of them stops. `folder` names one to be made for
    the rooms' files, where they cannot have a file system of their own.
    """
    readable = private_files.library_paths()
    ground = Ground(
        Scratch(folder),
        tuple(readable),
        private_files.scratch_beside(readable),
        without,
        group,
        group_problem,
        proc=_open_proc(),
    )
    if ground.root:
        # Then the uid changes for good.
        for wall in WALLS:
            if wall.root_first:
                ground.try_to_raise(wall)
    for wall in WALLS:
        if wall.name == landlock.WALL.name:
            _make_scratch(ground)  # Its ruleset names the very folder.
        ground.try_to_raise(wall)
    kernel.guard_process()
    return ground


def _open_proc() -> int | None:
    """A descriptor of /proc; None where nothing is mounted there."""
    try:
        proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        os.stat("self/statm", dir_fd=proc)
    except OSError:
        os.close(proc)
        return None
    return proc


def _make_scratch(ground: Ground) -> None:
    own = ground.has("private-files") and ground.has("user-namespace")
    ground.scratch.make(Limits().scratch_mb, private_files.mount_scratch if own else None)


def renew_scratch(ground: Ground, megabytes: int) -> None:
    """An empty scratch for the next room, unless the one that is there is."""
    if ground.scratch.must_be_renewed(megabytes):
        ground.scratch.renew(megabytes)
        landlock.renew(ground)


def plan_room(ground: Ground, limit: Limits) -> RoomPlan:
    """In the zygote, before it forks a room: what the walls need for that. Raises OSError."""
    plan = RoomPlan(limit, limits.baseline(ground), doors=dict(ground.doors))
    for wall in WALLS:
        if wall.before_room is not None and ground.has(wall.name):
            wall.before_room(ground, plan)
    return plan


def confine_room(ground: Ground, plan: RoomPlan) -> None:
    """Raise the walls around this process, the room, before any student code runs. Raises OSError.

    A wall that the zygote notes as standing is raised here, or the room does not open: a failure now is the harness's.
    """
    for wall in WALLS:
        if wall.around_room is not None and ground.has(wall.name):
            wall.around_room(ground, plan)
