"""`grade batch --deadline`: lateness of each work, whether its times come from the platform or from a plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.batch.conftest import HERE, RIGHT, batch, hand_in, percents, table
from tests.conftest import grade

GRADESCOPE = HERE / "golden" / "gradescope" / "submissions"


def write_plan(path: Path, *rows: str) -> Path:
    lines = ["student,name,problem,use,file,as,late,why,sis_id,login,email,handed_in", *rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_deadline_counts_works_and_is_remembered(small: Path, tmp_path: Path) -> None:
    (small / "course.yaml").write_text("late: {per_day: 25, grace: 10 min}\n", encoding="utf-8")
    work = hand_in(
        tmp_path / "work", {f"{who}/01.py": RIGHT for who in ("ann", "bob", "cy")} | {"ann/02.py": "x = 1\n"}
    )
    plan = write_plan(
        tmp_path / "plan.csv",
        "ann,Ann,01,answer,ann/01.py,,,,,,,2025-05-01T12:00:00+00:00",
        "ann,Ann,02,answer,ann/02.py,,,,,,,2025-05-09T12:00:00+00:00",
        "bob,Bob,01,answer,bob/01.py,,,,,,,2025-05-01T14:11:00+02:00",
        "cy,Cy,01,answer,cy/01.py,,,,,,,2025-05-03 12:00+00:00",
    )
    out = tmp_path / "out"
    ran = batch(small, work, out, "--use-plan", plan, "--deadline", "01=2025-05-01T12:00+00:00")
    assert ran.code == 0, ran.err
    expected = {("ann", "01-double"): 100.0, ("bob", "01-double"): 75.0, ("cy", "01-double"): 50.0}
    assert {key: value for key, value in percents(out).items() if key[1] == "01-double"} == expected
    page = (out / "pages/cy/01-double.html").read_text(encoding="utf-8")
    assert "2 days late: handed in 2025-05-03 12:00 UTC, due 2025-05-01 12:00 UTC" in page
    ran = grade("adjust", out, "bob", "01", "--points", "+0.5", "--because", "x", cwd=small)
    assert "bob, 01-double: 3 → 3.5 of 4 points" in ran.out, "the deadline holds for what works on the results"
    (small / "course.yaml").write_text("deadlines: {01: 2025-06-01}\n", encoding="utf-8")
    ran = grade("adjust", out, "bob", "01", "--undo", cwd=small)
    assert ran.code == 2
    assert "01-double has two deadlines: 2025-05-01 12:00 UTC by --deadline" in ran.err
    ran = batch(small, work, out, "--use-plan", plan)
    assert ran.code == 0, ran.err
    assert percents(out)["cy", "01-double"] == 100.0, "a run without it forgets it"


def test_a_plan_keeps_when_answers_came(small: Path, tmp_path: Path) -> None:
    ran = grade("batch", GRADESCOPE, "--plan", tmp_path / "plan.csv", cwd=small)
    assert ran.code == 0, ran.err
    heading, *rows = table(tmp_path / "plan.csv")
    times = {row[4]: row[heading.index("handed_in")] for row in rows if row[3] == "answer"}
    assert times
    assert all(time.startswith("202") for time in times.values()), times


WRONG = {
    "no-time": (["--deadline", "01=soon"], "--deadline 01=soon: soon is no time"),
    "no-problem": (["--deadline", "03=2025-05-01"], "there is no problem 03"),
    "twice": (["--deadline", "01=2025-05-01", "--deadline", "2025-05-02"], "01-double has a deadline already"),
    "fights": (["--deadline", "02=2025-05-01"], "02-total has two deadlines"),
}


@pytest.mark.parametrize(("words", "says"), WRONG.values(), ids=WRONG)
def test_a_deadline_that_cannot_be(words: list[str], says: str, small: Path, tmp_path: Path) -> None:
    (small / "course.yaml").write_text("deadlines: {02: 2025-05-02}\n", encoding="utf-8")
    ran = batch(small, hand_in(tmp_path / "work", {"ann/01.py": RIGHT}), tmp_path / "out", *words)
    assert ran.code == 2
    assert says in ran.err
    assert not (tmp_path / "out").exists()


def test_a_time_in_a_plan_that_cannot_be(small: Path, tmp_path: Path) -> None:
    work = hand_in(tmp_path / "work", {"ann/01.py": RIGHT})
    plan = write_plan(tmp_path / "plan.csv", "ann,Ann,01,answer,ann/01.py,,,,,,,yesterday")
    ran = batch(small, work, tmp_path / "out", "--use-plan", plan)
    assert ran.code == 2
    assert "plan.csv, line 2: handed_in is 'yesterday'" in ran.err


@pytest.mark.slow
def test_a_rule_for_nobody_is_told(small: Path, tmp_path: Path) -> None:
    (small / "course.yaml").write_text(
        "deadlines: {01: 2025-05-02}\nextensions: {anne: {01: 3 days}}\n", encoding="utf-8"
    )
    (small / "adjustments.csv").write_text("student,problem,points,because\nannn,1,1,x\n", encoding="utf-8")
    assert batch(small, hand_in(tmp_path / "work", {"ann/01.py": RIGHT}), tmp_path / "out").code == 0
    reasons = [row[4] for row in table(tmp_path / "out" / "notices.csv")]
    assert "extension for 01-double: there is no student anne here; did you mean ann?" in reasons
    assert "adjustment of 01-double: there is no student annn here; did you mean ann?" in reasons
