"""What is said of the pace of a batch: a rate that the start does not spoil, and the time that is left at it."""

from __future__ import annotations

import pytest

from grader.batch import Graded
from grader.cli import progress
from grader.model import Status

# Seconds on the clock at each grade, of a hundred to do -> what is said then.
PACES = [
    pytest.param([], "0 of 100", id="nothing-yet"),
    pytest.param([3.0], "1 of 100", id="the-first-tells-no-rate"),
    pytest.param([3.0, 3.1], "2 of 100", id="a-moment-is-a-guess"),
    pytest.param([3.0, *(3.0 + n / 10 for n in range(1, 50))], "50 of 100  10.0 a second  5.0 s left", id="half"),
    pytest.param([3.0, *(3.0 + n / 10 for n in range(1, 100))], "100 of 100  10.0 a second", id="all"),
]


@pytest.mark.parametrize(("times", "said"), PACES)
def test_the_start_is_not_part_of_the_pace(times: list[float], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 0.0
    monkeypatch.setattr("grader.cli.progress.time.monotonic", lambda: clock)
    pace = progress._Pace()
    pace.begin(100)
    for time in times:
        clock = time
        pace.count(Graded("alice", "01-maxpool", Status.GRADED, 100.0))
    assert pace.sentence() == said
