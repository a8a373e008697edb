"""The driver's end of an inspection of the walls; `probing` is the other. Torch is not needed here."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from grader.sandbox.channel import Channel
from grader.sandbox.launch import Stem
from grader.sandbox.spawned import Spawner

if TYPE_CHECKING:
    from grader.sandbox.session import Rooms


class Inspection(msgspec.Struct, frozen=True):
    """What was found of the sandbox by trying it."""

    walls: tuple[str, ...] = ()
    missing: dict[str, str] = {}
    breaches: tuple[str, ...] = ()
    """What a room could do that it must not; empty on a machine that may grade others' work."""
    fault: str = ""
    torch_version: str = ""


def inspect_plain(spawner: Spawner) -> Inspection:
    """Open a room without walls, on a system that has none: this shows whether one's own work can be graded."""
    return _received(spawner.worker(_plain_inspector))


def _plain_inspector(driver: Channel, rooms: Rooms) -> None:
    from grader.sandbox import probing

    probing.plain(driver, rooms)


def inspect_walls(stem: Stem, *, without: Iterable[str] = ()) -> Inspection:
    """Build a room on `stem` and have it try its walls. `without` leaves single walls out, for tests."""
    with stem.worker(_inspector, without=without) as worker:
        return _received(worker)


def _received(worker: Channel) -> Inspection:
    answer = b""
    while piece := worker.recv(1 << 16):
        answer += piece
    if not answer:
        return Inspection(fault="the sandbox's process ended without an answer")
    return msgspec.msgpack.decode(answer, type=Inspection)


def _inspector(driver: socket.socket, control: socket.socket) -> None:
    # Imported in the checker, where torch is.
    from grader.sandbox import probing

    probing.main(driver, control)
