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

_ROOT = Path("/sys/fs/cgroup")
_MEGABYTE = 1 << 20
_MOST_TASKS = 64
_TRIES = 50
_TRY_SECONDS = 0.02


class Group:
    """Folders of one group, with open descriptors by which a room enters it and its limit is set.

    The descriptors are opened outside and used from behind the zygote's walls, where /sys does not exist.
    """

    def __init__(self, folders: list[Path], memory_file: Path) -> None:
        self._folders = folders
        self._entrances = [os.open(folder / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC) for folder in folders]
        self._memory = os.open(memory_file, os.O_WRONLY | os.O_CLOEXEC)

    def renumber(self, first: int) -> int:
        """Move the descriptors to `first` and up, and return the number after the last."""
        moved: list[int] = []
        for fd in (*self._entrances, self._memory):
            moved.append(os.dup2(fd, first + len(moved), inheritable=False))
        *self._entrances, self._memory = moved
        return first + len(moved)

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

    def enter(self) -> None:
        """Move this process into the group."""
        for fd in self._entrances:
            os.write(fd, b"0")

    def remove(self) -> None:
        """Take the group away, once no process is left in it."""
        for fd in (*self._entrances, self._memory):
            os.close(fd)
        for folder in self._folders:
            for _ in range(_TRIES):
                try:
                    folder.rmdir()
                    break
                except OSError:
                    time.sleep(_TRY_SECONDS)  # A process that is still being killed.


def create(name: str) -> Group:
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


def _create_v2(name: str) -> Group:
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
    return Group([folder], folder / "memory.max")


def _v1_parent(controller: str) -> Path:
    return _ROOT / controller / _own_group(controller)


def _create_v1(name: str) -> Group:
    memory, pids = _v1_parent("memory") / name, _v1_parent("pids") / name
    memory.mkdir()
    try:
        pids.mkdir()
    except OSError:
        memory.rmdir()
        raise
    (pids / "pids.max").write_text(str(_MOST_TASKS))
    return Group([memory, pids], memory / "memory.limit_in_bytes")
