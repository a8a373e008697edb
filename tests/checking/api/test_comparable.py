"""What transcripts hold of values that travel: it can be written down beside a solution."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from grader.checking.api.comparable import comparable
from grader.sandbox.values import Encoder


def refuse(value: object) -> tuple[int, str]:
    raise AssertionError(f"{value!r} cannot be written down")


@pytest.mark.parametrize(
    "value",
    [slice(None, 3), slice("a"), range(10**9), ..., np.dtype("U3"), np.array(["a"]), torch.device("cpu"), Path("a"),
     lambda: 3, torch.nn.Linear(1, 1), {"x": (range(3), [...])}],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_it_can_be_written_down(value: Any) -> None:
    assert Encoder(refuse, limit=1000).encode(comparable(value))


def test_an_array_is_a_copy() -> None:
    given = np.zeros(2)
    held = comparable((given,))[0]
    given += 1
    assert held.tolist() == [0, 0]
