"""What a wall is, and the ground that walls stand on.

A wall is raised in up to three places, each by a function of its module: around all rooms of a zygote, in the zygote
before each room is forked, and in the room before any student code runs. A wall that cannot be raised raises OSError.
`grade doctor` reports that, and the caller decides whether the others are enough. A wall that stands around all rooms
and then fails around one is a fault of the harness: that room does not open.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from grader.model import Limits
from grader.sandbox.walls.scratch import Scratch

if TYPE_CHECKING:
    from grader.sandbox.walls.cgroup import ControlGroup
    from grader.sandbox.walls.limits import Baseline
    from grader.sandbox.walls.seccomp import Filter


class Promise(StrEnum):
    """The floor: what must be kept before others' work is graded."""

    NETWORK = "no network"
    FILES = "no reading outside the allowed paths"
    LIMITS = "limits on memory and time"
    PROCESSES = "a limit on processes"
    UID = "rooms without the rights of root"


@dataclass(frozen=True, kw_only=True)
class Wall:
    """One wall: how it is raised, how it is tried, what is lost without it."""

    name: str
    """Its name in results and in `grade doctor`."""
    around_all: Callable[[Ground], None]
    """Raises it around the zygote and all its rooms, or makes sure that each room can raise it."""
    before_room: Callable[[Ground, RoomPlan], None] | None = None
    """Prepares it in the zygote, before a room is forked."""
    around_room: Callable[[Ground, RoomPlan], None] | None = None
    """Raises it around this process, the room."""
    root_first: bool = False
    """Whether root raises it before it gives up being root: that needs no user namespace, which some systems forbid."""
    needs: tuple[str, ...] = ()
    """Walls without which this one is not tried."""
    attempt: str = ""
    """A Python expression, evaluated in a room: true where the wall does not hold, false or OSError where it does.

    Empty where nothing can be seen of the wall from inside.
    """
    breach: str = ""
    """What `grade doctor` says where the attempt comes out true."""
    opens: str
    """What is open without it."""
    repair: str
    """What raises it."""
    keeps: Mapping[Promise, frozenset[str]] = field(default_factory=dict)
    """Promises of the floor that it keeps, each with the walls that must stand beside it for that."""
    strict: bool = True
    """Whether `--sandbox strict` refuses to grade without it."""


ALONE: frozenset[str] = frozenset()
"""Beside a promise: the wall keeps it by itself."""


@dataclass
class Ground:
    """What a zygote knows of its walls: what it was given, which of them stand, and what they leave for its rooms."""

    scratch: Scratch
    readable: tuple[str, ...]
    """Files and folders that rooms may read."""
    place: str
    """Where a private root has its scratch."""
    without: frozenset[str] = frozenset()
    """Walls that are left out on purpose."""
    group: ControlGroup | None = None
    group_problem: str = ""
    """Why there is no control group."""
    root: bool = field(default_factory=lambda: hasattr(os, "geteuid") and os.geteuid() == 0)
    """Whether it was root who started the grader."""
    proc: int | None = None
    """A descriptor of the host's /proc, which shows the zygote what it uses itself."""
    own_processes: int | None = None
    """A descriptor of the zygote's own process namespace, through which it leaves a room's again."""
    filter: Filter | None = None
    doors: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Wall -> descriptors that a room needs to raise it, and closes."""
    standing: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    """Wall -> why it does not stand."""

    def has(self, name: str) -> bool:
        """Whether the wall stands."""
        return name in self.standing

    def try_to_raise(self, wall: Wall) -> None:
        """Raise `wall` around all rooms, or note why it is missing. Nothing happens where it stands already."""
        if self.has(wall.name):
            return
        if wall.name in self.without:
            self.missing[wall.name] = "left out"
            return
        lacking = [name for name in wall.needs if not self.has(name)]
        try:
            if lacking:
                raise OSError(f"needs {', '.join(lacking)}")
            wall.around_all(self)
        except (OSError, ValueError) as error:
            self.missing[wall.name] = getattr(error, "strerror", None) or str(error)
        else:
            self.standing.append(wall.name)
            self.missing.pop(wall.name, None)


@dataclass
class RoomPlan:
    """What walls need to know of one room."""

    limits: Limits
    base: Baseline
    """What the zygote uses; the room's limits are set above it."""
    init_pid: int | None = None
    """Process 1 of the room's process namespace; None without one."""
    doors: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """As `Ground.doors`, under the numbers that they have in the room."""

    def close_doors(self, name: str) -> None:
        """Close the descriptors of a wall that now stands."""
        for fd in self.doors.pop(name, ()):
            os.close(fd)
