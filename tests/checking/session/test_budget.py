"""What is left of a submission's limits, and what happens where nothing is."""

from __future__ import annotations

import time

import pytest

from grader.checking.session.budget import Budget, NotCalledAgain, TimeUsedUp
from grader.errors import RoomDied, RoomTimeout, WireError
from grader.model import Limits

LIMITS = Limits(call_seconds=2, total_seconds=5, reply_mb=1)


@pytest.mark.parametrize(
    ("spent", "left"),
    [(0.0, 2.0), (2.9, 2.0), (3.5, 1.5), (4.75, 0.25)],
    ids=["nothing spent", "more left than a call", "less left than a call", "almost nothing left"],
)
def test_a_call_has_its_own_seconds_or_what_is_left(spent: float, left: float) -> None:
    budget = Budget(LIMITS)
    budget.spend(spent)
    assert budget.call_seconds() == pytest.approx(left)
    budget.refuse_used_up()


def test_nothing_is_asked_once_the_time_is_used_up() -> None:
    budget = Budget(LIMITS)
    for seconds in (2.0, 3.0):
        budget.refuse_used_up()
        budget.spend(seconds)
    with pytest.raises(TimeUsedUp):
        budget.refuse_used_up()


def test_time_is_counted_though_the_call_raises() -> None:
    budget = Budget(LIMITS)
    budget.spend(3.0)

    def asks() -> None:
        with budget.spending():
            time.sleep(0.01)
            raise RoomTimeout("no answer before the deadline")

    with pytest.raises(RoomTimeout):
        asks()
    assert budget.call_seconds() < 2.0


def test_replies_together_are_bounded_by_eight_of_the_largest() -> None:
    budget = Budget(LIMITS)
    for _ in range(8):
        budget.take(1 << 20)
    with pytest.raises(WireError, match="its answers together are larger than 8 MB"):
        budget.take(1)


def test_a_function_is_not_called_again_after_two_deaths_of_its_own() -> None:
    budget = Budget(LIMITS)
    first, second = RoomTimeout("hangs"), RoomDied("ends")
    budget.strike("f", first)
    budget.strike("g", first)
    budget.refuse_hopeless("f")
    budget.strike("f", second)
    budget.refuse_hopeless("g")
    with pytest.raises(NotCalledAgain) as refused:
        budget.refuse_hopeless("f")
    assert (refused.value.function, refused.value.error) == ("f", second)
