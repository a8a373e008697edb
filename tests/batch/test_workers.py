"""Workers that die, and machines that may not grade others' work."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.batch.executors.local import LocalExecutor
from grader.batch.floor import refuse_below_floor
from grader.errors import MissingWallError
from grader.sandbox.inspection import Inspection
from grader.sandbox.walls.table import NAMES
from tests.batch.conftest import RIGHT, batch, hand_in, percents, table

pytestmark = pytest.mark.slow

# Part of a check, so in the trusted process: the grader's own fault, as the submission's answer brings it about.
DIES = """
    import os
    if submission.double(3) == "{word}" and not os.path.exists("{marker}"):
        {before}
        os._exit(9)
"""


def breaking(course: Path, word: str, marker: Path, *, once: bool) -> None:
    """Make the first check of 01 end the checker for submissions that return `word`; `once`, or always."""
    path = course / "problems/01-double/checks/test_double.py"
    text = path.read_text(encoding="utf-8")
    before = f'open("{marker}", "w").close()' if once else "pass"
    dies = DIES.format(word=word, marker=marker, before=before)
    head = '"""Three becomes six."""'
    assert head in text
    path.write_text(text.replace(head, head + dies), encoding="utf-8")


def a_class(tmp_path: Path) -> Path:
    files: dict[str, str | bytes] = {f"s{i}/01.py": f"{RIGHT}# {i}\n" for i in range(6)}
    return hand_in(tmp_path / "work", files | {"odd/01.py": "def double(x):\n    return 'die'\n"})


@pytest.mark.slow
def test_a_worker_that_dies_once_costs_nobody_anything(small: Path, tmp_path: Path) -> None:
    marker = tmp_path / "died"
    breaking(small, "die", marker, once=True)
    ran = batch(small, a_class(tmp_path), tmp_path / "out")
    assert ran.code == 0, ran.err
    assert marker.exists()
    assert percents(tmp_path / "out") == {("odd", "01-double"): 0.0} | {(f"s{i}", "01-double"): 100.0 for i in range(6)}
    assert "fault" not in ran.out


def test_a_submission_that_ends_every_worker_is_our_fault_and_no_zero(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    breaking(small, "die", tmp_path / "never", once=False)
    ran = batch(small, a_class(tmp_path), out)
    assert ran.code == 0, ran.err
    assert percents(out) == {(f"s{i}", "01-double"): 100.0 for i in range(6)}
    assert table(out / "scores.csv")[1] == ["odd", "", "", ""]
    (fault,) = [row for row in table(out / "notices.csv") if row[1] == "fault"]
    assert fault[:4] == ["odd/01.py", "fault", "odd", "01-double"]
    assert "has ended unexpectedly" in fault[4]
    assert "has ended unexpectedly" in (out / "index.html").read_text(encoding="utf-8")
    assert "1 answer not graded, through the grader's own fault" in ran.out
    # Repaired, it is tried again, and it alone.
    (tmp_path / "never").touch()
    again = batch(small, tmp_path / "work", out)
    assert "Graded 1 submission" in again.out
    assert percents(out)["odd", "01-double"] == 0.0
    assert [row for row in table(out / "notices.csv") if row[1] == "fault"] == []


@pytest.mark.slow
def test_a_grader_that_keeps_failing_stops(small: Path, tmp_path: Path) -> None:
    breaking(small, "die", tmp_path / "never", once=False)
    source = "def double(x):\n    return 'die'\n"
    work = hand_in(tmp_path / "work", {f"s{i:02}/01.py": f"{source}# {i}\n" for i in range(20)})
    ran = batch(small, work, tmp_path / "out")
    assert ran.code == 4
    assert "in a row" in ran.err
    assert not (tmp_path / "out" / "results.jsonl").exists()


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (Inspection(walls=tuple(w for w in NAMES if w != "limits")), "limits"),
        (Inspection(walls=("limits",)), "no network"),
        (Inspection(walls=NAMES, breaches=("/etc/passwd was read",)), "/etc/passwd was read"),
        (Inspection(fault="a room could not be locked"), "could not be locked"),
    ],
    ids=["no-limits", "hardly-any", "a-breach", "no-room"],
)
def test_below_the_floor_nothing_is_graded(found: Inspection, says: str) -> None:
    with pytest.raises(MissingWallError, match=says) as refused:
        refuse_below_floor(found)
    assert refused.value.exit_code == 4
    assert "grade doctor" in (refused.value.hint or "")


@pytest.mark.slow
def test_walls_are_tried_before_any_student_code_runs() -> None:
    with LocalExecutor() as executor:
        executor.demand_floor()
    without = ("user-namespace", "private-files", "landlock")
    with (
        LocalExecutor(without=without) as executor,
        pytest.raises(MissingWallError, match="reading outside"),
    ):
        executor.demand_floor()
