"""`grade adjust`, adjustments.csv and course.yaml, from the command to every file and page."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.batch.store import PUBLISHED, Store
from tests.batch.conftest import RIGHT, Graded, batch, hand_in, percents, results, table
from tests.conftest import Ran, grade


def adjust(mine: Graded, *words: str) -> Ran:
    return grade("adjust", mine.out, *words, cwd=mine.course)


@pytest.mark.slow
def test_an_adjustment_is_everywhere_and_stays(mine: Graded, tmp_path: Path) -> None:
    ran = adjust(mine, "bob", "01", "--points", "+1.5", "--because", "the statement was unclear", "--by", "Ada")
    assert ran.code == 0, ran.err
    assert "bob, 01-double: 0 → 1.5 of 4 points (+1.5)" in ran.out
    ran = adjust(mine, "ann", "01", "--check", "test_a_number", "--to", "0", "--because", "=1+1", "--by", "Ada")
    assert "ann, 01-double: 4 → 3 of 4 points (−1)" in ran.out
    exported = grade("export", mine.out, "--format", "csv", "--out", tmp_path / "at once.csv", cwd=mine.course)
    assert "have changed" not in exported.out + exported.err, "the results were written anew with it"
    edited = (mine.out / "adjustments.csv").read_text(encoding="utf-8")
    saved = "\ufeff" + edited.replace("+1.5", "+2").replace("01-double", "double", 1).replace("\n", "\r\n")
    (mine.out / "adjustments.csv").write_text(saved, encoding="utf-8", newline="")
    assert "written anew" in adjust(mine).err, "what was edited by hand counts"
    assert percents(mine.out)["bob", "01-double"] == 50
    (mine.out / "adjustments.csv").write_text(edited, encoding="utf-8")
    adjust(mine)
    assert "nothing was written" in adjust(mine).err
    with Store(mine.out) as store:
        state = store.fact(PUBLISHED)
        store.note(PUBLISHED, "")
        stopped = grade("export", mine.out, "--format", "csv", "--out", tmp_path / "at once.csv", cwd=mine.course)
        assert "was stopped before it had written everything" in stopped.err
        store.note(PUBLISHED, state or "")
    for _ in range(2):
        assert percents(mine.out)["bob", "01-double"] == 37.5
        assert percents(mine.out)["ann", "01-double"] == 75.0
        assert ["bob", "37.5", "50", "41.67"] in table(mine.out / "scores.csv")
        again = batch(mine.course, mine.work, mine.out, "--roster", mine.roster)
        assert again.code == 0, again.err
    page = (mine.out / "pages/bob/01-double.html").read_text(encoding="utf-8")
    assert "the statement was unclear (Ada, 20" in page
    assert "2 adjusted by hand" in (mine.out / "index.html").read_text(encoding="utf-8")
    assert grade("export", mine.out, "--format", "csv", "--out", tmp_path / "x.csv", cwd=mine.course).code == 0
    rows = {row[0]: row for row in table(tmp_path / "x.csv")}
    assert "01-double: +1.5, the statement was unclear (Ada" in rows["bob"][-1]
    lines = table(mine.out / "adjustments.csv")
    assert lines[0] == ["student", "problem", "check", "points", "to", "because", "by", "when"]
    assert lines[1][:4] == ["bob", "01-double", "", "+1.5"]
    assert lines[2][5] == "'=1+1", "no spreadsheet runs it"
    (line,) = (one for one in results(mine.out) if one["student"] == "ann" and one["problem"] == "01-double")
    assert line["rulings"][0]["because"] == "=1+1"


WRONG = {
    "student": (["bbo", "01", "--points", "1", "--because", "x"], "did you mean bob?"),
    "by-name": (["Zoe Quinn", "01", "--points", "1", "--because", "x"], "did you mean zoe, Zoe Quinn?"),
    "problem": (["bob", "03", "--points", "1", "--because", "x"], "there is no problem 03"),
    "check": (["bob", "01", "--check", "test_a_nmber", "--points", "1", "--because", "x"], "test_a_number?"),
    "no-grade": (["cy", "02", "--points", "1", "--because", "x"], "graded: 01-double"),
    "nobodys-work": (["zoe", "01", "--points", "1", "--because", "x"], "nothing of this student is graded"),
    "neither": (["bob", "01", "--because", "x"], "either --points or --to"),
    "both": (["bob", "01", "--points", "1", "--to", "1", "--because", "x"], "either --points or --to"),
    "no-reason": (["bob", "01", "--points", "1"], "--because"),
    "blank-reason": (["bob", "01", "--points", "1", "--because", " "], "--because is empty"),
    "no-number": (["bob", "01", "--points", "nan", "--because", "x"], "nan is no number of points"),
    "too-large": (["bob", "01", "--points", "1e7", "--because", "x"], "1e7 is no number of points"),
    "below-nothing": (["bob", "01", "--to", "-1", "--because", "x"], "--to -1 is below 0"),
    "whose": (["bob"], "whose grade, for which problem?"),
    "too-much": (["bob", "01", "--to", "5", "--because", "x"], "more than the 4 points"),
}


@pytest.mark.parametrize(("words", "says"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_adjusted(ready: Graded, words: list[str], says: str) -> None:
    before = (ready.out / "results.jsonl").read_bytes()
    ran = adjust(ready, *words)
    assert ran.code == 2, ran.out
    assert says in ran.err
    assert not (ready.out / "adjustments.csv").exists()
    assert (ready.out / "results.jsonl").read_bytes() == before


FILES = {
    "nobody": (
        "student,problem,points,because\nbbo,01-double,1,x\n",
        "line 2: there is no student bbo; did you mean bo",
    ),
    "problem": ("student,problem,points,because\nbob,01-dbl,1,x\n", "line 2: there is no problem 01-dbl; did you"),
    "column": ("student,problem,point,because\nbob,01-double,1,x\n", "line 1: unknown column point; did you mean po"),
    "column-twice": (
        "student,problem,points,points,because\nbob,01-double,1,2,x\n",
        "line 1: the column points stands",
    ),
    "comma-in-the-reason": ("student,problem,points,because\nbob,01-double,1,x, y\n", "line 2: more cells than there"),
    "no-number": ("student,problem,points,because\nbob,01-double,much,x\n", "line 2: points: much is no number"),
    "no-reason": ("student,problem,points,because\nbob,01-double,1,\n", "line 2: because is empty"),
    "both": ("student,problem,points,to,because\nbob,01-double,1,1,x\n", "line 2: names both points and to"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("text", "says"), FILES.values(), ids=FILES)
def test_a_file_that_cannot_be_is_refused(mine: Graded, text: str, says: str) -> None:
    (mine.out / "adjustments.csv").write_text(text, encoding="utf-8")
    before = (mine.out / "results.jsonl").read_bytes()
    ran = batch(mine.course, mine.work, mine.out, "--roster", mine.roster)
    assert ran.code == 2
    assert says in ran.err
    assert (mine.out / "results.jsonl").read_bytes() == before
    exported = grade("export", mine.out, "--format", "csv", "--out", mine.out.parent / "x.csv", cwd=mine.course)
    assert exported.code == 0
    assert any(words in exported.err for words in ("The rules of now are not in it", "that is not in it yet")), "told"


@pytest.mark.slow
def test_the_courses_file_may_speak_of_others(mine: Graded) -> None:
    text = "student;problem;points;because\nsomebody;01-double;1;x\nbob;01-double;2,5;a comma\n"
    (mine.course / "adjustments.csv").write_text(text, encoding="utf-8")
    ran = batch(mine.course, mine.work, mine.out, "--roster", mine.roster)
    assert ran.code == 0, ran.err
    assert percents(mine.out)["bob", "01-double"] == 62.5


@pytest.mark.slow
def test_course_yaml_changes_checks_without_grading(mine: Graded) -> None:
    (mine.course / "course.yaml").write_text(
        "checks:\n  01:\n    test_a_tensor: {drop: true, because: it asked too much}\n"
        "    test_a_number: {everybody: true, because: a misprint}\n",
        encoding="utf-8",
    )
    ran = batch(mine.course, mine.work, mine.out, "--roster", mine.roster)
    assert ran.code == 0, ran.err
    assert "Nothing to do" in ran.out
    assert percents(mine.out) == {
        ("ann", "01-double"): 100.0,
        ("ann", "02-total"): 100.0,
        ("bob", "01-double"): 50.0,
        ("bob", "02-total"): 50.0,
        ("cy", "01-double"): 0.0,
        ("dee", "01-double"): 100.0,
    }
    assert ["bob", "50", "50", "50"] in table(mine.out / "scores.csv"), "of 2 and 2 points"


def test_a_broken_course_yaml_names_the_line(mine: Graded) -> None:
    (mine.course / "course.yaml").write_text("title: x\nprobelms: [01]\n", encoding="utf-8")
    ran = batch(mine.course, mine.work, mine.out)
    assert ran.code == 2
    assert "course.yaml, line 2: probelms: unknown key; did you mean problems?" in ran.err


@pytest.mark.slow
def test_the_order_of_problems_is_the_courses(mine: Graded) -> None:
    (mine.course / "course.yaml").write_text("problems: [02]\n", encoding="utf-8")
    assert batch(mine.course, mine.work, mine.out, "--roster", mine.roster).code == 0
    assert table(mine.out / "scores.csv")[0] == ["student", "02-total", "01-double", "total"]


@pytest.mark.slow
def test_what_is_late_loses_points_by_itself(small: Path, tmp_path: Path) -> None:
    (small / "course.yaml").write_text("late: {per_day: 25}\n", encoding="utf-8")
    work = hand_in(tmp_path / "work", {"doejane_LATE_1_10_01.py": RIGHT, "roebob_2_20_01.py": RIGHT})
    assert batch(small, work, tmp_path / "out").code == 0
    assert percents(tmp_path / "out") == {("1", "01-double"): 75.0, ("2", "01-double"): 100.0}
