"""The driver's end of an inspection of the walls; `inspect` is the other. Torch is not needed here."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from grader.sandbox.launch import Stem

_INSPECTOR = "grader.sandbox.inspect:main"


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
    with stem.worker(_INSPECTOR, without=without) as worker:
        while piece := worker.recv(1 << 16):
            answer += piece
    if not answer:
        return Inspection(fault="the sandbox's process ended without an answer")
    return msgspec.msgpack.decode(answer, type=Inspection)
