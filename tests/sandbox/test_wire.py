"""Frames on a real socket pair, with a peer that breaks the protocol in every way that it can be broken."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import RoomDied, RoomError, RoomTimeout, WireError
from grader.sandbox.sockets import OutputDrain, SocketConversation
from grader.sandbox.wire import HEADER, read_frame, write_frame

LIMIT = 1 << 20
SECONDS = 20.0


class Pair:
    """A conversation, and the room's end of it."""

    def __init__(self) -> None:
        self._ours, self.peer = socket.socketpair()
        reader, self.printed = os.pipe()
        self.output = OutputDrain(reader, 1000)
        self.conversation = SocketConversation(self._ours, self.output, reply_limit=LIMIT)
        self._threads: list[threading.Thread] = []

    def meanwhile(self, act: Callable[[], None]) -> None:
        """Let the peer act while the checker asks."""

        def run() -> None:
            with contextlib.suppress(OSError, EOFError):  # The test is over.
                act()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        self._threads.append(thread)

    def answers(self, *frames: bytes) -> None:
        """Let the peer take one question and send these bytes."""

        def act() -> None:
            read_frame(self.peer.fileno())
            for frame in frames:
                self.peer.sendall(frame)

        self.meanwhile(act)

    def close(self) -> None:
        for end in (self._ours, self.peer):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(SECONDS)
        self._ours.close()
        self.peer.close()
        os.close(self.output.fd)
        os.close(self.printed)


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.close()


def frame(number: int, payload: bytes = b"fine") -> bytes:
    return HEADER.pack(len(payload), number) + payload


def test_an_answer_is_the_payload_with_the_calls_number(pair: Pair) -> None:
    pair.answers(frame(1, b"one"))
    assert pair.conversation.ask(b"?", SECONDS) == b"one"
    pair.answers(frame(2, b""))
    assert pair.conversation.ask(b"?", SECONDS) == b""


def test_large_frames_pass_both_ways(pair: Pair) -> None:
    question, answer = os.urandom(3 << 20), os.urandom(LIMIT)

    def act() -> None:
        number, payload = read_frame(pair.peer.fileno())
        write_frame(pair.peer.fileno(), number, answer if payload == question else b"garbled")

    pair.meanwhile(act)
    assert pair.conversation.ask(question, SECONDS) == answer


@pytest.mark.parametrize(
    ("frames", "says"),
    [
        ([frame(2)], "an answer to call 2"),
        ([frame(0)], "an answer to call 0"),
        ([frame(2**64 - 1)], "an answer to call"),
        ([HEADER.pack(LIMIT + 1, 1)], "bytes; the limit is"),
        ([HEADER.pack(2**32 - 1, 1)], "bytes; the limit is"),
    ],
    ids=["later", "earlier", "foreign", "one byte too long", "four gigabytes"],
)
def test_a_forged_frame_ends_the_conversation(frames: list[bytes], says: str, pair: Pair) -> None:
    pair.answers(*frames)
    with pytest.raises(WireError, match=says):
        pair.conversation.ask(b"?", SECONDS)


def test_an_answer_before_the_question_is_refused(pair: Pair) -> None:
    pair.peer.sendall(frame(1, b"early"))
    with pytest.raises(WireError, match="nobody had asked"):
        pair.conversation.ask(b"?", SECONDS)


def test_a_second_answer_is_refused_at_the_next_question(pair: Pair) -> None:
    pair.answers(frame(1), frame(1))
    assert pair.conversation.ask(b"?", SECONDS) == b"fine"
    for thread in pair._threads:
        thread.join(SECONDS)
    with pytest.raises(WireError, match="nobody had asked"):
        pair.conversation.ask(b"?", SECONDS)


def test_an_answer_to_the_next_question_is_refused_with_it(pair: Pair) -> None:
    pair.answers(frame(1), frame(2, b"foreseen"))
    pair.conversation.ask(b"?", SECONDS)
    for thread in pair._threads:
        thread.join(SECONDS)
    with pytest.raises(WireError, match="nobody had asked"):
        pair.conversation.ask(b"?", SECONDS)


@pytest.mark.parametrize("sent", [b"", b"\x04", frame(1)[:8], frame(1)[:14]], ids=["none", "1", "8", "14"])
def test_an_answer_cut_short_is_a_death(sent: bytes, pair: Pair) -> None:
    def act() -> None:
        read_frame(pair.peer.fileno())
        pair.peer.sendall(sent)
        pair.peer.close()

    pair.meanwhile(act)
    with pytest.raises(RoomDied):
        pair.conversation.ask(b"?", SECONDS)


def test_a_peer_that_is_gone_is_a_death(pair: Pair) -> None:
    pair.peer.close()
    with pytest.raises(RoomDied):
        pair.conversation.ask(b"?", SECONDS)


@pytest.mark.parametrize("sent", [b"", frame(1)[:5], frame(1)[:14]], ids=["none", "5", "14"])
def test_an_answer_that_does_not_end_meets_the_deadline(sent: bytes, pair: Pair) -> None:
    pair.answers(sent)
    with pytest.raises(RoomTimeout):
        pair.conversation.ask(b"?", 0.2)


def test_a_trickle_does_not_put_the_deadline_off(pair: Pair) -> None:
    stop = threading.Event()

    def act() -> None:
        read_frame(pair.peer.fileno())
        pair.peer.sendall(HEADER.pack(LIMIT, 1))
        while not stop.wait(0.02):
            pair.peer.send(b"x")

    pair.meanwhile(act)
    try:
        with pytest.raises(RoomTimeout):
            pair.conversation.ask(b"?", 0.3)
    finally:
        stop.set()


def test_a_peer_that_does_not_read_meets_the_deadline(pair: Pair) -> None:
    with pytest.raises(RoomTimeout):
        pair.conversation.ask(b"?" * (8 << 20), 0.2)


def test_a_promise_of_bytes_takes_no_memory(pair: Pair) -> None:
    import tracemalloc

    pair.answers(HEADER.pack(LIMIT, 1))
    tracemalloc.start()
    try:
        with pytest.raises(RoomTimeout):
            pair.conversation.ask(b"?", 0.2)
        assert tracemalloc.get_traced_memory()[1] < LIMIT // 2
    finally:
        tracemalloc.stop()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.binary(max_size=40), st.integers(0, 3).map(frame)), max_size=6), st.booleans())
def test_whatever_a_peer_sends_an_answer_or_a_room_error_comes_of_it(frames: list[bytes], early: bool) -> None:
    made = Pair()
    try:
        for sent in frames:
            if early:
                made.peer.sendall(sent)
        made.answers(*([] if early else frames))
        for _ in range(2):
            made.conversation.ask(b"?", 0.02)
    except RoomError:
        pass
    finally:
        made.close()


# -- what it prints ------------------------------------------------------------------------------


def test_what_is_printed_is_kept_up_to_the_limit(pair: Pair) -> None:
    os.write(pair.printed, b"a" * 600)
    pair.output.drain()
    os.write(pair.printed, b"b" * 600)
    pair.output.drain()
    assert pair.output.text() == "a" * 600 + "b" * 400
    assert pair.output.dropped


def test_what_is_printed_while_hidden_is_not_kept(pair: Pair) -> None:
    os.write(pair.printed, b"public ")
    pair.output.drain()
    pair.output.keep = False
    os.write(pair.printed, b"hidden ")
    pair.output.drain()
    assert pair.output.text() == "public "


def test_a_flood_of_output_does_not_keep_an_answer_from_arriving(pair: Pair) -> None:
    stop = threading.Event()

    def flood() -> None:
        while not stop.is_set():
            os.write(pair.printed, b"x" * 65536)

    def act() -> None:
        number, _ = read_frame(pair.peer.fileno())
        time.sleep(0.3)
        write_frame(pair.peer.fileno(), number, b"done")

    pair.meanwhile(flood)
    pair.meanwhile(act)
    try:
        assert pair.conversation.ask(b"?", SECONDS) == b"done"
        assert len(pair.output.text()) == 1000
    finally:
        stop.set()
        os.set_blocking(pair.printed, False)
        while True:  # Let the flood's last write go through.
            pair.output.drain()
            if not pair._threads[0].is_alive():
                break


def test_a_room_that_closes_its_output_can_still_answer(pair: Pair) -> None:
    printed, pair.printed = pair.printed, os.dup(pair.peer.fileno())
    os.close(printed)
    pair.answers(frame(1))
    assert pair.conversation.ask(b"?", SECONDS) == b"fine"
    pair.answers(frame(2))
    assert pair.conversation.ask(b"?", SECONDS) == b"fine"
    assert pair.output.closed
