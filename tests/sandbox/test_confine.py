"""What a room finds around it when every wall stands, seen from inside; and what changes when one is left out."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from grader.sandbox.walls import own_uid, private_files, table
from tests.conftest import walls_of_this_user
from tests.sandbox.conftest import TRY, Inside, OpenRoom

# /tmp, unless these tests run in an environment that lies there; see test_places.
SCRATCH = private_files.scratch_beside(private_files.library_paths())


def test_every_wall_stands_here(room: Inside) -> None:
    assert set(room.walls) == walls_of_this_user()
    assert table.meets_floor(room.walls) == []


# -- files ---------------------------------------------------------------------------------------

ABSENT = [
    "/etc/passwd", "/etc/shadow", "/etc/hostname", "/etc/resolv.conf", "/root/.bashrc", "/home", "/var", "/run", "/sys",
    "/proc", "/proc/self/environ", "/dev/shm", "/dev/tty", "/dev/ptmx", "/dev/kmsg", "/dev/mem", "/opt", "/srv",
    "/mnt", "/boot", "/usr/bin/env", "/bin/sh",
]  # fmt: skip


def holds_the_interpreter(path: str) -> bool:
    """Whether Python or a library lies below `path`, as in an environment in somebody's home: rooms need those."""
    places = (sys.prefix, sys.base_prefix, *sys.path)
    return any(Path(os.path.realpath(place)).is_relative_to(path) for place in places if place)


@pytest.mark.parametrize("path", [path for path in ABSENT if not holds_the_interpreter(path)])
def test_what_no_room_needs_does_not_exist_in_it(path: str, room: Inside) -> None:
    assert room.run(TRY, "exists", path) in ("ENOENT", "ENOTDIR")


def test_the_project_and_its_tests_do_not_exist_in_it(room: Inside) -> None:
    here = os.path.dirname(os.path.abspath(__file__))
    for path in (here, __file__, os.path.join(os.path.dirname(os.path.dirname(here)), "problems")):
        assert room.run(TRY, "exists", path) in ("ENOENT", "EACCES")


LISTED = """
import os
def main(scratch):
    found = {}
    for path in ("/", "/etc", "/dev", scratch):
        try:
            found[path] = sorted(os.listdir(path))
        except OSError as error:
            found[path] = error.strerror
    return found
"""


def test_the_root_is_nearly_empty(open_room: OpenRoom) -> None:
    with open_room(without=["landlock"]) as inside:  # Landlock would not even let the root be listed.
        found = inside.run(LISTED, SCRATCH)
    top = {os.path.realpath(place).split("/")[1] for place in (sys.prefix, sys.base_prefix, *sys.path) if place}
    assert set(found["/"]) <= {"dev", "etc", "lib", "lib32", "lib64", "libx32", SCRATCH[1:], "usr", *top}
    assert found["/etc"] == ["ld.so.cache"]
    assert found["/dev"] == ["null", "random", "urandom", "zero"]
    assert found[SCRATCH] == []


@pytest.mark.parametrize("action", ["write", "mkdir", "unlink", "rename", "chmod", "utime", "truncate"])
@pytest.mark.parametrize("path", ["/new", "/etc/ld.so.cache", "{torch}/__init__.py"])
def test_nothing_but_the_scratch_can_be_changed(action: str, path: str, room: Inside) -> None:
    import torch

    answer = room.run(TRY, action, path.format(torch=os.path.dirname(torch.__file__)))
    assert answer in ("EACCES", "EROFS", "EPERM", "ENOENT", "EEXIST", "EXDEV")


MOUNTED = """
import os
def main(path):
    flags = os.statvfs(path).f_flag
    return {"read-only": bool(flags & os.ST_RDONLY), "no set-uid": bool(flags & os.ST_NOSUID)}
"""


def test_without_landlock_the_private_root_is_still_read_only(open_room: OpenRoom) -> None:
    import torch

    with open_room(without=["landlock"]) as inside:
        for path in ("/", "/etc", "/dev", torch.__file__, os.__file__):
            assert inside.run(MOUNTED, path) == {"read-only": True, "no set-uid": True}
        assert inside.run(TRY, "write", "/new") in ("EROFS", "EACCES")
        assert inside.run(TRY, "exists", "/etc/passwd") == "ENOENT"


def test_with_neither_files_can_be_read(open_room: OpenRoom) -> None:
    """Shows that the two walls above are what keeps a room from reading."""
    with open_room(without=["private-files", "landlock"]) as inside:
        assert inside.run(TRY, "read", "/etc/passwd") == 16


@pytest.mark.parametrize("without", [[], ["private-files"], ["landlock"]], ids=["all", "no root", "no landlock"])
def test_the_scratch_can_be_used(without: list[str], open_room: OpenRoom) -> None:
    source = """
import os, tempfile, torch
def main():
    torch.save(torch.ones(3), "saved.pt")
    os.makedirs("a/b")
    os.rename("saved.pt", "a/b/saved.pt")
    with tempfile.NamedTemporaryFile("w+") as file:
        file.write("x"); file.flush()
    return torch.load("a/b/saved.pt"), os.getcwd()
"""
    with open_room(without=without) as inside:
        tensor, _ = inside.run(source)
        assert tensor.tolist() == [1, 1, 1]


# -- who it is -----------------------------------------------------------------------------------

STATUS = """
import ctypes, os, sys

def attempt(action):
    try:
        return action()
    except OSError as error:
        return error.errno

class Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))

def capabilities():
    data = (ctypes.c_uint32 * 6)()
    header = Header(0x20080522, 0)
    result = ctypes.CDLL(None, use_errno=True).syscall(125, ctypes.byref(header), data)
    return result if result < 0 else list(data)

def main():
    libc = ctypes.CDLL(None, use_errno=True)
    return {
        "ids": (os.getresuid(), os.getresgid(), os.getgroups()),
        "pid": os.getpid(),
        "parent": os.getppid(),
        "descriptors": [fd for fd in range(1024) if attempt(lambda: os.fstat(fd)) != 9],
        "stdin": (attempt(lambda: os.read(0, 10)), sys.stdin.read()),
        "tty": attempt(lambda: os.open("/dev/tty", os.O_RDWR)),
        "terminals": [os.isatty(fd) for fd in range(3)],
        "session leader": os.getsid(0) == os.getpid(),
        "environment": dict(os.environ),
        "arguments": sys.argv,
        "host": os.uname().nodename,
        "working folder": os.getcwd(),
    }
"""


def test_who_a_room_is(room: Inside) -> None:
    about = room.run(STATUS)
    users, groups, others = about["ids"]
    assert (users, groups) == ((1000,) * 3, (1000,) * 3)
    # An ordinary user cannot leave groups. Inside, all but the user's own are nobody's, however many they are.
    assert set(others) <= {1000, 65534}
    assert about["pid"] == 2
    assert about["parent"] == 0, "its parent is outside of its process namespace"
    assert about["descriptors"] == [0, 1, 2, 3]
    assert about["stdin"] == (b"", "")
    assert about["tty"] == errno.ENOENT
    assert about["terminals"] == [False] * 3
    assert about["session leader"]
    assert about["working folder"] == SCRATCH


def test_the_environment_is_ours_alone(room: Inside) -> None:
    environment = room.run(STATUS)["environment"]
    assert set(environment) <= {
        "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS",
        "CUDA_VISIBLE_DEVICES", "HOME", "TMPDIR", "TORCHINDUCTOR_CACHE_DIR", "LANG",
        "LC_CTYPE", "PATH", "KMP_INIT_AT_FORK", "KMP_DUPLICATE_LIB_OK", "TORCH_SHM_MANAGER",
    }  # fmt: skip
    assert environment["HOME"] == environment["TMPDIR"] == SCRATCH


CREDENTIALS = """
import ctypes

def main():
    class Header(ctypes.Structure):
        _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))
    libc = ctypes.CDLL(None, use_errno=True)
    data = (ctypes.c_uint32 * 6)()
    read = libc.syscall(125, ctypes.byref(Header(0x20080522, 0)), data)
    return {
        "capget": (read, list(data)),
        "no_new_privs": libc.prctl(39, 0, 0, 0, 0),
        "dumpable": libc.prctl(3, 0, 0, 0, 0),
    }
"""


def test_no_capability_is_left(open_room: OpenRoom) -> None:
    with open_room(without=["seccomp"]) as inside:  # the filter would not let it ask
        found = inside.run(CREDENTIALS)
    assert found["capget"] == (0, [0] * 6)
    assert found["no_new_privs"] == 1
    assert found["dumpable"] == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="started by an ordinary user, a room has that user's uid anyway")
def test_outside_it_is_nobody(stem: object, open_room: OpenRoom) -> None:
    with open_room() as inside:
        inside.run("def main(): pass")
        uids = {status["Uid"].split()[0] for status in _processes_below(os.getpid()) if status["NSpid"].count("\t") > 1}
    assert uids == {str(own_uid.NOBODY)}


def _processes_below(top: int) -> list[dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/status") as status:
                found[int(name)] = dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line)
        except OSError:
            continue
    below = {top}
    for _ in range(8):
        below |= {pid for pid, status in found.items() if int(status["PPid"]) in below}
    return [found[pid] for pid in below - {top}]


# -- the floor -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missing", "lacks"),
    [
        (set(), ""),
        ({"user-namespace", "private-files", "pid-namespace", "network-namespace", "cgroup"}, ""),
        ({"seccomp"}, ""),
        ({"landlock"}, ""),
        ({"landlock", "private-files"}, "no reading"),
        ({"seccomp", "network-namespace"}, "no network"),
        ({"seccomp", "private-files"}, "no network"),
        ({"seccomp", "cgroup"}, "a limit on processes"),
        ({"limits"}, "limits on memory"),
    ],
    ids=lambda value: ",".join(sorted(value)) if isinstance(value, set) else value,
)
def test_the_floor(missing: set[str], lacks: str) -> None:
    lacking = table.meets_floor([wall for wall in table.NAMES if wall not in missing])
    assert len(lacking) == bool(lacks)
    assert all(lacks in what for what in lacking)
