"""A function contained: whatever an item does to it, the next item has its turn, and nothing is left behind."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.batch.contained import Contained, ItemFailed

REDOS = re.compile(r"(a+)+$")


def work(item: bytes) -> bytes:
    ENDINGS[item]()
    return item.upper() + b" " + str(os.getpid()).encode()


def raised() -> None:
    raise ZeroDivisionError("float division \x1b[31mby zero")


def recursion() -> None:
    recursion()


def memory() -> None:
    [bytearray(1 << 24) for _ in range(1000)]


def loop() -> None:
    while True:
        pass


ENDINGS: dict[bytes, Callable[[], object]] = {
    b"fine": lambda: None,
    b"raises": raised,
    b"recurses": recursion,
    b"exits": lambda: os._exit(0),
    b"dies": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    b"eats": memory,
    b"loops": loop,
    b"backtracks": lambda: REDOS.match("a" * 60 + "b"),
}


@pytest.mark.parametrize(
    ("item", "says"),
    [
        (b"raises", "ZeroDivisionError: float division by zero"),
        (b"recurses", "RecursionError"),
        (b"exits", "ended with exit code 0"),
        (b"dies", "killed by SIGSEGV"),
        (b"eats", "more memory than there is"),
        pytest.param(b"loops", "more than 0.3 s of processor time", marks=pytest.mark.slow),
        pytest.param(b"backtracks", "more than 0.3 s of processor time", marks=pytest.mark.slow),
    ],
    ids=lambda value: value.decode() if isinstance(value, bytes) else "",
)
def test_an_item_that_goes_wrong_costs_only_itself(item: bytes, says: str) -> None:
    with Contained(work, cpu_seconds=0.3) as contained:
        assert contained(b"fine").startswith(b"FINE")
        with pytest.raises(ItemFailed, match=re.escape(says)):
            contained(item)
        assert contained(b"fine").startswith(b"FINE")
        with pytest.raises(ItemFailed, match=re.escape(says)):
            contained(item)


def test_what_only_an_earlier_item_spoilt_is_done_again_alone() -> None:
    seen: list[bytes] = []

    def spoilt(item: bytes) -> bytes:
        seen.append(item)
        if len(seen) == 3:
            os._exit(5)
        return item

    with Contained(spoilt) as contained:
        assert [contained(item) for item in (b"1", b"2", b"3", b"4")] == [b"1", b"2", b"3", b"4"]
    assert not seen, "it ran elsewhere"


@pytest.mark.slow
def test_many_together_are_answered_in_their_order_whatever_some_do() -> None:
    items = [b"fine", b"dies", b"raises", *[b"fine"] * 70, b"eats", b"exits", b"fine"]
    with Contained(work) as contained:
        found = list(contained.each(iter(items)))
        assert [isinstance(result, ItemFailed) for result in found] == [item != b"fine" for item in items]
        assert all(isinstance(result, ItemFailed) or result.startswith(b"FINE") for result in found)
        assert [str(result) for result in found if isinstance(result, ItemFailed)] == [
            "its process was killed by SIGSEGV",
            "ZeroDivisionError: float division by zero",
            "it takes more memory than there is for it",
            "its process ended with exit code 0",
        ]
    with Contained(lambda item: item * 2) as contained:
        assert next(contained.each([b"1", b"2", b"3"])) == b"11"
        assert contained(b"4") == b"44", "what nobody waited for is no answer to another item"
        many = [b"x" * 90_000, b"y" * 10, b"z" * 70_000] * 3
        assert list(contained.each(many)) == [item * 2 for item in many]


def test_large_items_come_and_go() -> None:
    with Contained(lambda item: item * 2) as contained:
        assert contained(b"x" * 30_000_000) == b"x" * 60_000_000
        assert contained(b"") == b""


def test_one_worker_serves_many_items() -> None:
    with Contained(work) as contained:
        assert len({contained(b"fine") for _ in range(50)}) == 1


def test_nothing_is_left_running() -> None:
    with Contained(work) as contained:
        worker = int(contained(b"fine").split()[1])
    for _ in range(200):
        if not Path(f"/proc/{worker}").exists() or " Z " in Path(f"/proc/{worker}/stat").read_text():
            return
        time.sleep(0.05)
    pytest.fail("the worker is still there")


def test_it_holds_no_file_of_its_owner_open() -> None:
    mine, theirs = os.pipe()
    with Contained(work) as contained:
        contained(b"fine")
        os.close(theirs)
        assert os.read(mine, 1) == b"", "the other end is closed"
    os.close(mine)
