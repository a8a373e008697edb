"""The system calls that a room may make: an allow-list, compiled here into a BPF program.

About 100 calls suffice for torch on the CPU. All others answer EPERM, so that a student sees a PermissionError with
a line number instead of a dead process. `clone` makes threads only; `clone3`, whose arguments a
filter cannot see, answers ENOSYS, upon which the C library falls back to `clone`. Calls of another
architecture kill the process.

Some calls are there for what an honest program does with its own files, and left out for what a room could do with
others' where it runs as the user's own uid and Landlock is the only wall around the files: Landlock knows nothing of
modes and times (`chmod`, `utimensat`), nor of signals by way of `fcntl` (F_SETOWN with F_SETSIG), and before its
third version nothing of truncating, which an `open` for reading can do as well.

Locks answer that they were taken, and are not. A room is one process, whose threads need none; on a library's file,
which all rooms may open, a lock would be a signal from one student's room to another's, or a way to hold others up.

The filter is assembled once per zygote and applied by every room.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Iterable

from grader.sandbox.walls import kernel
from grader.sandbox.walls.wall import ALONE, Ground, Promise, RoomPlan, Wall

# name: (x86_64, aarch64); None where a machine has no such call.
_ALWAYS: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "stat": (4, None),
    "fstat": (5, 80), "lstat": (6, None), "poll": (7, None), "lseek": (8, 62), "mmap": (9, 222),
    "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "pread64": (17, 67), "pwrite64": (18, 68),
    "readv": (19, 65), "writev": (20, 66), "access": (21, None), "pipe": (22, None), "select": (23, None),
    "sched_yield": (24, 124), "mremap": (25, 216), "msync": (26, 227), "mincore": (27, 232),
    "madvise": (28, 233), "dup": (32, 23), "dup2": (33, None), "pause": (34, None), "nanosleep": (35, 101),
    "getitimer": (36, 102), "alarm": (37, None), "setitimer": (38, 103), "getpid": (39, 172),
    "sendfile": (40, 71), "exit": (60, 93), "wait4": (61, 260), "uname": (63, 160),
    "fsync": (74, 82), "fdatasync": (75, 83), "ftruncate": (77, 46),
    "getcwd": (79, 17), "chdir": (80, 49), "fchdir": (81, 50), "rename": (82, None), "mkdir": (83, None),
    "rmdir": (84, None), "creat": (85, None), "unlink": (87, None), "readlink": (89, None),
    "umask": (95, 166), "gettimeofday": (96, 169),
    "getrlimit": (97, 163), "getrusage": (98, 165), "sysinfo": (99, 179), "times": (100, 153),
    "getuid": (102, 174), "getgid": (104, 176), "geteuid": (107, 175), "getegid": (108, 177),
    "getppid": (110, 173), "getpgrp": (111, None), "getgroups": (115, 158), "getresuid": (118, 148),
    "getresgid": (120, 150), "getpgid": (121, 155), "getsid": (124, 156), "rt_sigpending": (127, 136),
    "rt_sigtimedwait": (128, 137), "rt_sigsuspend": (130, 133), "sigaltstack": (131, 132),
    "statfs": (137, 43), "fstatfs": (138, 44), "getpriority": (140, 141), "gettid": (186, 178),
    "time": (201, None), "futex": (202, 98), "sched_getaffinity": (204, 123), "getdents64": (217, 61),
    "set_tid_address": (218, 96), "restart_syscall": (219, 128), "fadvise64": (221, 223),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115),
    "exit_group": (231, 94), "epoll_wait": (232, None), "epoll_ctl": (233, 21), "waitid": (247, 95),
    "mkdirat": (258, 34), "newfstatat": (262, 79), "unlinkat": (263, 35),
    "renameat": (264, 38), "readlinkat": (267, 78), "faccessat": (269, 48),
    "pselect6": (270, 72), "ppoll": (271, 73), "set_robust_list": (273, 99),
    "epoll_pwait": (281, 22), "fallocate": (285, 47), "eventfd2": (290, 19), "epoll_create1": (291, 20),
    "dup3": (292, 24), "pipe2": (293, 59), "getcpu": (309, 168), "renameat2": (316, 276),
    "getrandom": (318, 278), "membarrier": (324, 283), "copy_file_range": (326, 285), "statx": (332, 291),
    "rseq": (334, 293), "close_range": (436, 436), "faccessat2": (439, 439),
}  # fmt: skip

_OPEN = (2, None)
_OPENAT = (257, 56)
_CLONE = (56, 220)
_CLONE3 = (435, 435)
_FLOCK = (73, 32)
_IOCTL = (16, 29)
_FCNTL = (72, 25)
_PRCTL = (157, 167)
_PRLIMIT = (302, 261)

# TCGETS (isatty), TIOCGWINSZ (terminal size), FIONREAD, FIOCLEX, FIONCLEX, FIONBIO: questions, and flags of one's own.
_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5451, 0x5450, 0x5421)
# PR_SET_NAME and PR_GET_NAME: torch and Python name their threads. PR_SET_VMA: the C library labels its memory.
_PRCTLS = (15, 16, 0x53564D41)

# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC.
_FCNTLS = (0, 1, 2, 3, 4, 1030)
# F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW.
_LOCKS = (6, 7, 37, 38)
_NAMESPACES = 0x7E02_0080  # CLONE_NEW*: mount, cgroup, uts, ipc, user, pid, network, time.
_O_WRONLY, _O_RDWR, _O_ACCMODE, _O_TRUNC = 1, 2, 3, 0o1000
_O_TMPFILE = 0o20000000

_ARCH = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_X32_BIT = 0x4000_0000

_LD, _AND, _JEQ, _JSET, _JGE, _RET = 0x20, 0x54, 0x15, 0x45, 0x35, 0x06
_KILL, _ALLOW, _ERRNO = 0x8000_0000, 0x7FFF_0000, 0x0005_0000
# An error number of 0: the call returns 0, as if it had been made.
_PRETEND = _ERRNO
_NR, _ARCH_AT, _ARGS = 0, 4, 16

_SET_MODE_FILTER, _GET_ACTION_AVAIL = 1, 2

Instruction = tuple[int, int, int, int]


class _Fprog(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


class Filter:
    """An assembled program, ready to be applied by a forked room."""

    def __init__(self, instructions: list[Instruction]) -> None:
        code = b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)
        self.length = len(instructions)
        self._code = ctypes.create_string_buffer(code, len(code))
        self._program = _Fprog(len(instructions), ctypes.addressof(self._code))

    def apply(self) -> None:
        """Filter this process from now on; needs no-new-privileges. There is no way back."""
        kernel.syscall(kernel.SECCOMP, _SET_MODE_FILTER, 0, ctypes.byref(self._program), what="seccomp")


def probe() -> None:
    """Ask the kernel whether it takes filters; OSError where it does not."""
    action = ctypes.c_uint32(_KILL)
    kernel.syscall(kernel.SECCOMP, _GET_ACTION_AVAIL, 0, ctypes.byref(action), what="seccomp")


def _load(offset: int) -> Instruction:
    return (_LD, 0, 0, offset)


def _return(action: int) -> Instruction:
    return (_RET, 0, 0, action)


def _argument_low(index: int) -> int:
    return _ARGS + 8 * index


def _on_call(number: int, body: list[Instruction]) -> list[Instruction]:
    """`body` for one call; it must return. The call's number is loaded before and after."""
    return [(_JEQ, 0, len(body), number), *body]


def _allow_values(argument: int, values: Iterable[int]) -> list[Instruction]:
    """Allow a call where an argument is one of `values`; for arguments that the kernel takes as 32 bits."""
    body: list[Instruction] = [_load(_argument_low(argument))]
    for value in values:
        body += [(_JEQ, 0, 1, value), _return(_ALLOW)]
    body.append(_return(_ERRNO | errno.EPERM))
    return body


def _allow_null(argument: int) -> list[Instruction]:
    """Allow a call where an argument, a pointer, is null in both of its halves."""
    return [
        _load(_argument_low(argument)),
        (_JEQ, 0, 3, 0),
        _load(_argument_low(argument) + 4),
        (_JEQ, 0, 1, 0),
        _return(_ALLOW),
        _return(_ERRNO | errno.EPERM),
    ]


def _allow_threads() -> list[Instruction]:
    """Allow `clone` for threads that share every namespace."""
    return [
        _load(_argument_low(0)),
        (_JSET, 2, 0, _NAMESPACES),
        (_JSET, 0, 1, kernel.CLONE_THREAD),
        _return(_ALLOW),
        _return(_ERRNO | errno.EPERM),
    ]


def _allow_fcntl() -> list[Instruction]:
    body: list[Instruction] = [_load(_argument_low(1))]
    for command in _LOCKS:
        body += [(_JEQ, 0, 1, command), _return(_PRETEND)]
    return body + _allow_values(1, _FCNTLS)


def _allow_open(flags_argument: int) -> list[Instruction]:
    """Allow `open`, but truncating only together with writing; no honest code asks for anything else.

    A file without a name (O_TMPFILE) would leave no trace in the folder, by which a used scratch is known. Python and
    the C library then make one with a name, and remove it.
    """
    return [
        _load(_argument_low(flags_argument)),
        (_JSET, 0, 1, _O_TMPFILE),
        _return(_ERRNO | errno.EOPNOTSUPP),
        (_JSET, 0, 4, _O_TRUNC),
        (_AND, 0, 0, _O_ACCMODE),
        (_JEQ, 2, 0, _O_WRONLY),
        (_JEQ, 1, 0, _O_RDWR),
        _return(_ERRNO | errno.EPERM),
        _return(_ALLOW),
    ]


def assemble() -> Filter:
    """The room's filter for this machine."""
    column = 0 if kernel.MACHINE == "x86_64" else 1
    program: list[Instruction] = [
        _load(_ARCH_AT),
        (_JEQ, 1, 0, _ARCH[kernel.MACHINE]),
        _return(_KILL),
        _load(_NR),
    ]
    if kernel.MACHINE == "x86_64":
        program += [(_JGE, 0, 1, _X32_BIT), _return(_KILL)]
    for numbers in _ALWAYS.values():
        number = numbers[column]
        if number is not None:
            program += _on_call(number, [_return(_ALLOW)])
    for numbers, body in (
        (_OPEN, _allow_open(1)),
        (_OPENAT, _allow_open(2)),
        (_CLONE, _allow_threads()),
        (_CLONE3, [_return(_ERRNO | errno.ENOSYS)]),
        (_IOCTL, _allow_values(1, _IOCTLS)),
        (_FCNTL, _allow_fcntl()),
        (_FLOCK, [_return(_PRETEND)]),
        (_PRCTL, _allow_values(0, _PRCTLS)),
        # Limits may be asked for, not set: the third argument, the new limit, must be a null pointer.
        (_PRLIMIT, _allow_null(2)),
    ):
        number = numbers[column]
        if number is not None:
            program += _on_call(number, body)
    program.append(_return(_ERRNO | errno.EPERM))
    return Filter(program)


def _prepare(ground: Ground) -> None:
    probe()
    ground.filter = assemble()


def _apply(ground: Ground, plan: RoomPlan) -> None:
    assert ground.filter is not None
    ground.filter.apply()


WALL = Wall(
    name="seccomp",
    around_all=_prepare,
    around_room=_apply,
    needs=("no-new-privileges",),
    attempt="socket.socket()",
    breach="a socket was made",
    opens="the kernel's whole interface can be attacked",
    repair="Linux 4.14 on x86_64 or aarch64",
    keeps={Promise.NETWORK: ALONE, Promise.PROCESSES: ALONE},
)
