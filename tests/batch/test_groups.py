"""Groups: one work with several people, who are no look-alikes of each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.batch.conftest import HERE, RIGHT, SQUARE, batch, hand_in, percents, table
from tests.desk.conftest import LONG


def with_groups(course: Path, *lines: str) -> None:
    (course / "course.yaml").write_text("groups: groups.csv\n", encoding="utf-8")
    (course / "groups.csv").write_text("\n".join(["student,group,problem", *lines]) + "\n", encoding="utf-8")


def alike(out: Path) -> list[list[str]]:
    return table(out / "alike.csv")[1:]


@pytest.mark.slow
def test_what_one_member_handed_in_is_everybodys(small: Path, tmp_path: Path) -> None:
    with_groups(small, "ann,7,", "bob,7,", "gil,7,", "cy,8,01", "dee,8,01")
    files = {"ann/01.py": LONG, "cy/01.py": f"{LONG}# Cy's\n", "dee/01.py": SQUARE, "eve/01.py": f"{LONG}# Eve's\n"}
    work, out = hand_in(tmp_path / "work", files | {"bob/02.py": "x = 1\n"}), tmp_path / "out"
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\nbob,Bob Roe\n", encoding="utf-8")
    ran = batch(small, work, out, "--roster", roster)
    assert ran.code == 0, ran.err
    scores = {student: score for (student, problem), score in percents(out).items() if problem == "01-double"}
    assert scores == {"ann": 100.0, "bob": 100.0, "gil": 100.0, "cy": 100.0, "dee": 0.0, "eve": 100.0}
    (group,) = alike(out)
    assert set(group[2].split(";")) == {"ann", "bob", "gil", "cy", "eve"}, "others may look like a group"
    reasons = " ".join(row[4] for row in table(out / "notices.csv"))
    assert "group 8 handed in several answers (cy, dee); each counts for who handed it in" in reasons
    assert "gil is in group 7, is not on the roster, and handed in nothing alone" in reasons
    before = percents(out)
    assert batch(small, work, out, "--roster", roster).code == 0
    assert percents(out) == before


@pytest.mark.slow
def test_who_joined_a_group_between_rounds_is_told_whose_answer_counts(small: Path, tmp_path: Path) -> None:
    """ann and bob handed in alone; then they are a group. cy and dee have been one all along."""
    with_groups(small, "cy,8,", "dee,8,")
    out = tmp_path / "out"
    first = {"ann/01.py": RIGHT, "bob/01.py": f"# Bob's\n{RIGHT}", "cy/01.py": RIGHT}
    assert batch(small, hand_in(tmp_path / "first", first), out).code == 0
    with_groups(small, "ann,7,", "bob,7,", "cy,8,", "dee,8,")
    late = hand_in(tmp_path / "late", {"bob/01.py": SQUARE, "dee/01.py": SQUARE})
    told = "bob handed it in for group 7, and it came later: it counts instead of ann/01.py, the answer of ann so far"
    for attempts, counts in (("last", 0.0), ("best", 100.0)):
        ran = batch(small, late, out, "--add", "--attempts", attempts)
        assert ran.code == 0, ran.err
        assert percents(out) == {(student, "01-double"): counts for student in ("ann", "bob", "cy", "dee")}
        reasons = {row[2]: row[4] for row in table(out / "notices.csv")[1:] if "came later" in row[4]}
        assert reasons == ({"ann": told} if attempts == "last" else {}), "nobody else lost an answer of their own"


@pytest.mark.slow
def test_a_group_looks_like_nobody_in_it(small: Path, tmp_path: Path) -> None:
    with_groups(small, "ann,7,", "bob,7,")
    work = hand_in(tmp_path / "work", {"ann/01.py": LONG, "bob/01.py": LONG, "cy/01.py": SQUARE})
    assert batch(small, work, tmp_path / "out").code == 0
    assert alike(tmp_path / "out") == []
    (small / "groups.csv").write_text("student,group\nann,7\nbob,8\n", encoding="utf-8")
    assert batch(small, work, tmp_path / "out").code == 0
    assert [row[2] for row in alike(tmp_path / "out")] == ["ann;bob"]


@pytest.mark.slow
def test_one_file_of_several_people_is_no_likeness(small: Path, tmp_path: Path) -> None:
    """Gradescope hands out a group's submission once, with everybody's name."""
    source = tmp_path / "submissions"
    golden = HERE / "golden" / "gradescope" / "submissions"
    for path in golden.rglob("*"):
        if path.is_file():
            target = source / path.relative_to(golden)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(LONG.encode() if path.name == "01.py" else path.read_bytes())
    assert batch(small, source, tmp_path / "out").code == 0
    both = {student for student, problem in percents(tmp_path / "out") if problem == "01-double"}
    assert len(both) >= 3
    (group,) = alike(tmp_path / "out")
    assert len(group[2].split(";")) == len(both), "the group and the one beside it"


WRONG = {
    "no-file": (None, "course.yaml, line 1: groups: there is no file groups.csv beside it"),
    "column": (["student,grup", "ann,7"], "groups.csv, line 1: unknown column grup; did you mean group?"),
    "missing": (["student", "ann"], "groups.csv, line 1: there is no column group"),
    "empty": (["student,group", "ann,"], "groups.csv, line 2: group is empty"),
    "nobody": (["student,group", ",7"], "groups.csv, line 2: student is empty"),
    "problem": (["student,group,problem", "ann,7,03"], "groups.csv, line 2: there is no problem 03"),
    "fight": (["student,group", "ann,7", "bob,7", "ann,8"], "line 4: ann has a group already, in line 2"),
}


@pytest.mark.parametrize(("lines", "says"), WRONG.values(), ids=WRONG)
def test_groups_that_cannot_be(lines: list[str] | None, says: str, small: Path, tmp_path: Path) -> None:
    (small / "course.yaml").write_text("groups: groups.csv\n", encoding="utf-8")
    if lines is not None:
        (small / "groups.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    ran = batch(small, hand_in(tmp_path / "work", {"ann/01.py": RIGHT}), tmp_path / "out")
    assert ran.code == 2
    assert says in ran.err
