"""The lockdown, as two ordered lists: once for the zygote, once for each room.

Each step is tried for real. What fails is noted under the wall's name with the kernel's reason and the rest goes on: a
missing wall is a fact for `grade doctor` and for the caller, who decides whether what stands is enough.
"""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from grader.model import Limits
from grader.sandbox.walls import files, kernel, landlock, limits, seccomp
from grader.sandbox.walls.cgroup import Group

# The names that results and `grade doctor` use; in the order in which the walls are raised.
USER = "user-namespace"
PRIVATE_FILES = "private-files"
PROCESS = "pid-namespace"
NETWORK = "network-namespace"
IPC = "ipc-namespace"
UTS = "uts-namespace"
OWN_UID = "own-uid"
CGROUP = "cgroup"
LIMITS = "limits"
NO_NEW_PRIVILEGES = "no-new-privileges"
LANDLOCK = "landlock"
SECCOMP = "seccomp"
ALL = (
    USER, PRIVATE_FILES, PROCESS, NETWORK, IPC, UTS, OWN_UID, CGROUP, LIMITS, NO_NEW_PRIVILEGES, LANDLOCK, SECCOMP,
)  # fmt: skip

# Strict grading refuses without these. A control group needs a delegation that few laptops have, and what it
# adds (counting shared pages) is bounded by the address-space limit as well.
STRICT = tuple(wall for wall in ALL if wall != CGROUP)

NOBODY = 65534
_INNER_ID = 1000
# The zygote's own processes that a user's process limit counts.
_OWN_PROCESSES = 8


@dataclass
class Standing:
    """Which walls stand, and why the others do not. Filled step by step while they are raised."""

    walls: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)

    @contextlib.contextmanager
    def raising(self, *names: str) -> Iterator[None]:
        """Note `names` as standing where the block succeeds, as missing with its reason where it fails."""
        try:
            yield
        except OSError as error:
            for name in names:
                self.missing[name] = error.strerror or str(error)
        else:
            self.walls += names

    def has(self, name: str) -> bool:
        return name in self.walls


def meets_floor(walls: list[str] | tuple[str, ...]) -> list[str]:
    """What is missing from the least that hostile work may be graded with; empty where nothing is.

    The floor: no network, no reading outside the allowed paths, limits on memory, time and processes.
    """
    lacking = []
    if NETWORK not in walls and SECCOMP not in walls:
        lacking.append(f"no network ({NETWORK} or {SECCOMP})")
    if PRIVATE_FILES not in walls and LANDLOCK not in walls:
        lacking.append(f"no reading outside the allowed paths ({PRIVATE_FILES} or {LANDLOCK})")
    if LIMITS not in walls:
        lacking.append(f"limits on memory and time ({LIMITS})")
    if SECCOMP not in walls and not (CGROUP in walls and PROCESS in walls):
        lacking.append(f"a limit on processes ({SECCOMP}, or {CGROUP} with {PROCESS})")
    return lacking


@dataclass
class ZygoteWalls:
    """What the zygote prepared for its rooms."""

    standing: Standing
    mapped: tuple[int, int]
    self_fd: int
    """A descriptor of the zygote itself, by which it leaves a room's process namespace again."""
    group: Group | None
    ruleset_fd: int | None
    filter: seccomp.Filter | None
    bare: bool
    scratch: str = files.SCRATCH


def confine_zygote(group: Group | None, group_problem: str, *, bare: bool, without: frozenset[str]) -> ZygoteWalls:
    """Raise the walls that all rooms of one zygote share. Returns in another process than it was called in.

    `bare` raises none (the process sandbox); `without` leaves single walls out, for tests that show what
    each of them stops.
    """
    standing = Standing()
    mapped = limits.mapped_bytes()
    if bare or not kernel.SUPPORTED:
        return ZygoteWalls(standing, mapped, -1, None, None, None, bare=True, scratch=_plain_scratch())
    readable = files.library_paths()
    proc_self = os.open("/proc/self", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    if group is not None:
        standing.walls.append(CGROUP)
    else:
        standing.missing[CGROUP] = group_problem
    started_by_root = os.geteuid() == 0
    if started_by_root:
        _private_root(standing, readable, without)
        _become_nobody(standing)
    else:
        standing.walls.append(OWN_UID)
    _namespaces(standing, proc_self, without)
    if not started_by_root and standing.has(USER):
        _private_root(standing, readable, without)
    os.close(proc_self)
    if standing.has(PROCESS):
        _become_first_process()
    else:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    scratch = _scratch(standing)
    walls = ZygoteWalls(standing, mapped, os.pidfd_open(os.getpid()), group, None, None, bare=False, scratch=scratch)
    if LANDLOCK not in without:
        with standing.raising(LANDLOCK):
            writable = [scratch, "/dev/null"]
            walls.ruleset_fd = landlock.ruleset([*readable, *files.device_paths()], writable)
    if SECCOMP not in without:
        walls.filter = seccomp.assemble()
        standing.walls.append(SECCOMP)
    standing.walls += [LIMITS, NO_NEW_PRIVILEGES]
    return walls


def _private_root(standing: Standing, readable: list[str], without: frozenset[str]) -> None:
    if PRIVATE_FILES in without:
        return
    with standing.raising(PRIVATE_FILES):
        kernel.unshare(kernel.CLONE_NEWNS)
        files.enter_private_root(readable)


def _become_nobody(standing: Standing) -> None:
    with standing.raising(OWN_UID):
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        # Changing the uid made /proc/self ours no more; the id maps below must be written there.
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)


def _namespaces(standing: Standing, proc_self: int, without: frozenset[str]) -> None:
    uid, gid = os.geteuid(), os.getegid()
    if USER in without:
        return
    with standing.raising(USER):
        kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWNS)
        _write_at(proc_self, "setgroups", "deny")
        _write_at(proc_self, "uid_map", f"{_INNER_ID} {uid} 1")
        _write_at(proc_self, "gid_map", f"{_INNER_ID} {gid} 1")
    flags = {
        NETWORK: kernel.CLONE_NEWNET,
        IPC: kernel.CLONE_NEWIPC,
        UTS: kernel.CLONE_NEWUTS,
        PROCESS: kernel.CLONE_NEWPID,
    }
    for name, flag in flags.items():
        if name in without:
            continue
        with standing.raising(name):
            kernel.unshare(flag)


def _write_at(folder: int, name: str, text: str) -> None:
    fd = os.open(name, os.O_WRONLY | os.O_CLOEXEC, dir_fd=folder)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def _become_first_process() -> None:
    """Fork into the new process namespace; the caller goes on as its process 1, the parent only waits."""
    pid = os.fork()
    if pid:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        os.closerange(0, 64)
        _, status = os.waitpid(pid, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def _scratch(standing: Standing) -> str:
    if standing.has(PRIVATE_FILES) and standing.has(USER):
        files.mount_scratch(Limits().scratch_mb)
        return files.SCRATCH
    return _plain_scratch()


def _plain_scratch() -> str:
    return tempfile.mkdtemp(prefix="torchgrade-")


def confine_room(walls: ZygoteWalls, limit: Limits) -> None:
    """Raise the walls around this process, the room, before any student code runs. Raises OSError.

    Everything here was tried by the zygote in the same way; a failure now is the harness's.
    """
    cpu = limit.import_seconds + limit.total_seconds
    limits.apply(
        mapped=walls.mapped,
        memory_mb=limit.memory_mb,
        cpu_seconds=cpu,
        file_mb=limit.scratch_mb,
        threads=limit.threads,
        processes=_OWN_PROCESSES if walls.standing.has(USER) else _processes_of_this_user(),
    )
    if walls.bare:
        return
    if walls.standing.has(USER):
        kernel.drop_capabilities()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if walls.ruleset_fd is not None:
        landlock.restrict_self(walls.ruleset_fd)
        os.close(walls.ruleset_fd)
    if walls.filter is not None:
        walls.filter.apply()


def _processes_of_this_user() -> int:
    """Threads that run under this uid now: outside a user namespace the limit counts them all."""
    count = 0
    uid = str(os.getuid())
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/status", encoding="utf-8", errors="replace") as status:
                fields = dict(line.split(":", 1) for line in status if ":" in line)
        except OSError:
            continue
        if fields.get("Uid", "").split()[:1] == [uid]:
            count += int(fields.get("Threads", "1"))
    return count
