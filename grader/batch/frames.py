"""Frames on a socket between a process and one that it contains: items one way, results the other.

A message of items ends with one of kind `LAST`. Every result is a frame of its own, and several may come in one go.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable, Iterator
from io import BufferedReader

LAST, MORE = 0, 1
"""Kinds of items: the last one of a message, or one before it."""
RESULT, FAILED = 0, 1
"""Kinds of results: what the function made of an item, or why it made nothing of it."""
SMALL = 1 << 16
"""Bytes that are copied for less than a second call costs."""
_HEADER = struct.Struct("<BI")
_TOGETHER = 64
"""Items in a message."""


def messages(items: Iterable[bytes]) -> Iterator[list[bytes]]:
    """`items`, so many together as a message may hold."""
    together: list[bytes] = []
    held = 0
    for item in items:
        together.append(item)
        held += len(item)
        if held > SMALL or len(together) == _TOGETHER:
            yield together
            together, held = [], 0
    if together:
        yield together


def buffered(connection: socket.socket) -> BufferedReader:
    """What comes from `connection`, read in few calls."""
    return BufferedReader(connection.makefile("rb", buffering=0), SMALL)


def send(connection: socket.socket, frames: Iterable[tuple[int, bytes]]) -> None:
    """Send each kind and content, small ones together."""
    together = bytearray()
    for kind, content in frames:
        together += _HEADER.pack(kind, len(content))
        if len(content) > SMALL:
            connection.sendall(together)
            connection.sendall(content)
            together = bytearray()
        else:
            together += content
    connection.sendall(together)


def message(connection: BufferedReader) -> list[bytes]:
    """The items up to the last one of a message. Raises EOFError where the other end is gone."""
    items = []
    while True:
        kind, item = receive(connection)
        items.append(item)
        if kind != MORE:
            return items


def receive(connection: BufferedReader, most: int | None = None) -> tuple[int, bytes]:
    """The kind and content of a frame. Raises EOFError where the other end is gone, or announces more than `most`."""
    kind, length = _HEADER.unpack(_exactly(connection, _HEADER.size))
    if most is not None and length > most:
        raise EOFError
    return kind, _exactly(connection, length)


def _exactly(connection: BufferedReader, count: int) -> bytes:
    content = connection.read(count)
    if len(content) < count:
        raise EOFError
    return content
