"""Rooms that a zygote forks, seen from the checker that orders them."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from grader.errors import HarnessError
from grader.model import Limits
from grader.sandbox.launch import Stem
from grader.sandbox.orders import CloseRoom, Ended, Failed, OpenRoom, Order, OrderReply
from grader.sandbox.session import RoomSession, reply_limit
from grader.sandbox.sockets import OutputDrain, SocketConversation

_SECONDS = 120.0
"""A machine with ten times as much work as cores takes half a minute for a zygote of a problem that trains."""
_F_SETPIPE_SZ = 1031
_PIPE_BYTES = 1 << 20
_REPLIES: msgspec.msgpack.Decoder[OrderReply] = msgspec.msgpack.Decoder(OrderReply)


class Sandbox:
    """A zygote, seen from its checker. One room at a time."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._number = 0
        control.settimeout(_SECONDS)

    def open(self, limits: Limits, *, warm: Sequence[str] = (), watch: Sequence[str] = ()) -> RoomSession:
        """A fresh room, in which the operators of `watch` can be noticed. Raises `HarnessError` without one."""
        ours, theirs = socket.socketpair()
        read_end, write_end = os.pipe()
        with contextlib.suppress(OSError):
            fcntl.fcntl(read_end, _F_SETPIPE_SZ, _PIPE_BYTES)
        order = OpenRoom(self._next_number(), limits, tuple(warm), tuple(watch))
        try:
            self._order(order, theirs.fileno(), write_end)
        finally:
            theirs.close()
            os.close(write_end)
        output = OutputDrain(read_end, limits.output_kb << 10)
        return RoomSession(self, SocketConversation(ours, output, reply_limit=reply_limit(limits)), output, limits)

    def end_room(self, *, natural: bool) -> Ended:
        """Kill the open room and everything in it; how its process ended."""
        reply = self._order(CloseRoom(self._next_number(), natural))
        assert isinstance(reply, Ended)
        return reply

    def _next_number(self) -> str:
        # Several checkers take turns on one socket: the number tells an order's reply from a late one to another.
        self._number += 1
        return f"{os.getpid()}-{self._number}"

    def _order(self, order: Order, *descriptors: int) -> OrderReply:
        try:
            # A zygote that could not be set up is gone already; its reason can still be read.
            with contextlib.suppress(BrokenPipeError):
                socket.send_fds(self._control, [msgspec.msgpack.encode(order)], descriptors)
            while message := self._control.recv(1 << 16):
                reply = _REPLIES.decode(message)
                if isinstance(reply, Failed):
                    raise HarnessError(f"the sandbox could not be set up: {reply.reason}")
                if reply.number == order.number:
                    return reply
        except OSError as error:
            raise HarnessError(f"the sandbox does not answer: {error}") from error
        raise HarnessError("the sandbox's process has ended")


def lend(driver: socket.socket, control: socket.socket) -> None:
    """A checker's entry that checks nothing: it lends the zygote to the driver until the driver hangs up."""
    socket.send_fds(driver, [b"control"], [control.fileno()])
    driver.recv(1)


@contextlib.contextmanager
def borrowed(stem: Stem, *, without: Iterable[str] = ()) -> Iterator[Sandbox]:
    """A zygote of `stem` for this process itself, which puts no checks to its rooms: to try or to measure them."""
    with stem.worker(lend, without=without) as lender:
        _, descriptors, _, _ = socket.recv_fds(lender, 16, 1)
        with socket.socket(fileno=descriptors[0]) as control:
            yield Sandbox(control)
