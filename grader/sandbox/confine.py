"""The lockdown, as two ordered lists: once for the zygote, once for each room.

Each step is tried for real. What fails is noted under the wall's name with the kernel's reason and the rest goes on: a
missing wall is a fact for `grade doctor` and for the caller, who decides whether what stands is enough.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field

from grader.model import Limits
from grader.sandbox.walls import files, kernel, landlock, limits, scratch, seccomp
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
_FLAGS = {
    PROCESS: kernel.CLONE_NEWPID,
    NETWORK: kernel.CLONE_NEWNET,
    IPC: kernel.CLONE_NEWIPC,
    UTS: kernel.CLONE_NEWUTS,
}
# A file that was removed while it is open takes space that nobody sees: where no file system bounds it, this does.
_UNBOUNDED_FILE_SHARE = 4


@dataclass
class Standing:
    """Which walls stand, and why the others do not. Filled step by step while they are raised."""

    without: frozenset[str] = frozenset()
    """Walls that are left out on purpose."""
    walls: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)

    def lacks(self, name: str) -> bool:
        """Whether `name` is still to be raised."""
        if name in self.without:
            self.missing[name] = "left out"
        return name not in self.walls and name not in self.without

    @contextlib.contextmanager
    def raising(self, name: str) -> Iterator[None]:
        """Note `name` as standing where the block succeeds, as missing with its reason where it fails."""
        try:
            yield
        except OSError as error:
            self.missing[name] = error.strerror or str(error)
        else:
            self.note(name)

    def note(self, name: str) -> None:
        """`name` stands."""
        self.walls.append(name)
        self.missing.pop(name, None)

    def has(self, name: str) -> bool:
        return name in self.walls


def meets_floor(walls: list[str] | tuple[str, ...]) -> list[str]:
    """What is missing from the least that hostile work may be graded with; empty where nothing is.

    The floor: no network, no reading outside the allowed paths, limits on memory, time and processes.
    """
    lacking = []
    # A network namespace does not stop a connection to a socket that is a file.
    if SECCOMP not in walls and not (NETWORK in walls and PRIVATE_FILES in walls):
        lacking.append(f"no network ({SECCOMP}, or {NETWORK} with {PRIVATE_FILES})")
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
    scratch: str
    """The folder that a room may write to."""
    own_scratch: bool = False
    """Whether it is a file system of its own, made anew for each room."""
    proc: int | None = None
    """A descriptor of the host's /proc, by which the zygote sees what it uses itself."""
    self_fd: int = -1
    """A descriptor of the zygote itself, by which it leaves a room's process namespace again."""
    group: Group | None = None
    ruleset_fd: int | None = None
    readable: tuple[str, ...] = ()
    """What the ruleset lets rooms read."""
    filter: seccomp.Filter | None = None
    bare: bool = False
    _fresh_times: tuple[int, int, int] = (0, 0, 0)
    """When the scratch was read, written to and changed last, as it was made."""

    def baseline(self) -> limits.Baseline:
        """What the zygote uses now; a room's limits are set above it."""
        return limits.baseline(self.proc, own_count=self.standing.has(USER))

    def scratch_was_used(self) -> bool:
        """Whether the last room may have left anything in its scratch, be it only a time or a higher inode number.

        Files that were removed again leave both, and a later room could read them like a message. No room can set these
        times back, and none can make a file without moving them (`seccomp` denies O_TMPFILE).
        """
        # Where it is no file system of its own, the zygote itself reads it while a room is open.
        return not self.own_scratch or self._times_of_scratch() != self._fresh_times

    def _times_of_scratch(self) -> tuple[int, int, int]:
        about = os.stat(self.scratch)
        return about.st_atime_ns, about.st_mtime_ns, about.st_ctime_ns

    def make_scratch(self, megabytes: int) -> None:
        """The first scratch."""
        if self.own_scratch:
            files.mount_scratch(self.scratch, megabytes)
        elif not self.standing.has(PRIVATE_FILES):
            os.mkdir(self.scratch, 0o700)
        self._fresh_times = self._times_of_scratch()

    def renew_scratch(self, megabytes: int) -> None:
        """A fresh folder for the next room's files. What the last one left is thrown away unread."""
        if not self.own_scratch:
            scratch.clear(self.scratch)
            if not self.standing.has(PRIVATE_FILES):
                os.rmdir(self.scratch)
        self.make_scratch(megabytes)
        if self.ruleset_fd is not None:
            # A ruleset knows the very folder that was there when it was made, not its path.
            os.close(self.ruleset_fd)
            self.ruleset_fd = self._ruleset()

    def raise_landlock(self) -> None:
        """Make the ruleset. Raises OSError where the kernel has none."""
        self.ruleset_fd = self._ruleset()

    def _ruleset(self) -> int:
        return landlock.ruleset(self.readable, [self.scratch, "/dev/null"])


def confine_zygote(
    group: Group | None, group_problem: str, *, folder: str, bare: bool, without: frozenset[str]
) -> ZygoteWalls:
    """Raise the walls that all rooms of one zygote share. Returns in another process than it was called in.

    `bare` raises none (the process sandbox); `without` leaves single walls out, for tests that show what
    each of them stops. `folder` names one to be made for the rooms' files, where they cannot have a file system
    of their own.
    """
    standing = Standing(without)
    proc = _open_proc()
    if bare or not kernel.SUPPORTED or proc is None:
        walls = ZygoteWalls(standing, folder, proc=proc, bare=True)
        walls.make_scratch(Limits().scratch_mb)
        return walls
    readable = files.library_paths()
    place = files.scratch_beside(readable)
    if os.geteuid() == 0:
        # As root all of this needs no user namespace, which some systems forbid; then the uid changes for good.
        _private_root(standing, readable, place)
        _unshare(standing, NETWORK, IPC, UTS)
        if standing.lacks(OWN_UID):
            _become_nobody(standing)
    elif standing.lacks(OWN_UID):
        standing.note(OWN_UID)
    _user_namespace(standing, proc)
    if standing.has(USER):
        _private_root(standing, readable, place)
    _unshare(standing, NETWORK, IPC, UTS, PROCESS)
    if standing.has(PROCESS):
        _become_first_process()
    else:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    walls = ZygoteWalls(standing, folder, proc=proc, self_fd=os.pidfd_open(os.getpid()))
    if standing.has(PRIVATE_FILES):
        walls.scratch = place
        walls.own_scratch = standing.has(USER)
    walls.make_scratch(Limits().scratch_mb)
    if standing.lacks(CGROUP):
        walls.group = group
        if group is not None:
            standing.note(CGROUP)
        else:
            standing.missing[CGROUP] = group_problem
    if standing.lacks(LIMITS):
        standing.note(LIMITS)
    standing.note(NO_NEW_PRIVILEGES)
    if standing.lacks(LANDLOCK):
        with standing.raising(LANDLOCK):
            walls.readable = (*readable, *files.device_paths())
            walls.raise_landlock()
    if standing.lacks(SECCOMP):
        with standing.raising(SECCOMP):
            seccomp.probe()
            walls.filter = seccomp.assemble()
    return walls


def _open_proc() -> int | None:
    try:
        return os.open("/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None


def _private_root(standing: Standing, readable: list[str], scratch: str) -> None:
    if standing.lacks(PRIVATE_FILES):
        with standing.raising(PRIVATE_FILES):
            kernel.unshare(kernel.CLONE_NEWNS)
            files.enter_private_root(readable, scratch)
            files.mount_scratch(scratch, Limits().scratch_mb)


def _become_nobody(standing: Standing) -> None:
    with standing.raising(OWN_UID):
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        # Changing the uid made /proc/self ours no more; the id maps below must be written there.
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)


def _user_namespace(standing: Standing, proc: int) -> None:
    uid, gid = os.geteuid(), os.getegid()
    if standing.lacks(USER):
        with standing.raising(USER):
            kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWNS)
            _write_at(proc, "self/setgroups", "deny")
            _write_at(proc, "self/uid_map", f"{_INNER_ID} {uid} 1")
            _write_at(proc, "self/gid_map", f"{_INNER_ID} {gid} 1")


def _unshare(standing: Standing, *names: str) -> None:
    for name in filter(standing.lacks, names):
        with standing.raising(name):
            kernel.unshare(_FLAGS[name])


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


def confine_room(walls: ZygoteWalls, limit: Limits, base: limits.Baseline, ruleset_fd: int | None) -> None:
    """Raise the walls around this process, the room, before any student code runs. Raises OSError.

    `ruleset_fd` is the zygote's, under the number that it has here; it is closed. What the zygote notes as standing
    is raised here or the room does not open: a failure now is the harness's.
    """
    if walls.bare or walls.standing.has(LIMITS):
        limits.apply(
            base,
            memory_mb=limit.memory_mb,
            cpu_seconds=limit.import_seconds + limit.total_seconds,
            file_mb=limit.scratch_mb if walls.own_scratch else max(limit.scratch_mb // _UNBOUNDED_FILE_SHARE, 1),
            threads=limit.threads,
        )
    if walls.bare:
        return
    kernel.drop_capabilities()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if ruleset_fd is not None:
        landlock.restrict_self(ruleset_fd)
        os.close(ruleset_fd)
    if walls.filter is not None:
        walls.filter.apply()
