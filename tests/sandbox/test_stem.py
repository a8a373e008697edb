"""The stem: what a driver asks of it, and what becomes of the others where one pair of processes ends."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys

import pytest

from grader.errors import HarnessError, MissingWallError
from grader.model import Limits
from grader.sandbox import forked
from grader.sandbox.forked import Sandbox, borrowed
from grader.sandbox.launch import Stem
from tests.sandbox.conftest import Inside
from tests.sandbox.test_zygote import descendants


def replies(sandbox: Sandbox) -> int:
    session = sandbox.open(Limits())
    try:
        found: int = Inside(session).run("def main(): return 7")
        return found
    finally:
        session.end()


def test_pairs_of_one_stem_are_independent(stem: Stem) -> None:
    with borrowed(stem) as kept:
        with borrowed(stem) as other:
            assert (replies(kept), replies(other)) == (7, 7)
        assert replies(kept) == 7, "the other pair has ended, and this one goes on"


def test_a_zygote_that_is_killed_takes_no_other_along(stem: Stem) -> None:
    with borrowed(stem) as kept:
        assert replies(kept) == 7, "its zygote has begun"
        before = set(descendants(stem._process.pid))
        with borrowed(stem) as killed:
            assert replies(killed) == 7
            for pid in set(descendants(stem._process.pid)) - before:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            with pytest.raises(HarnessError):
                killed.open(Limits())
        assert replies(kept) == 7


def nobody(driver: object, control: object) -> None:
    """An entry that the checker's process cannot import: it knows of no tests."""


def test_a_checker_that_cannot_begin_is_seen_by_its_end_and_costs_the_stem_nothing(stem: Stem) -> None:
    with stem.worker(nobody) as lost:
        lost.settimeout(30)
        assert lost.recv(1) == b""
    with borrowed(stem) as sandbox:
        assert replies(sandbox) == 7


def test_walls_that_are_left_out_are_left_out_of_that_pair_alone(stem: Stem) -> None:
    missing = []
    for without in (("landlock",), ()):
        with borrowed(stem, without=without) as sandbox:
            session = sandbox.open(Limits())
            missing.append(session.missing.get("landlock"))
            session.end()
    assert missing[0] == "left out"
    assert missing[1] != "left out"


def test_a_pair_stays_on_the_core_that_is_named_counted_round_and_round(stem: Stem) -> None:
    cores = sorted(os.sched_getaffinity(0))
    before = set(descendants(stem._process.pid))
    with stem.worker(forked.lend, core=len(cores)) as lender:
        lender.settimeout(30)
        assert lender.recv(16) == b"control", "the checker has begun"
        pair = set(descendants(stem._process.pid)) - before
        assert len(pair) >= 2
        waiting = {pid for pid in pair if os.sched_getaffinity(pid) != {cores[0]}}
        assert len(cores) == 1 or len(waiting) <= 1, "but for who waits for the zygote"


def test_one_that_is_not_wanted_any_more_does_not_go_on_importing() -> None:
    stem = Stem()
    stem.close()
    assert stem._process.returncode == -signal.SIGKILL


REFUSED = {
    "another system": (lambda patch: patch.setattr(sys, "platform", "win32"), "this is Windows"),
    "no fork": (lambda patch: patch.delattr(os, "fork"), "processes cannot be forked"),
}


@pytest.mark.parametrize(("take_away", "says"), REFUSED.values(), ids=REFUSED)
def test_where_nothing_can_be_forked_none_is_started(take_away, says: str, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    take_away(monkeypatch)
    with pytest.raises(MissingWallError, match=says):
        Stem()


@pytest.mark.slow
@pytest.mark.parametrize("read", [False, True], ids=["before it is ready", "with its word unread"])
def test_a_driver_that_ends_early_leaves_a_stem_that_ends_without_a_word(
    read: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    stem = Stem()
    if read:
        select.select([stem._control], [], [], 120)
    stem._control.close()
    assert stem._process.wait(120) == 0
    assert capfd.readouterr() == ("", "")
