"""What the processes of a forked sandbox say to each other: typed messages on SEQPACKET sockets, in msgpack.

The driver orders workers from the stem, a checker orders rooms from its zygote. No order comes from a room.
"""

from __future__ import annotations

import msgspec

from grader.model import Limits


class StartWorker(msgspec.Struct, frozen=True):
    """To the stem, with the worker's own socket: fork a pair of zygote and checker. There is no reply."""

    entry: str
    """The checker's function, `module:function`."""
    without: tuple[str, ...] = ()
    """Walls to leave out."""
    core: int | None = None


class OpenRoom(msgspec.Struct, frozen=True, tag="open"):
    """To the zygote, with two descriptors (wire, output): fork a room. The reply is `Opened`."""

    number: str
    """The reply repeats it: a checker that gave up waiting does not take the late reply to one order for that to the
    next."""
    limits: Limits
    warm: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()


class CloseRoom(msgspec.Struct, frozen=True, tag="close"):
    """To the zygote: end the open room with everything in it. The reply is `Ended`."""

    number: str
    natural: bool
    """Whether to give a dead process a moment to be seen as such."""


Order = OpenRoom | CloseRoom


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """A room is open: it will say hello on its wire."""

    number: str


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """How a room's process ended. It explains a crash in a report; no verdict depends on it."""

    number: str = ""
    exit: int = 0
    """The exit status, 128 + n where signal n ended it."""
    cpu_seconds: float = 0.0
    starved: bool = False
    """Whether it was killed for want of memory, and not by the problem's own limit."""


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The zygote could not do it, or could not even be set up; it is gone."""

    reason: str


OrderReply = Opened | Ended | Failed
