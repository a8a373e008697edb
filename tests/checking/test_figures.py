"""Figures made of whatever a room may have said."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from grader.checking.figures import that_fit
from grader.model import Bars, Confusion, Curve, Figure, ImageGrid, Picture, Series, Table

HUGE = 10**5000
FINE: list[Figure] = [
    Curve("Loss", "epoch", "loss", (Series("loss", (1.0, None, 0.5)),)),
    Bars("Accuracy", ("0", "1"), (0.5, None), top=1.0),
    Confusion("Taken for", ("0", "1"), ((3, 1), (0, 4))),
    ImageGrid("Filters", (Picture(1, 2, b"\x00\xff"),)),
    Table("Parameters", ("name",), (("weight",),), wrong=(0,)),
]


def test_figures_are_kept_as_they_are() -> None:
    assert list(that_fit(FINE)) == FINE


@pytest.mark.parametrize(
    "odd",
    [
        Confusion("Taken for", ("0",), ((HUGE,),)),
        Curve("Loss", "epoch", "loss", (Series("loss", (HUGE,)),)),
        Curve("Loss", "epoch", "loss", (Series("loss", ("no number",)),)),  # type: ignore[arg-type]
        Bars("Accuracy", ("0",), (object(),), top=1.0),  # type: ignore[arg-type]
        Table("Parameters", ("name",), tuple((f"name {n}",) for n in range(100_000))),
        Table("Parameters", ("name",), (("x" * 1_000_000,),)),
        ImageGrid("Filters", (Picture(1 << 20, 1, b"\x00" * (1 << 20)),)),
        "no figure",
        None,
    ],
    ids=["huge count", "huge loss", "text", "object", "many rows", "long name", "large image", "string", "nothing"],
)
def test_one_that_no_report_can_hold_is_left_out(odd: Any) -> None:
    kept = that_fit([FINE[0], odd, FINE[1]])
    assert list(kept) == FINE[:2]
    assert len(msgspec.json.encode(kept)) < 10_000


def test_there_are_never_many() -> None:
    assert len(that_fit(FINE * 100)) == 16
