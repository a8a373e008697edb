"""Landlock: the file system and network wall that needs no privilege.

The structures and access rights are those of the kernel's `include/uapi/linux/landlock.h`; what an older ABI does not
know is left out of the ruleset, after the compatibility table in the kernel's Landlock manual.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence

from grader.sandbox.walls import kernel
from grader.sandbox.walls.private_files import device_paths
from grader.sandbox.walls.wall import ALONE, Ground, Promise, RoomPlan, Wall

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_ALL_V1 = (1 << 13) - 1
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_READ = _READ_FILE | _READ_DIR
_READ_WRITE = _READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_NET_BIND_CONNECT = 0b11
_SCOPE_ABSTRACT_UNIX_AND_SIGNALS = 0b11
_CREATE_VERSION = 1
_RULE_PATH_BENEATH = 1


class _RulesetAttr(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def abi() -> int:
    """The Landlock version of this kernel; 0 where it has none or it is switched off."""
    try:
        return kernel.syscall(kernel.LANDLOCK_CREATE_RULESET, 0, 0, _CREATE_VERSION, what="landlock")
    except OSError:
        return 0


def ruleset(readable: Sequence[str], writable: Sequence[str]) -> int:
    """A ruleset that allows reading below `readable` and more below `writable`; a descriptor.

    Paths that do not exist are passed over: they cannot be read either. Raises OSError without Landlock.
    """
    version = abi()
    if version == 0:
        raise OSError("this kernel has no Landlock")
    handled = _ALL_V1
    handled |= _REFER if version >= 2 else 0
    handled |= _TRUNCATE if version >= 3 else 0
    handled |= _IOCTL_DEV if version >= 5 else 0
    attributes = _RulesetAttr(
        handled,
        _NET_BIND_CONNECT if version >= 4 else 0,
        _SCOPE_ABSTRACT_UNIX_AND_SIGNALS if version >= 6 else 0,
    )
    # An older kernel takes a longer structure only where what it does not know is zero, as it is here.
    size = ctypes.sizeof(attributes) if version >= 4 else 8
    ruleset_fd = kernel.syscall(
        kernel.LANDLOCK_CREATE_RULESET, ctypes.byref(attributes), size, 0, what="landlock_create_ruleset"
    )
    for path in readable:
        _allow(ruleset_fd, path, _READ & handled)
    for path in writable:
        # REFER: from one folder of the scratch to another; elsewhere nothing may be made or removed anyway.
        _allow(ruleset_fd, path, (_READ_WRITE | _REFER | _TRUNCATE) & handled)
    return ruleset_fd


def _allow(ruleset_fd: int, path: str, rights: int) -> None:
    try:
        path_fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):
            rights &= _FILE_RIGHTS
        rule = _PathBeneath(rights, path_fd)
        kernel.syscall(
            kernel.LANDLOCK_ADD_RULE,
            ruleset_fd,
            _RULE_PATH_BENEATH,
            ctypes.byref(rule),
            0,
            what="landlock_add_rule",
        )
    finally:
        os.close(path_fd)


def restrict_self(ruleset_fd: int) -> None:
    """Raise the wall around this thread and all that it will start; needs no-new-privileges."""
    kernel.syscall(kernel.LANDLOCK_RESTRICT_SELF, ruleset_fd, 0, what="landlock_restrict_self")


def _make_ruleset(ground: Ground) -> None:
    readable = (*ground.readable, *device_paths())
    ground.doors[WALL.name] = (ruleset(readable, [ground.scratch.folder, "/dev/null"]),)


def renew(ground: Ground) -> None:
    """After the scratch was made anew: a ruleset knows the very folder that was there, not its path."""
    if ground.has(WALL.name):
        for fd in ground.doors.pop(WALL.name):
            os.close(fd)
        _make_ruleset(ground)


def _restrict(ground: Ground, plan: RoomPlan) -> None:
    (ruleset_fd,) = plan.doors[WALL.name]
    restrict_self(ruleset_fd)
    plan.close_doors(WALL.name)


WALL = Wall(
    name="landlock",
    around_all=_make_ruleset,
    around_room=_restrict,
    needs=("no-new-privileges",),
    attempt="os.listdir('/')",
    breach="the root folder was listed",
    opens="files are hidden by the private root alone",
    repair="Linux 5.13 with lsm=landlock,…",
    keeps={Promise.FILES: ALONE},
)
