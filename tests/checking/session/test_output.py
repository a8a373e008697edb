"""What is kept of what a submission prints, over several rooms, and from when on nothing is."""

from __future__ import annotations

import pytest

from grader.checking.session.output import Printed
from grader.sandbox.wire import Output

CUT = "\n[cut: more was printed]"


def printed_in_rooms(limit: int, *rooms: bytes) -> str:
    printed = Printed(limit)
    for said in rooms:
        drain = Output(limit)
        printed.attach(drain)
        drain.take(said)
        printed.collect(drain)
    return printed.text()


CASES = {
    "nothing": ((), ""),
    "one room": ((b"a\n",), "a\n"),
    "room after room": ((b"ab", b"cd"), "abcd"),
    "up to the limit": ((b"abcd", b"efgh"), "abcdefgh"),
    "cut in the second room": ((b"abcdef", b"ghij"), "abcdefgh" + CUT),
    "cut in the first, and nothing of the second": ((b"abcdefghi", b"j"), "abcdefgh" + CUT),
    "no text": ((b"\xff\xfe",), "\ufffd\ufffd"),
    "a terminal's sequences": ((b"\x1b[2Jx",), "x"),
}


@pytest.mark.parametrize(("rooms", "text"), CASES.values(), ids=CASES)
def test_what_rooms_print_is_kept_up_to_the_limit(rooms: tuple[bytes, ...], text: str) -> None:
    assert printed_in_rooms(8, *rooms) == text


def test_from_the_first_hidden_check_on_nothing_is_kept() -> None:
    """Neither of the open room, which has printed before, nor of one that is opened afterwards."""
    printed, room, later = Printed(100), Output(100), Output(100)
    printed.attach(room)
    room.take(b"public ")
    printed.hide(room)
    room.take(b"HIDDEN")
    printed.collect(room)
    printed.attach(later)
    later.take(b"HIDDEN, TOO")
    printed.collect(later)
    assert printed.text() == "public "


class Late(Output):
    """A pipe in which something waits."""

    def drain(self) -> None:
        self.take(b"printed before")


def test_what_waits_in_the_pipe_was_printed_before() -> None:
    printed, room = Printed(100), Late(100)
    printed.attach(room)
    printed.hide(room)
    printed.collect(room)
    assert printed.text() == "printed before"


def test_it_can_be_hidden_where_no_room_is_open() -> None:
    printed, room = Printed(100), Output(100)
    printed.hide(None)
    printed.attach(room)
    room.take(b"HIDDEN")
    printed.collect(room)
    assert printed.text() == ""
