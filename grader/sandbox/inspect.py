"""Which walls stand here: found out by building a room, not by reading version numbers.

`main` is an entry point for the stem, like the checker's. It opens a room, has the snippet below try what each
wall should stop, and tells the driver both what was raised and what held.
"""

from __future__ import annotations

import socket
from typing import Any

import msgspec

from grader.errors import GraderError
from grader.model import Limits
from grader.sandbox import answers, confine
from grader.sandbox.inspection import Inspection
from grader.sandbox.questions import Snippet, asking
from grader.sandbox.session import Sandbox

_SECONDS = 10.0
# Run inside the room. Each attempt must fail; what comes back is the list of those that did not.
_ATTEMPTS = """
import os, resource, socket

def succeeds(attempt):
    try:
        attempt()
    except (OSError, ValueError):
        return False
    return True

def breaches():
    found = []
    if succeeds(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).connect(("127.0.0.1", 9))):
        found.append("a connection to the network was opened")
    if succeeds(lambda: open("/etc/passwd").read()):
        found.append("/etc/passwd was read")
    if succeeds(lambda: os.listdir("/home")):
        found.append("/home was listed")
    if succeeds(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))):
        found.append("a limit was raised")
    if os.geteuid() == 0:
        found.append("it runs as root")
    return found
"""


def main(driver: socket.socket, control: socket.socket) -> None:
    """Inspect once, answer, and end."""
    import torch

    try:
        found = _inspect(Sandbox(control))
    except GraderError as error:
        found = Inspection(fault=error.message)
    found = msgspec.structs.replace(found, torch_version=str(torch.__version__))
    driver.sendall(msgspec.msgpack.encode(found))
    driver.shutdown(socket.SHUT_WR)


def _inspect(sandbox: Sandbox) -> Inspection:
    room = sandbox.open(Limits())

    def ask(operation: str, *arguments: Any, keep: bool = False) -> Any:
        question = asking(operation, arguments, number=_number_of, keep=keep)
        return answers.decode(room.ask(question, _SECONDS), _Parked).value

    try:
        namespace = ask("define", Snippet.of(_ATTEMPTS), keep=True)
        found = ask("call", ask("attribute", namespace, "breaches"), (), {})
    finally:
        room.end()
    missing = {name: room.missing.get(name, "not raised") for name in confine.ALL if name not in room.walls}
    return Inspection(room.walls, missing, tuple(str(item) for item in found))


class _Parked:
    def __init__(self, number: int, type_name: str) -> None:
        self.number = number


def _number_of(value: object) -> int:
    assert isinstance(value, _Parked)
    return value.number
