"""A machine without memory for the grader's own processes: told as that, whatever it looks like at first.

Such a process is killed by the kernel, which counts whom it kills; or it is refused memory, and ends with `EXIT`.
Nobody's answer is to blame for either.
"""

from __future__ import annotations

import errno
import sys

from grader.errors import OutOfMemory

EXIT = 87
"""The exit code of a process that was refused memory."""
PHRASES = ("can't allocate memory", "not enough memory", "Cannot allocate memory")
"""What torch and the C library say then."""
_TORCH_BYTES = 1 << 30
# A library that cannot be loaded for it: Linux, Windows.
_NOT_LOADED = ("failed to map segment", "cannot create shared object", "paging file", "WinError 1455")


def is_meant_by(error: BaseException) -> bool:
    """Whether an error says that there is no memory left."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    return any(phrase in str(error) for phrase in (*PHRASES, *_NOT_LOADED))


def refuse_certain() -> None:
    """Raise OutOfMemory where this process may not even map torch: loading that would fail, or never end."""
    if sys.platform == "win32":
        return
    import resource

    try:
        most = resource.getrlimit(resource.RLIMIT_AS)[0]
    except OSError:  # Where the call is refused, nobody can say.
        return
    if most != resource.RLIM_INFINITY and most < _TORCH_BYTES:
        raise OutOfMemory(
            f"this machine lets a program have {most >> 20} MB of address space, and torch takes more",
            hint="ulimit -v shows the limit; ulimit -v unlimited lifts it, where that is allowed",
        )


def kills() -> int:
    """How many processes the kernel has killed for want of memory so far; 0 where it does not say."""
    if sys.platform != "linux":
        return 0
    try:
        with open("/proc/vmstat", encoding="ascii") as file:
            return next((int(line.split()[1]) for line in file if line.startswith("oom_kill ")), 0)
    except OSError:
        return 0


def error() -> OutOfMemory:
    """The error for people."""
    return OutOfMemory(
        "this machine ran out of memory, and the grader could not go on; your answer is not to blame",
        hint="end other programs; grading takes about 400 MB, and training more",
    )
