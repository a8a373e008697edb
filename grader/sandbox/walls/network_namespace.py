"""A network namespace: no interface but a loopback that is down."""

from __future__ import annotations

from grader.sandbox.walls import kernel
from grader.sandbox.walls.wall import Ground, Promise, Wall


def _unshare(ground: Ground) -> None:
    kernel.unshare(kernel.CLONE_NEWNET)


WALL = Wall(
    name="network-namespace",
    around_all=_unshare,
    root_first=True,
    # A refusal is a reply, too: something was there to give it.
    attempt="socket.socket().connect_ex(('127.0.0.1', 9)) in (0, errno.ECONNREFUSED)",
    breach="the network was reached",
    opens="the network is closed by seccomp alone",
    repair="needs user-namespace",
    # It does not stop a connection to a socket that is a file.
    keeps={Promise.NETWORK: frozenset({"private-files"})},
)
