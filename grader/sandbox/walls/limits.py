"""Limits on one room: memory, CPU time, threads, files. Set by the kernel, kept by the kernel."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass

from grader.model import Limits
from grader.sandbox.walls.wall import ALONE, Ground, Promise, RoomPlan, Wall

if sys.platform != "win32":
    import resource

_MEGABYTE = 1 << 20
# The zygote's own processes that a user's limit counts: itself, its waiter, init, the room.
_OWN_PROCESSES = 8
# A file that was removed while it is open takes space that nobody sees: where no file system bounds it, this does.
_UNBOUNDED_FILE_SHARE = 4
# The main thread's stack grows up to its limit, and the kernel keeps 128 MB free for it.
_STACK = 64 * _MEGABYTE


@dataclass(frozen=True)
class Baseline:
    """What is in use before a student has asked for anything; limits begin above it."""

    space: int = 1 << 30
    """Bytes of address space: torch maps some hundred megabytes."""
    data: int = 1 << 30
    """Bytes of private data."""
    processes: int = 1 << 10


def baseline(ground: Ground) -> Baseline:
    """What this process uses now. Without /proc, a guess on the safe side."""
    proc = ground.proc
    if proc is None:
        return Baseline()
    space, data = usage(proc)
    # In a user namespace, the kernel counts this sandbox's processes by themselves.
    return Baseline(space, data, _OWN_PROCESSES if ground.has("user-namespace") else _processes_of_this_user(proc))


def usage(proc: int) -> tuple[int, int]:
    """Bytes of address space and of private data that this process has mapped. `proc` is a descriptor of /proc."""
    fields = [int(field) * resource.getpagesize() for field in _read_at(proc, "self/statm").split()]
    return fields[0], fields[5]


def cpu_seconds(plan: RoomPlan) -> float:
    """The processor time after which the kernel ends a room."""
    return seconds_of(plan.limits)


def seconds_of(limits: Limits) -> float:
    """The same, as the problem has it."""
    return limits.import_seconds + limits.total_seconds


def apply(base: Baseline, *, memory_mb: int, cpu_seconds: float, file_mb: int, threads: int) -> None:
    """Limit this process to so much above `base`."""
    allowance = memory_mb * _MEGABYTE
    _set(resource.RLIMIT_AS, base.space + allowance)
    _set(resource.RLIMIT_DATA, base.data + allowance)
    # The soft limit would be a signal that a program can ignore; both at once is the kernel's SIGKILL.
    _set(resource.RLIMIT_CPU, int(cpu_seconds) + 1)
    _set(resource.RLIMIT_FSIZE, file_mb * _MEGABYTE)
    _set(resource.RLIMIT_NPROC, base.processes + threads)
    _set(resource.RLIMIT_NOFILE, 128)
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_STACK, _STACK)
    _set(resource.RLIMIT_MEMLOCK, 0)
    if hasattr(resource, "RLIMIT_MSGQUEUE"):
        _set(resource.RLIMIT_MSGQUEUE, 0)


def apply_those_that_hold(limits: Limits, used_seconds: float) -> None:
    """Limit this process, a room without walls, by what its system can: not every one has each of these limits.

    Its own memory and the processor seconds that it has used are not counted.
    """
    if sys.platform == "win32":
        return  # The checker limits a room there.
    wanted = {
        resource.RLIMIT_CPU: int(used_seconds + seconds_of(limits)) + 1,
        resource.RLIMIT_FSIZE: max(limits.scratch_mb // _UNBOUNDED_FILE_SHARE, 1) * _MEGABYTE,
        resource.RLIMIT_CORE: 0,
    }
    with contextlib.suppress(OSError):
        proc = os.open("/proc", os.O_RDONLY)
        space, data = usage(proc)
        os.close(proc)
        wanted |= {
            resource.RLIMIT_AS: space + limits.memory_mb * _MEGABYTE,
            resource.RLIMIT_DATA: data + limits.memory_mb * _MEGABYTE,
        }
    for which, value in wanted.items():
        with contextlib.suppress(OSError, ValueError):
            _set(which, value)


def _set(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))


def _processes_of_this_user(proc: int) -> int:
    """Threads that run under this uid now: outside a user namespace the limit on processes counts them all."""
    count = 0
    ours = f"\nUid:\t{os.getuid()}\t"
    for name in filter(str.isdigit, os.listdir(proc)):
        try:
            status = _read_at(proc, f"{name}/status")
        except OSError:
            continue  # It has ended meanwhile.
        if ours in status:
            count += int(status.partition("\nThreads:\t")[2].partition("\n")[0] or 1)
    return count


def _read_at(folder: int, name: str) -> str:
    fd = os.open(name, os.O_RDONLY | os.O_CLOEXEC, dir_fd=folder)
    with open(fd, encoding="utf-8", errors="replace") as file:
        return file.read()


def _try_one(ground: Ground) -> None:
    # The zygote writes no core either; this shows whether the kernel takes limits at all.
    _set(resource.RLIMIT_CORE, 0)


def _limit_room(ground: Ground, plan: RoomPlan) -> None:
    most = plan.limits
    apply(
        plan.base,
        memory_mb=most.memory_mb,
        cpu_seconds=cpu_seconds(plan),
        file_mb=most.scratch_mb if ground.scratch.bounded else max(most.scratch_mb // _UNBOUNDED_FILE_SHARE, 1),
        threads=most.threads,
    )


WALL = Wall(
    name="limits",
    around_all=_try_one,
    around_room=_limit_room,
    attempt="resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096)) is None",
    breach="a limit was raised",
    opens="memory, time and processes are unbounded",
    repair="let setrlimit be called: it is refused here",
    keeps={Promise.LIMITS: ALONE},
)
