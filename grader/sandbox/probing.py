"""Which walls stand here: found out by building a room, not by reading version numbers.

`main` is an entry point for the stem, like the checker's. It opens a room, has the room try what each standing wall
should stop, and tells the driver both what was raised and what held. `inspection` is the driver's end.
"""

from __future__ import annotations

import socket
from typing import Any

import msgspec

from grader.errors import GraderError
from grader.model import Limits
from grader.sandbox import replies
from grader.sandbox.channel import Channel
from grader.sandbox.inspection import Inspection
from grader.sandbox.operations import CallFunction, Define, GetAttribute, Operation
from grader.sandbox.questions import Snippet, asking
from grader.sandbox.session import Rooms
from grader.sandbox.walls.table import NAMES, WALLS

_SECONDS = 10.0
# Run inside the room. What comes back are the names of the walls whose attempt came out true.
TRY = """
import ctypes, errno, os, resource, socket

def holds(attempt):
    try:
        return not eval(attempt)
    except (OSError, ValueError):
        return True

def breached(attempts):
    return [name for name, attempt in attempts.items() if not holds(attempt)]
"""


def main(driver: socket.socket, control: socket.socket) -> None:
    """Inspect once, answer, and end."""
    import torch

    from grader.sandbox.forked import Sandbox  # Not there where nothing is forked; `plain` is.

    try:
        found = _inspect(Sandbox(control))
    except GraderError as error:
        found = Inspection(fault=error.message)
    found = msgspec.structs.replace(found, torch_version=str(torch.__version__))
    driver.sendall(msgspec.msgpack.encode(found))
    driver.shutdown(socket.SHUT_WR)


def plain(driver: Channel, rooms: Rooms) -> None:
    """Where there are no walls: open a room, say so, and end."""
    import torch

    fault = ""
    try:
        rooms.open(Limits()).end()
    except GraderError as error:
        fault = error.message
    driver.sendall(msgspec.msgpack.encode(Inspection(fault=fault, torch_version=str(torch.__version__))))


def _inspect(sandbox: Rooms) -> Inspection:
    room = sandbox.open(Limits())

    def ask(operation: Operation, *, keep: bool = False) -> Any:
        question = asking(operation, number=_number_of, keep=keep)
        return replies.decode(room.ask(question, _SECONDS), _Parked).value

    attempts = {wall.name: wall.attempt for wall in WALLS if wall.attempt and wall.name in room.walls}
    try:
        namespace = ask(Define(Snippet.of(TRY)), keep=True)
        breached = ask(CallFunction(ask(GetAttribute(namespace, "breached"), keep=True), (attempts,), {}))
    finally:
        room.end()
    breaches = tuple(f"{wall.breach} (of {wall.name})" for wall in WALLS if wall.name in breached)
    missing = {name: room.missing.get(name, "not raised") for name in NAMES if name not in room.walls}
    return Inspection(room.walls, missing, breaches)


class _Parked:
    def __init__(self, number: int, type_name: str) -> None:
        self.number = number


def _number_of(value: object) -> int:
    assert isinstance(value, _Parked)
    return value.number
