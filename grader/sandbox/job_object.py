"""Windows' job objects, by ctypes: nothing in one survives its last handle, and its memory can be bounded.

The structures are those of the Windows headers (winnt.h, JOBOBJECT_EXTENDED_LIMIT_INFORMATION). On other systems, and
where Windows refuses, there is no job: processes are then ended one by one.
"""

from __future__ import annotations

import ctypes
import subprocess
import sys

AND_MEMORY = "" if sys.platform == "darwin" else " and memory"
"""What this system can bound of a room without walls, besides time and output. macOS takes no limit on memory."""

_KILL_ON_CLOSE, _PROCESS_MEMORY, _ACTIVE_PROCESSES, _NO_CRASH_DIALOG = 0x2000, 0x100, 0x8, 0x400
_EXTENDED_LIMITS = 9
_MOST_PROCESSES = 64


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("per_process_time", ctypes.c_int64),
        ("per_job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("active_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
    )


class _ExtendedLimits(ctypes.Structure):
    _fields_ = (
        ("basic", _BasicLimits),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


class NoJob:
    """Where there are none."""

    bounds_memory = False

    def limit_memory(self, megabytes: int) -> None:
        """Nothing is bounded here."""

    def close(self) -> None:
        """Nothing is to be closed."""


def holding(process: subprocess.Popen[bytes]) -> JobObject | NoJob:
    """A job with this process in it, which ends with this interpreter's handle."""
    if sys.platform != "win32":
        return NoJob()
    try:
        return JobObject(int(process._handle))  # type: ignore[attr-defined,unused-ignore]
    except (AttributeError, OSError):
        return NoJob()


class JobObject:
    """One job; raises OSError where Windows refuses."""

    bounds_memory = True

    def __init__(self, process_handle: int) -> None:
        self._kernel = _kernel32()
        self._handle = self._kernel.CreateJobObjectW(None, None)
        if not self._handle:
            raise OSError("no job object can be made")
        self._process_handle = process_handle
        self._set(_KILL_ON_CLOSE | _NO_CRASH_DIALOG, 0)
        if not self._kernel.AssignProcessToJobObject(self._handle, ctypes.c_void_p(process_handle)):
            self.close()
            raise OSError("the process cannot be put into a job object")

    def limit_memory(self, megabytes: int) -> None:
        """Bound what the process may commit beyond what it has committed now, and the number of its children."""
        flags = _KILL_ON_CLOSE | _NO_CRASH_DIALOG | _PROCESS_MEMORY | _ACTIVE_PROCESSES
        self._set(flags, _committed(self._kernel, self._process_handle) + (megabytes << 20))

    def _set(self, flags: int, process_memory: int) -> None:
        limits = _ExtendedLimits()
        limits.basic.flags = flags
        limits.basic.active_processes = _MOST_PROCESSES
        limits.process_memory = process_memory
        size = ctypes.sizeof(limits)
        if not self._kernel.SetInformationJobObject(self._handle, _EXTENDED_LIMITS, ctypes.byref(limits), size):
            raise OSError("the job object takes no limits")

    def close(self) -> None:
        """End all that is in it."""
        if self._handle:
            self._kernel.CloseHandle(self._handle)
            self._handle = None


def _kernel32() -> ctypes.CDLL:
    kernel: ctypes.CDLL = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    kernel.CreateJobObjectW.argtypes = [ctypes.c_void_p, ctypes.c_wchar_p]
    kernel.AssignProcessToJobObject.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    kernel.SetInformationJobObject.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32]
    kernel.CloseHandle.argtypes = [ctypes.c_void_p]
    kernel.K32GetProcessMemoryInfo.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint32]
    return kernel


class _MemoryCounters(ctypes.Structure):
    """PROCESS_MEMORY_COUNTERS of psapi.h."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("page_faults", ctypes.c_uint32),
        ("peak_working_set", ctypes.c_size_t),
        ("working_set", ctypes.c_size_t),
        ("quotas", ctypes.c_size_t * 4),
        ("committed", ctypes.c_size_t),
        ("peak_committed", ctypes.c_size_t),
    )


def _committed(kernel: ctypes.CDLL, process_handle: int) -> int:
    counters = _MemoryCounters(size=ctypes.sizeof(_MemoryCounters))
    if not kernel.K32GetProcessMemoryInfo(ctypes.c_void_p(process_handle), ctypes.byref(counters), counters.size):
        raise OSError("the process does not tell how much memory it uses")
    return int(counters.committed)
