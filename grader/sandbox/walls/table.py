"""The walls, in the order in which they are raised and told; and the floor that some of them keep together."""

from __future__ import annotations

from collections.abc import Collection

from grader.sandbox.walls import (
    cgroup,
    ipc_namespace,
    landlock,
    limits,
    network_namespace,
    no_new_privileges,
    own_uid,
    pid_namespace,
    private_files,
    seccomp,
    user_namespace,
    uts_namespace,
)
from grader.sandbox.walls.wall import Promise, Wall

WALLS: tuple[Wall, ...] = (
    user_namespace.WALL,
    private_files.WALL,
    pid_namespace.WALL,
    network_namespace.WALL,
    ipc_namespace.WALL,
    uts_namespace.WALL,
    own_uid.WALL,
    cgroup.WALL,
    limits.WALL,
    no_new_privileges.WALL,
    landlock.WALL,
    seccomp.WALL,
)
NAMES = tuple(wall.name for wall in WALLS)
STRICT = tuple(wall.name for wall in WALLS if wall.strict)
"""What `--sandbox strict` refuses to grade without."""


def meets_floor(standing: Collection[str]) -> list[str]:
    """What is missing from the least with which others' work may be graded; empty where nothing is."""
    return [f"{promise} ({_kept_by(promise)})" for promise in Promise if not _keeps(promise, standing)]


def _keeps(promise: Promise, standing: Collection[str]) -> bool:
    return any(
        wall.name in standing and wall.keeps[promise] <= set(standing) for wall in WALLS if promise in wall.keeps
    )


def _kept_by(promise: Promise) -> str:
    keepers = sorted((wall for wall in WALLS if promise in wall.keeps), key=lambda wall: len(wall.keeps[promise]))
    return ", or ".join(" with ".join((wall.name, *sorted(wall.keeps[promise]))) for wall in keepers)
