"""A user namespace: inside it, an ordinary user may raise the walls that are root's elsewhere."""

from __future__ import annotations

import os

from grader.sandbox.walls import kernel
from grader.sandbox.walls.wall import Ground, Wall

_INNER_ID = 1000


def _enter(ground: Ground) -> None:
    if ground.proc is None:
        # Without its maps, the namespace would leave this process with fewer rights than before, and no others.
        raise OSError("there is no /proc to map users by")
    uid, gid = os.geteuid(), os.getegid()
    kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWNS)
    _write_at(ground.proc, "self/setgroups", "deny")
    _write_at(ground.proc, "self/uid_map", f"{_INNER_ID} {uid} 1")
    _write_at(ground.proc, "self/gid_map", f"{_INNER_ID} {gid} 1")


def _write_at(folder: int, name: str, text: str) -> None:
    fd = os.open(name, os.O_WRONLY | os.O_CLOEXEC, dir_fd=folder)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


WALL = Wall(
    name="user-namespace",
    around_all=_enter,
    attempt=f"os.getuid() != {_INNER_ID} or os.getgid() != {_INNER_ID}",
    breach="it has the uid of who started the grader",
    opens="rooms cannot have namespaces of their own",
    repair="Ubuntu: install packaging/apparmor/torchgrade; Docker: --security-opt seccomp=unconfined or a profile that "
    "allows unshare; Kubernetes: spec.hostUsers: false; elsewhere: sysctl user.max_user_namespaces=10000",
)
