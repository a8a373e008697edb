"""Each refused system call is made, from inside a room, and the kernel's answer is read.

No tracer is used: the call goes to the kernel by `syscall(2)`, and EPERM or ENOSYS comes back. Every call has
arguments that would make it fail in another way, or do no harm, if the filter let it through.
"""

from __future__ import annotations

import errno
import platform

import pytest

from grader.errors import RoomDied
from tests.sandbox.conftest import Inside, OpenRoom

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers below are those of x86_64")

CALL = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

def main(number, *arguments):
    words = [ctypes.c_long(word) for word in arguments]
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *words)
    return (result, ctypes.get_errno())
"""

CLONE_NEWUSER, CLONE_THREAD, CLONE_VM, CLONE_SIGHAND = 0x10000000, 0x10000, 0x100, 0x800
CLONE_FS = 0x200
NOBODYS_PID = 4_000_000  # beyond the kernel's largest pid_max
BAD_FD = 1000

# name: number and arguments on x86_64.
DENIED: dict[str, tuple[int, ...]] = {
    "socket (AF_INET)": (41, 2, 1, 0),
    "socket (AF_INET6)": (41, 10, 1, 0),
    "socket (AF_UNIX)": (41, 1, 1, 0),
    "socket (AF_NETLINK)": (41, 16, 3, 0),
    "socketpair": (53, 1, 1, 0, 0),
    "connect": (42, BAD_FD, 0, 0),
    "accept": (43, BAD_FD, 0, 0),
    "bind": (49, BAD_FD, 0, 0),
    "listen": (50, BAD_FD, 1),
    "sendto": (44, BAD_FD, 0, 0, 0, 0, 0),
    "recvfrom": (45, BAD_FD, 0, 0, 0, 0, 0),
    "sendmsg": (46, BAD_FD, 0, 0),
    "recvmsg": (47, BAD_FD, 0, 0),
    "setsockopt": (54, BAD_FD, 1, 1, 0, 0),
    "fork": (57,),
    "vfork": (58,),
    "clone without CLONE_THREAD": (56, 17, 0, 0, 0, 0),
    "clone of a user namespace": (56, CLONE_NEWUSER | 17, 0, 0, 0, 0),
    "clone of a thread with a namespace": (56, CLONE_NEWUSER | CLONE_THREAD | CLONE_VM | CLONE_SIGHAND, 0, 0, 0, 0),
    "execve": (59, 0, 0, 0),
    "execveat": (322, -100, 0, 0, 0, 0),
    "kill": (62, NOBODYS_PID, 0),
    "tkill": (200, NOBODYS_PID, 0),
    "tgkill": (234, NOBODYS_PID, NOBODYS_PID, 0),
    "rt_sigqueueinfo": (129, NOBODYS_PID, 0, 0),
    "pidfd_open": (434, NOBODYS_PID, 0),
    "pidfd_send_signal": (424, BAD_FD, 0, 0, 0),
    "pidfd_getfd": (438, BAD_FD, 0, 0),
    "ptrace": (101, 0, 0, 0, 0),
    "process_vm_readv": (310, NOBODYS_PID, 0, 0, 0, 0, 0),
    "process_vm_writev": (311, NOBODYS_PID, 0, 0, 0, 0, 0),
    "kcmp": (312, 1, 1, 0, 0, 0),
    "mount": (165, 0, 0, 0, 0, 0),
    "umount2": (166, 0, 0),
    "pivot_root": (155, 0, 0),
    "chroot": (161, 0),
    "open_tree": (428, -100, 0, 0),
    "move_mount": (429, BAD_FD, 0, BAD_FD, 0, 0),
    "fsopen": (430, 0, 0),
    "mount_setattr": (442, BAD_FD, 0, 0, 0, 0),
    "unshare": (272, 0),
    "setns": (308, BAD_FD, 0),
    "seccomp": (317, 0, 0, 0),
    "prctl PR_SET_DUMPABLE": (157, 4, 1, 0, 0, 0),
    "prctl PR_SET_PDEATHSIG": (157, 1, 0, 0, 0, 0),
    "prctl PR_SET_SECCOMP": (157, 22, 2, 0, 0, 0),
    "prctl PR_SET_MM": (157, 35, 0, 0, 0, 0),
    "bpf": (321, 0, 0, 0),
    "perf_event_open": (298, 0, 0, 0, 0, 0),
    "io_uring_setup": (425, 0, 0),
    "io_uring_enter": (426, BAD_FD, 0, 0, 0, 0, 0),
    "io_uring_register": (427, BAD_FD, 0, 0, 0),
    "userfaultfd": (323, 0),
    "add_key": (248, 0, 0, 0, 0, 0),
    "request_key": (249, 0, 0, 0, 0),
    "keyctl": (250, 0, 0, 0, 0, 0),
    "memfd_create": (319, 0, 0),
    "memfd_secret": (447, 0),
    "shmget": (29, 0, 4096, 0o1000),
    "shmat": (30, -1, 0, 0),
    "semget": (64, 0, 1, 0o1000),
    "msgget": (68, 0, 0o1000),
    "mq_open": (240, 0, 0, 0, 0),
    "timer_create": (222, 99, 0, 0),
    "inotify_init1": (294, 0),
    "fanotify_init": (300, 0, 0),
    "name_to_handle_at": (303, -100, 0, 0, 0, 0),
    "open_by_handle_at": (304, BAD_FD, 0, 0),
    "openat2": (437, -100, 0, 0, 0),
    "link": (86, 0, 0),
    "linkat": (265, -100, 0, -100, 0, 0),
    "symlink": (88, 0, 0),
    "symlinkat": (266, 0, -100, 0),
    "mknod": (133, 0, 0, 0),
    "mknodat": (259, -100, 0, 0, 0),
    "truncate": (76, 0, 0),
    "chmod": (90, 0, 0),
    "fchmod": (91, BAD_FD, 0),
    "fchmodat": (268, -100, 0, 0),
    "fchmodat2": (452, -100, 0, 0, 0),
    "chown": (92, 0, 0, 0),
    "fchown": (93, BAD_FD, 0, 0),
    "lchown": (94, 0, 0, 0),
    "fchownat": (260, -100, 0, 0, 0, 0),
    "utime": (132, 0, 0),
    "utimensat": (280, -100, 0, 0, 0),
    "setxattr": (188, 0, 0, 0, 0, 0),
    "setuid": (105, 0),
    "setgid": (106, 0),
    "setresuid": (117, 0, 0, 0),
    "setgroups": (116, 0, 0),
    "capset": (126, 0, 0),
    "setrlimit": (160, 7, 0),
    "prlimit64 with a new limit": (302, 0, 7, 1, 0),
    "prlimit64 with a pointer in the upper half": (302, 0, 7, 1 << 32, 0),
    "setpriority": (141, 0, 0, 0),
    "sched_setscheduler": (144, 0, 0, 0),
    "sched_setaffinity": (203, 0, 0, 0),
    "mlock": (149, 0, 0),
    "mlockall": (151, 0),
    "personality": (135, 0xFFFFFFFF),
    "arch_prctl": (158, 0x1004, 0),
    "modify_ldt": (154, 0, 0, 0),
    "iopl": (172, 0),
    "ioperm": (173, 0, 0, 0),
    "reboot": (169, 0, 0, 0, 0),
    "kexec_load": (246, 0, 0, 0, 0),
    "init_module": (175, 0, 0, 0),
    "finit_module": (313, BAD_FD, 0, 0),
    "delete_module": (176, 0, 0),
    "swapon": (167, 0, 0),
    "sethostname": (170, 0, 0),
    "settimeofday": (164, 0, 0),
    "clock_settime": (227, 99, 0),
    "adjtimex": (159, 0),
    "syslog": (103, 10, 0, 0),
    "acct": (163, 0),
    "quotactl": (179, 0, 0, 0, 0),
    "lookup_dcookie": (212, 0, 0, 0),
    "setsid": (112,),
    "setpgid": (109, 0, 0),
    "splice": (275, BAD_FD, 0, BAD_FD, 0, 0, 0),
    "tee": (276, BAD_FD, BAD_FD, 0, 0),
    "vmsplice": (278, BAD_FD, 0, 0, 0),
    "process_madvise": (440, BAD_FD, 0, 0, 0, 0),
    "landlock_create_ruleset": (444, 0, 0, 1),
    "a call that does not exist": (1000,),
    "ioctl TIOCSTI": (16, 0, 0x5412, 0),
    "ioctl TIOCSCTTY": (16, 0, 0x540E, 0),
    "ioctl FS_IOC_SETFLAGS": (16, 0, 0x40086602, 0),
    "ioctl FIFREEZE": (16, 0, 0xC0045877, 0),
    "fcntl F_GETLK": (72, 0, 5, 0),
    "fcntl F_SETOWN": (72, 0, 8, 0),
    "fcntl F_SETSIG": (72, 0, 10, 0),
    "fcntl F_SETOWN_EX": (72, 0, 15, 0),
    "fcntl F_SETLEASE": (72, 0, 1024, 0),
    "fcntl F_NOTIFY": (72, 0, 1026, 0),
    "fcntl F_SETPIPE_SZ": (72, 0, 1031, 0),
    "fcntl F_ADD_SEALS": (72, 0, 1033, 0),
}


@pytest.mark.parametrize("call", DENIED.values(), ids=DENIED.keys())
def test_the_call_is_refused(call: tuple[int, ...], room: Inside) -> None:
    assert room.run(CALL, *call) == (-1, errno.EPERM)


def test_clone3_answers_that_it_does_not_exist(room: Inside) -> None:
    # Its arguments lie in memory, which a filter cannot read; the C library then falls back to `clone`.
    assert room.run(CALL, 435, 0, 0) == (-1, errno.ENOSYS)


OPEN = """
import errno, os

def main(flags):
    path = "opened-with-flags"
    with open(path, "w") as file:
        file.write("still here")
    try:
        os.close(os.open(path, flags))
    except OSError as error:
        return errno.errorcode[error.errno], open(path).read()
    return "", open(path).read()
"""


@pytest.mark.parametrize(
    ("flags", "answer"),
    [
        (0o1000 | 0, ("EPERM", "still here")),
        (0o1000 | 3, ("EPERM", "still here")),
        (0o1000 | 1, ("", "")),
        (0o1000 | 2, ("", "")),
        (0, ("", "still here")),
    ],
    ids=["read and truncate", "ioctl and truncate", "write and truncate", "both and truncate", "read"],
)
def test_truncating_needs_writing(flags: int, answer: tuple[str, str], room: Inside) -> None:
    assert room.run(OPEN, flags) == answer


LOCK = """
import fcntl, os, struct, torch

held = []

def main(kind):
    path = torch.__file__ if kind == "flock" else "/dev/null"
    held.append(os.open(path, os.O_RDONLY if kind == "flock" else os.O_RDWR))
    if kind == "flock":
        return fcntl.flock(held[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
    whole = struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 0, 0)
    return len(fcntl.fcntl(held[-1], {"posix": fcntl.F_SETLK, "ofd": 37}[kind], whole)) > 0
"""


@pytest.mark.parametrize("kind", ["flock", "posix", "ofd"])
def test_a_lock_is_no_signal_to_another_room(kind: str, open_room: OpenRoom) -> None:
    """Each is told that it holds a lock for itself alone on a file that both may open, and neither does."""
    with open_room() as one, open_room() as other:
        assert one.run(LOCK, kind) == other.run(LOCK, kind)
    with open_room(without=["seccomp"]) as one, open_room(without=["seccomp"]) as other:
        one.run(LOCK, kind)
        with pytest.raises(AssertionError, match="Resource temporarily unavailable"):
            other.run(LOCK, kind)


def test_a_database_in_the_scratch_works_with_such_locks(room: Inside) -> None:
    source = """
import sqlite3
def main():
    for number in range(3):
        with sqlite3.connect("numbers.db") as database:
            database.execute("create table if not exists numbers (number)")
            database.execute("insert into numbers values (?)", (number,))
    return [number for number, in sqlite3.connect("numbers.db").execute("select * from numbers")]
"""
    assert room.run(source) == [0, 1, 2]


MACHINE_CODE = """
import ctypes, mmap

def main(code):
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    return ctypes.CFUNCTYPE(ctypes.c_long)(address)()
"""


@pytest.mark.parametrize(
    "code",
    [
        b"\xb8\x14\x00\x00\x00\xcd\x80\xc3",  # mov eax, 20 (getpid of i386); int 0x80; ret
        b"\xb8\x27\x00\x00\x40\x0f\x05\xc3",  # mov eax, 39 | the x32 bit (getpid); syscall; ret
    ],
    ids=["i386", "x32"],
)
def test_a_call_of_another_architecture_ends_the_process(code: bytes, open_room: OpenRoom) -> None:
    with open_room() as inside, pytest.raises(RoomDied):
        inside.run(MACHINE_CODE, code)


def test_the_same_machine_code_with_an_ordinary_call_runs(room: Inside) -> None:
    # Else the two above would show nothing: mov eax, 39 (getpid); syscall; ret.
    assert room.run(MACHINE_CODE, b"\xb8\x27\x00\x00\x00\x0f\x05\xc3") >= 1


def test_threads_still_start(room: Inside) -> None:
    source = """
import threading
def main():
    found = []
    threads = [threading.Thread(target=found.append, args=(n,)) for n in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return sorted(found)
"""
    assert room.run(source) == list(range(8))


def test_without_the_filter_the_calls_go_through(open_room: OpenRoom) -> None:
    """Shows that the refusals above are the filter's: the same calls reach the kernel once it is down."""
    with open_room(without=["seccomp"]) as inside:
        assert "seccomp" not in inside.walls
        assert inside.run(CALL, *DENIED["socket (AF_INET)"])[0] > 2
        assert inside.run(CALL, *DENIED["kill"]) == (-1, errno.ESRCH)
        assert inside.run(CALL, *DENIED["execve"]) == (-1, errno.EFAULT)
        assert inside.run(CALL, *DENIED["prctl PR_SET_PDEATHSIG"])[0] == 0
        assert inside.run(CALL, *DENIED["unshare"])[0] == 0
        assert inside.run(CALL, *DENIED["inotify_init1"])[0] > 2
