"""``python -m tests.sandbox.refusing NAME... -- COMMAND``: run a command where the kernel refuses some of its calls.

As under a container's stricter policy, or on an older kernel. `no-proc` empties /proc instead; that takes root.
"""

from __future__ import annotations

import errno
import os
import sys

from grader.sandbox.walls import kernel, seccomp

# x86_64 and aarch64.
CALLS = {
    "pidfd_open": ((434, 434), errno.ENOSYS),
    "setrlimit": ((160, 164), errno.EPERM),
    "prlimit": ((302, 261), errno.EPERM),
    "prctl": ((157, 167), errno.EPERM),
    "seccomp": ((317, 277), errno.EINVAL),
    "landlock": ((444, 444), errno.ENOSYS),
    "fork behind namespaces": ((272, 97), errno.EPERM),  # unshare
    "setns": ((308, 268), errno.EPERM),
    "capset": ((126, 91), errno.EPERM),
}


def refuse(names: list[str]) -> None:
    """Refuse these calls to this process and all that it will start."""
    column = 0 if kernel.MACHINE == "x86_64" else 1
    program: list[seccomp.Instruction] = [(0x20, 0, 0, 0)]
    for name in names:
        numbers, number = CALLS[name]
        program += [(0x15, 0, 1, numbers[column]), (0x06, 0, 0, 0x0005_0000 | number)]
    program.append((0x06, 0, 0, 0x7FFF_0000))
    filtering = seccomp.Filter(program)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    filtering.apply()


if __name__ == "__main__":
    names, command = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
    if "no-proc" in names:
        names.remove("no-proc")
        kernel.unshare(kernel.CLONE_NEWNS)
        kernel.mount("none", "/", "none", kernel.MS_REC | kernel.MS_PRIVATE)
        kernel.mount("none", "/proc", "tmpfs", kernel.MS_RDONLY)
    refuse(names)
    os.execv(command[0], command)
