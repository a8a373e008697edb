"""The time of a whole run: what is begun, what waits for the next run, who was slowest."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.batch.model import Task
from grader.batch.timekeeping import MOST_SLOW, Clock, InTime
from tests.batch.conftest import RIGHT, SUM, batch, hand_in, percents, table

TASKS = [
    Task(f"{student}{problem}", problem, "", student, "")
    for student in ("ann", "bob")
    for problem in ("01", "02", "03")
]


def begun(clock: Clock, seconds: float) -> list[str]:
    """Keys of the tasks that are begun, where each takes so long."""
    found = []
    for task in InTime(TASKS, clock):
        found.append(task.key)
        clock.count(task, seconds)
    return found


@pytest.mark.parametrize(
    ("minutes", "student_seconds", "expected"),
    [
        (None, None, ["ann01", "ann02", "ann03", "bob01", "bob02", "bob03"]),
        (60, 1000, ["ann01", "ann02", "ann03", "bob01", "bob02", "bob03"]),
        (None, 15, ["ann01", "ann02", "bob01", "bob02"]),
        (None, 10, ["ann01", "bob01"]),
        (0, None, []),
    ],
    ids=["no-budget", "enough", "two-each", "one-each", "no-time"],
)
def test_what_is_begun(minutes: float | None, student_seconds: float | None, expected: list[str]) -> None:
    clock = Clock(minutes, student_seconds)
    assert begun(clock, 10.0) == expected
    assert clock.not_begun == len(TASKS) - len(expected)


def test_the_slowest() -> None:
    clock = Clock(None, None)
    for number, task in enumerate(TASKS):
        clock.count(task, float(number))
    assert [slow.seconds for slow in clock.slowest] == [5.0, 4.0, 3.0, 2.0, 1.0]
    assert len(clock.slowest) == MOST_SLOW
    quick = Clock(None, None)
    quick.count(TASKS[0], 0.9)
    assert not quick.slowest


@pytest.mark.slow
def test_what_there_was_no_time_for_is_graded_by_the_next_run(small: Path, tmp_path: Path) -> None:
    slow = "import time\n\ndef double(x):\n    time.sleep(0.5)\n    return 2 * x\n"
    work = hand_in(tmp_path / "work", {"ann/01.py": slow, "ann/02.py": SUM, "bob/01.py": RIGHT})
    out = tmp_path / "out"
    ran = batch(small, work, out, "--minutes", "0")
    assert ran.code == 0, ran.err
    assert "3 submissions not begun" in ran.out
    assert not percents(out)
    assert sum("not reached" in row[4] for row in table(out / "notices.csv")) == 3

    ran = batch(small, work, out, "--student-seconds", "1", "--jobs", "1")
    assert ran.code == 0, ran.err
    assert "Slowest: ann on 01" in ran.out
    assert percents(out)["bob", "01-double"] == 100.0
    ran = batch(small, work, out, "--student-seconds", "1")
    assert ("1 submission not begun" in ran.out) is (("ann", "02-total") not in percents(out))
    ran = batch(small, work, out)
    assert percents(out) == {("ann", "01-double"): 100.0, ("ann", "02-total"): 100.0, ("bob", "01-double"): 100.0}
