"""Control groups, where this process may make them: the one limit on memory that counts every kind of page.

Version 2 needs a folder that was delegated to this user with the memory and pids controllers; version 1 needs the
memory and pids hierarchies to be writable, as they are for root. One group serves one zygote, room after room.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from pathlib import Path
from typing import NamedTuple

from grader.sandbox.walls.wall import Ground, Promise, RoomPlan, Wall

_ROOT = Path("/sys/fs/cgroup")
_MEGABYTE = 1 << 20
_MOST_TASKS = 64
_TRIES = 50
_TRY_SECONDS = 0.02


class _MemoryFiles(NamedTuple):
    """The names of a group's files that are about memory; they differ by version."""

    limit: str
    killed: str
    """Has a line `oom_kill N`."""
    met: str
    """Counts how often the group's own limit was met, on a line that begins with `met_key`."""
    met_key: str


_VERSION_2 = _MemoryFiles("memory.max", "memory.events", "memory.events", "oom")
_VERSION_1 = _MemoryFiles("memory.limit_in_bytes", "memory.oom_control", "memory.failcnt", "")


class Kills(NamedTuple):
    """What a group's kernel files have counted so far."""

    killed: int
    """Processes in it that were killed for want of memory, whoever's limit was met."""
    at_own_limit: int
    """How often it was the group's own limit that was met."""


class ControlGroup:
    """Folders of one group, with open descriptors by which a room enters it and its limit is set.

    The descriptors are opened outside and used from behind the zygote's walls, where /sys does not exist.
    """

    def __init__(self, folders: list[Path], files: _MemoryFiles) -> None:
        self._folders = folders
        self.entrances = tuple(os.open(folder / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC) for folder in folders)
        self._memory = os.open(folders[0] / files.limit, os.O_WRONLY | os.O_CLOEXEC)
        self._killed = os.open(folders[0] / files.killed, os.O_RDONLY | os.O_CLOEXEC)
        self._met = os.open(folders[0] / files.met, os.O_RDONLY | os.O_CLOEXEC)
        self._met_key = files.met_key

    def descriptors(self) -> tuple[int, ...]:
        """All that it holds open."""
        return (*self.entrances, self._memory, self._killed, self._met)

    def kills(self) -> Kills:
        """How often something in it was killed for want of memory, and how often by its own limit."""
        return Kills(_counted(self._killed, "oom_kill"), _counted(self._met, self._met_key))

    def limit(self, memory_mb: int) -> None:
        """Bound the memory of the processes in the group; pages shared with the zygote are not theirs."""
        for attempt in range(_TRIES):
            try:
                os.pwrite(self._memory, str(memory_mb * _MEGABYTE).encode(), 0)
                return
            except OSError as error:
                # Busy: what the room before has left is more than this one may use, and still being given back.
                if error.errno != errno.EBUSY or attempt == _TRIES - 1:
                    raise
                time.sleep(_TRY_SECONDS)

    def remove(self) -> None:
        """Take the group away, once no process is left in it."""
        for fd in self.descriptors():
            os.close(fd)
        for folder in self._folders:
            for _ in range(_TRIES):
                try:
                    folder.rmdir()
                    break
                except OSError:
                    time.sleep(_TRY_SECONDS)  # A process that is still being killed.


def _counted(fd: int, key: str) -> int:
    """The number on the line `key N`, or alone in the file where there is no key; 0 where no such line is."""
    for line in os.pread(fd, 4096, 0).decode().splitlines():
        name, _, number = line.rpartition(" ")
        if name == key:
            return int(number)
    return 0


def create(name: str) -> ControlGroup:
    """Make the group `name` below this process's own. Raises OSError where that is not allowed."""
    if (_ROOT / "cgroup.controllers").exists():
        return _create_v2(name)
    return _create_v1(name)


def remove_stale(prefix: str) -> None:
    """Remove groups named `prefix-PID-number` whose process was killed before it could do so itself."""
    with contextlib.suppress(OSError):
        version_2 = (_ROOT / "cgroup.controllers").exists()
        parents = [_ROOT / _own_group("")] if version_2 else [_v1_parent("memory"), _v1_parent("pids")]
        for folder in (found for parent in parents for found in parent.glob(f"{prefix}-*-*")):
            if not Path("/proc", folder.name.split("-")[1]).exists():
                with contextlib.suppress(OSError):
                    folder.rmdir()


def _own_group(controller: str) -> str:
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, names, path = line.split(":", 2)
        if controller in names.split(",") or (not names and not controller):
            return path.lstrip("/")
    raise OSError(f"no cgroup hierarchy has the {controller} controller")


def _create_v2(name: str) -> ControlGroup:
    parent = _ROOT / _own_group("")
    enabled = (parent / "cgroup.subtree_control").read_text().split()
    if not {"memory", "pids"} <= set(enabled):
        # Processes may not sit beside limited groups: possible only in a scope that was delegated empty.
        (parent / "cgroup.subtree_control").write_text("+memory +pids")
    folder = parent / name
    folder.mkdir()
    (folder / "pids.max").write_text(str(_MOST_TASKS))
    swap = folder / "memory.swap.max"
    if swap.exists():
        swap.write_text("0")
    return ControlGroup([folder], _VERSION_2)


def _v1_parent(controller: str) -> Path:
    return _ROOT / controller / _own_group(controller)


def _create_v1(name: str) -> ControlGroup:
    memory, pids = _v1_parent("memory") / name, _v1_parent("pids") / name
    memory.mkdir()
    try:
        pids.mkdir()
    except OSError:
        memory.rmdir()
        raise
    (pids / "pids.max").write_text(str(_MOST_TASKS))
    return ControlGroup([memory, pids], _VERSION_1)


def _hand_over(ground: Ground) -> None:
    """The stem has made the group: nobody could from behind the other walls."""
    if ground.group is None:
        raise OSError(ground.group_problem)
    ground.doors[WALL.name] = ground.group.entrances


def _limit(ground: Ground, plan: RoomPlan) -> None:
    assert ground.group is not None
    # More than the address space allows: a room meets that limit first, by an exception that says so. The group counts
    # the zygote's pages as well, once a room has written to its copies, and the scratch.
    ground.group.limit(plan.limits.memory_mb + plan.limits.scratch_mb + (plan.base.data >> 20))


def _enter(ground: Ground, plan: RoomPlan) -> None:
    for fd in plan.doors[WALL.name]:
        os.write(fd, b"0")
    plan.close_doors(WALL.name)


WALL = Wall(
    name="cgroup",
    around_all=_hand_over,
    before_room=_limit,
    around_room=_enter,
    opens="memory that is shared between processes is bounded by the address-space limit alone",
    repair="systemd: systemd-run --user --scope -p Delegate=yes grade …; Docker: --cgroupns=private as root",
    keeps={Promise.PROCESSES: frozenset({"pid-namespace"})},
    # It needs a delegation that few laptops have; it adds shared pages, which the address space bounds as well.
    strict=False,
)
