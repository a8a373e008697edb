"""Whether a room was killed for want of memory that its problem would have allowed it.

A room beyond its own limit meets an exception or, in a control group of its own, the kernel's SIGKILL: the student's
fault. The same signal comes where the machine has no memory left, or a group above ours: nobody's fault, and least of
all the student's. The kernel counts both, and does so apart.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from grader.sandbox.walls.wall import Ground


@dataclass(frozen=True)
class Starvation:
    """The kernel's counters, as they stood once."""

    killed: int
    """Processes that were killed for want of memory: in the room's control group, or without one on the machine."""
    at_own_limit: int = 0
    """How often that was the room's own limit."""

    def began_elsewhere(self, before: Starvation) -> bool:
        """Whether something was killed since `before`, and not by the room's own limit."""
        return self.killed > before.killed and self.at_own_limit == before.at_own_limit


def count(ground: Ground) -> Starvation:
    """The counters that tell of this zygote's rooms; nothing, where the kernel shows none."""
    try:
        if ground.group is not None and ground.has("cgroup"):
            return Starvation(*ground.group.kills())
        return Starvation(_on_the_machine(ground.proc))
    except OSError:
        return Starvation(0)


def _on_the_machine(proc: int | None) -> int:
    if proc is None:
        return 0
    fd = os.open("vmstat", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    with open(fd, encoding="utf-8", errors="replace") as file:
        return next((int(line.split()[1]) for line in file if line.startswith("oom_kill ")), 0)
