"""The driver's end of an inspection of the walls; `probing` is the other. Torch is not needed here."""

from __future__ import annotations

import socket
from collections.abc import Iterable

import msgspec

from grader.sandbox.launch import Stem


class Inspection(msgspec.Struct, frozen=True):
    """What was found of the sandbox by trying it."""

    walls: tuple[str, ...] = ()
    missing: dict[str, str] = {}
    breaches: tuple[str, ...] = ()
    """What a room could do that it must not; empty on a machine that may grade others' work."""
    fault: str = ""
    torch_version: str = ""


def inspect_walls(stem: Stem, *, without: Iterable[str] = ()) -> Inspection:
    """Build a room on `stem` and have it try its walls. `without` leaves single walls out, for tests."""
    answer = b""
    with stem.worker(_inspector, without=without) as worker:
        while piece := worker.recv(1 << 16):
            answer += piece
    if not answer:
        return Inspection(fault="the sandbox's process ended without an answer")
    return msgspec.msgpack.decode(answer, type=Inspection)


def _inspector(driver: socket.socket, control: socket.socket) -> None:
    # Imported in the checker, where torch is.
    from grader.sandbox import probing

    probing.main(driver, control)
