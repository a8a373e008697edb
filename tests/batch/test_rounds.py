"""Several downloads in one directory: nobody is lost, and one answer of each student counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.batch.conftest import RIGHT, SQUARE, SUM, Graded, append, batch, hand_in, pages, percents, table
from tests.conftest import grade

LATE = {"fay/01.py": RIGHT, "bob/01.py": RIGHT}


def snapshot(out: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in out.rglob("*.*") if not path.name.startswith("batch.")}


def test_a_round_that_lacks_people_stops_before_anything_changes(mine: Graded, tmp_path: Path) -> None:
    late = hand_in(tmp_path / "late", LATE)
    before = snapshot(mine.out)
    ran = batch(mine.course, late, mine.out)
    assert ran.code == 2
    assert "lacks 5 answers" in ran.err
    assert "of ann, bob, cy, dee" in ran.err
    assert "--add" in ran.err
    assert snapshot(mine.out) == before


def test_another_assignment_does_not_take_the_place_of_the_first(mine: Graded, tmp_path: Path) -> None:
    second = hand_in(tmp_path / "second", {f"{name}/02.py": SUM for name in ("ann", "bob", "cy", "dee", "eve")})
    ran = batch(mine.course, second, mine.out)
    assert ran.code == 2
    assert "lacks 4 answers" in ran.err, "the answers to 01"


@pytest.mark.slow
def test_a_round_is_added_and_added_once(mine: Graded, tmp_path: Path) -> None:
    late = hand_in(tmp_path / "late", LATE)
    first = percents(mine.out)
    for _ in range(2):
        ran = batch(mine.course, late, mine.out, "--add")
        assert ran.code == 0, ran.err
        assert percents(mine.out) == first | {("bob", "01-double"): 100.0, ("fay", "01-double"): 100.0}
    assert [row[0] for row in table(mine.out / "scores.csv")[1:]] == ["ann", "bob", "cy", "dee", "eve", "fay", "zoe"]
    assert "Nothing to do" in ran.out
    again = batch(mine.course, mine.work, mine.out, "--roster", mine.roster, "--add")
    assert again.code == 0, again.err
    assert percents(mine.out)["bob", "01-double"] == 100.0, "a folder that has moved is no later round"


ATTEMPTS = {
    "last": ([], {"bob": 0.0, "ann": 0.0}),
    "best": (["--attempts", "best"], {"bob": 100.0, "ann": 100.0}),
}


@pytest.mark.slow
@pytest.mark.parametrize(("flags", "counts"), ATTEMPTS.values(), ids=ATTEMPTS)
def test_which_attempt_counts(small: Path, tmp_path: Path, flags: list[str], counts: dict[str, float]) -> None:
    out = tmp_path / "out"
    first = hand_in(tmp_path / "first", {"ann/01.py": RIGHT, "bob/01.py": SQUARE})
    second = hand_in(tmp_path / "second", {"ann/01.py": SQUARE, "bob/01.py": RIGHT})
    third = hand_in(tmp_path / "third", {"bob/01.py": SQUARE})
    assert batch(small, first, out).code == 0
    assert batch(small, second, out, "--add").code == 0
    ran = batch(small, third, out, "--add", *flags)
    assert ran.code == 0, ran.err
    assert percents(out) == {(student, "01-double"): percent for student, percent in counts.items()}
    assert pages(out) == {"pages/ann/01-double.html", "pages/bob/01-double.html"}


@pytest.mark.slow
def test_a_round_of_one_problem_keeps_the_others(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert batch(small, hand_in(tmp_path / "first", {"ann/01.py": RIGHT}), out, "--problem", "01").code == 0
    ran = batch(small, hand_in(tmp_path / "second", {"ann/02.py": SUM}), out, "--problem", "02", "--add")
    assert ran.code == 0, ran.err
    assert table(out / "scores.csv") == [["student", "01-double", "02-total", "total"], ["ann", "100", "100", "100"]]


@pytest.mark.slow
def test_fresh_begins_anew(mine: Graded, tmp_path: Path) -> None:
    late = hand_in(tmp_path / "late", {"fay/01.py": RIGHT})
    assert batch(mine.course, late, mine.out, "--fresh").code == 0
    assert percents(mine.out) == {("fay", "01-double"): 100.0}


def test_an_empty_folder_is_no_class(mine: Graded, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    before = snapshot(mine.out)
    for out in (mine.out, tmp_path / "new"):
        ran = batch(mine.course, tmp_path / "empty", out)
        assert ran.code == 2
        assert "there is nothing in empty" in ran.err
    assert snapshot(mine.out) == before


@pytest.mark.slow
def test_nobody_answers_anything(small: Path, tmp_path: Path) -> None:
    ran = batch(small, hand_in(tmp_path / "work", {"ann/notes.txt": "x", "bob/essay.pdf": b"%PDF"}), tmp_path / "out")
    assert ran.code == 0, ran.err
    assert "Nothing to grade: 2 students, and nobody's files answer a problem." in ran.out
    listed = grade("export", tmp_path / "out", "--format", "csv", "--out", tmp_path / "x.csv", cwd=small)
    assert listed.code == 0
    rows = table(tmp_path / "x.csv")
    assert ["notes.txt" in rows[1][-1], "essay.pdf" in rows[2][-1]] == [True, True], "a row with a reason"


@pytest.mark.slow
def test_points_that_do_not_add_up_stop_the_batch(small: Path, tmp_path: Path) -> None:
    append(small / "problems/02-total/problem.yaml", "# checked\n")
    text = (small / "problems/02-total/problem.yaml").read_text(encoding="utf-8")
    (small / "problems/02-total/problem.yaml").write_text(text.replace("points: 2", "points: 3"), encoding="utf-8")
    ran = batch(small, hand_in(tmp_path / "work", {"ann/01.py": RIGHT, "ann/02.py": SUM}), tmp_path / "out")
    assert ran.code == 2
    assert "02-total/problem.yaml: points: is 3, but the checks' points add up to 2" in ran.err
    assert not (tmp_path / "out" / "results.jsonl").exists()


@pytest.mark.slow
def test_totals_are_alike_in_every_file(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert batch(small, hand_in(tmp_path / "work", {"ann/01.py": RIGHT, "bob/01.py": SQUARE}), out).code == 0
    assert table(out / "scores.csv") == [
        ["student", "01-double", "02-total", "total"],
        ["ann", "100", "", "100"],
        ["bob", "0", "", "0"],
    ]
    assert grade("export", out, "--format", "csv", "--out", tmp_path / "x.csv", cwd=small).code == 0
    rows = table(tmp_path / "x.csv")
    assert [row[rows[0].index("percent")] for row in rows[1:]] == ["100", "0"]
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "the mean is 50 %" in page
    assert "02-total" not in page


@pytest.mark.slow
def test_diff_against_what_is_overwritten(mine: Graded) -> None:
    (mine.work / "bob/double.py").write_text(RIGHT, encoding="utf-8")
    ran = batch(mine.course, mine.work, mine.out, "--roster", mine.roster, "--diff", mine.out)
    assert ran.code == 0, ran.err
    assert "1 answer differs from what" in ran.out
    lines = ran.out.splitlines()
    by_check = next(i for i, line in enumerate(lines) if "Three becomes six." in line and "1 gain" in line)
    by_student = next(i for i, line in enumerate(lines) if line.startswith("bob, 01-double"))
    assert by_check < by_student
