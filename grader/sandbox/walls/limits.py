"""Limits on one room: memory, CPU time, threads, files. Set by the kernel, kept by the kernel."""

from __future__ import annotations

import resource

_MEGABYTE = 1 << 20
_PAGE = resource.getpagesize()


def mapped_bytes() -> tuple[int, int]:
    """Address space and private data of this process in bytes, as the limits count them.

    torch maps some hundred megabytes before a student has asked for any: limits are set above that.
    """
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            fields = [int(field) for field in statm.read().split()]
    except (OSError, ValueError):
        return 1 << 30, 1 << 30
    return fields[0] * _PAGE, fields[5] * _PAGE


def apply(
    *, mapped: tuple[int, int], memory_mb: int, cpu_seconds: float, file_mb: int, threads: int, processes: int
) -> None:
    """Limit this process. `processes` is how many its user runs already, where that is counted."""
    space, data = mapped
    allowance = memory_mb * _MEGABYTE
    cpu = int(cpu_seconds) + 1
    _set(resource.RLIMIT_AS, space + allowance)
    _set(resource.RLIMIT_DATA, data + allowance)
    # The soft limit would be a signal that a program can ignore; both at once is the kernel's SIGKILL.
    _set(resource.RLIMIT_CPU, cpu)
    _set(resource.RLIMIT_FSIZE, file_mb * _MEGABYTE)
    _set(resource.RLIMIT_NPROC, processes + threads)
    _set(resource.RLIMIT_NOFILE, 128)
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_MEMLOCK, 0)
    if hasattr(resource, "RLIMIT_MSGQUEUE"):
        _set(resource.RLIMIT_MSGQUEUE, 0)


def _set(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))
