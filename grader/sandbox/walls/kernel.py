"""The system calls of which the walls are built and for which Python has no function, by ctypes.

Each raises OSError as the functions in `os` do. Numbers are those of x86_64 and aarch64; elsewhere `SUPPORTED`
is false, and each of these raises OSError.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import functools
import os
import platform
import sys

MACHINE = platform.machine()
SUPPORTED = sys.platform == "linux" and MACHINE in ("x86_64", "aarch64")

CLONE_NEWNS = 0x0002_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000
CLONE_THREAD = 0x0001_0000
CLONE_VM, CLONE_FS, CLONE_FILES = 0x100, 0x200, 0x400

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND = 1, 2, 4, 8, 32, 4096
MS_REC, MS_PRIVATE = 0x4000, 1 << 18
MNT_DETACH = 2

_MADV_COLLAPSE = 25

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
_SIGKILL, _SIGCHLD = 9, 17

# The same on both machines: calls newer than 2018 have one number everywhere.
_OPEN_TREE, _MOVE_MOUNT, _MOUNT_SETATTR = 428, 429, 442
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
_INIT_STACK_BYTES = 1 << 16
# The others, for this machine; elsewhere no call is made at all.
_PIVOT_ROOT, _CAPSET, SECCOMP = {"x86_64": (155, 126, 317), "aarch64": (41, 91, 277)}.get(MACHINE, (-1, -1, -1))

_AT_FDCWD = -100
_AT_RECURSIVE, _AT_EMPTY_PATH = 0x8000, 0x1000
_OPEN_TREE_CLONE, _OPEN_TREE_CLOEXEC = 1, 0o2000000
_MOVE_MOUNT_F_EMPTY_PATH = 4
_MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NOSUID, _MOUNT_ATTR_NODEV = 1, 2, 4


@functools.cache
def _libc() -> ctypes.CDLL:
    if not SUPPORTED:
        raise OSError(errno.ENOSYS, f"system calls of {sys.platform} on {MACHINE} are not known here")
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(number: int, *arguments: object, what: str = "syscall") -> int:
    """Any system call; integers are passed as 64 bits, bytes and ctypes pointers as they are."""
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    return int(_check(_libc().syscall(ctypes.c_long(number), *words), what))


def unshare(flags: int) -> None:
    _check(_libc().unshare(flags), "unshare")


def setns(fd: int, flags: int) -> None:
    _check(_libc().setns(fd, flags), "setns")


@functools.cache
def _init_stack() -> ctypes.Array[ctypes.c_char]:
    return ctypes.create_string_buffer(_INIT_STACK_BYTES)


def start_init() -> int:
    """Start a process that does nothing but be there, and is process 1 of a namespace just unshared; its pid.

    It executes the C library's `pause`, in the memory of this process and on a stack of its own: a forked copy of a
    process that holds torch would cost seven milliseconds and do the same. It shares the table of descriptors, too,
    and so keeps none open. One at a time, since there is one stack. It can only be killed from outside of its
    namespace: the kernel keeps signals from within, for which it has no handlers, from a process 1.
    """
    stack = _init_stack()
    top = (ctypes.addressof(stack) + len(stack)) & ~0xF
    pause = ctypes.cast(_libc().pause, ctypes.c_void_p)
    flags = CLONE_VM | CLONE_FS | CLONE_FILES | _SIGCHLD
    return int(_check(_libc().clone(pause, ctypes.c_void_p(top), flags, None), "clone"))


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    _check(
        _libc().mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode() or None),
        f"mount {target}",
    )


def umount(target: str, flags: int = MNT_DETACH) -> None:
    _check(_libc().umount2(target.encode(), flags), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    syscall(_PIVOT_ROOT, new.encode(), old.encode(), what="pivot_root")


def prctl(option: int, argument: int) -> None:
    _check(_libc().prctl(option, ctypes.c_ulong(argument), 0, 0, 0), "prctl")


def guard_process() -> None:
    """Have this process die with its parent, and its memory closed to others. Where the kernel refuses, so be it."""
    for option, argument in ((PR_SET_PDEATHSIG, _SIGKILL), (PR_SET_DUMPABLE, 0)):
        with contextlib.suppress(OSError):
            prctl(option, argument)


def collapse(address: int, size: int) -> None:
    """Put the memory there into large pages, now."""
    _check(_libc().madvise(ctypes.c_void_p(address), ctypes.c_size_t(size), _MADV_COLLAPSE), "madvise")


def clone_mount(path: str) -> int:
    """A detached copy of what is mounted at `path` and below; a descriptor."""
    flags = _OPEN_TREE_CLONE | _OPEN_TREE_CLOEXEC | _AT_RECURSIVE
    return syscall(_OPEN_TREE, _AT_FDCWD, path.encode(), flags, what=f"open_tree {path}")


class _MountAttr(ctypes.Structure):
    _fields_ = (
        ("attr_set", ctypes.c_uint64),
        ("attr_clr", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns_fd", ctypes.c_uint64),
    )


def make_mount_read_only(fd: int, *, devices: bool = False) -> None:
    """Read-only and without set-uid programs, with everything below; without devices unless `devices`."""
    wanted = _MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID | (0 if devices else _MOUNT_ATTR_NODEV)
    attributes = _MountAttr(attr_set=wanted)
    syscall(
        _MOUNT_SETATTR,
        fd,
        b"",
        _AT_EMPTY_PATH | _AT_RECURSIVE,
        ctypes.byref(attributes),
        ctypes.sizeof(attributes),
        what="mount_setattr",
    )


def attach_mount(fd: int, target: str) -> None:
    """Put a detached mount at `target`."""
    flags = _MOVE_MOUNT_F_EMPTY_PATH
    syscall(_MOVE_MOUNT, fd, b"", _AT_FDCWD, target.encode(), flags, what=f"move_mount {target}")


class _CapHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def drop_capabilities() -> None:
    """Give up every capability; nothing in the room can execute a program that would bring one back."""
    header = _CapHeader(0x2008_0522, 0)
    none = (ctypes.c_uint32 * 6)()
    syscall(_CAPSET, ctypes.byref(header), ctypes.byref(none), what="capset")
