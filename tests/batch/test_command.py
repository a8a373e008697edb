"""`grade batch` and `grade export` as an instructor meets them: everything through the real command."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.batch.conftest import RIGHT, SUM, Graded, append, batch, hand_in, pages, percents, results, table, timeless
from tests.conftest import command_line, grade

# What the command imports, and every program it starts.
WITNESS = """
import sys
started = []
sys.addaudithook(lambda event, args: started.append(event) if event == "subprocess.Popen" else None)
from grader.cli import main
try:
    main()
finally:
    heavy = sorted({name.split(".")[0] for name in sys.modules} & {"torch", "numpy", "pytest", "jinja2"})
    print("HEAVY", heavy, "STARTED", started)
"""


def test_a_class_is_graded_and_nothing_is_dropped_silently(ready: Graded) -> None:
    out, ran = ready.out, ready.ran
    assert ran.code == 0, ran.err
    assert table(out / "scores.csv") == [
        ["student", "01-double", "02-total", "total"],
        ["ann", "100", "100", "100"],
        ["bob", "0", "50", "16.67"],
        ["cy", "0", "", "0"],
        ["dee", "100", "", "66.67"],
        ["eve", "", "", "0"],
        ["zoe", "", "", "0"],
    ]
    lines = results(out)
    assert [(line["student"], line["problem"], line["status"]) for line in lines] == [
        ("ann", "01-double", "graded"),
        ("ann", "02-total", "graded"),
        ("bob", "01-double", "graded"),
        ("bob", "02-total", "graded"),
        ("cy", "01-double", "rejected"),
        ("dee", "01-double", "graded"),
    ]
    assert [idea["id"] for idea in lines[2]["misconceptions"]] == ["square"]
    assert "line 2" in lines[4]["message"]
    assert lines[5]["submission"] == "dee/01.py"
    assert {(row[0], row[1]) for row in table(out / "notices.csv")[1:]} >= {
        ("dee/notes.pdf", "unmatched"),
        ("eve/01.py", "empty"),
    }
    assert any(row[2] == "zoe" and row[1] == "missing" for row in table(out / "notices.csv"))
    index = (out / "index.html").read_text(encoding="utf-8")
    assert "Ann Lee" in index
    assert "Doubling is taken for squaring" in index
    for line in lines:
        page = out / "pages" / line["student"] / f"{line['problem']}.html"
        assert line["student"] in page.read_text(encoding="utf-8") or line["problem"] in page.read_text("utf-8")
        assert f"pages/{line['student']}/{line['problem']}.html" in index
    assert "1 answer could not be graded as handed in" in ran.out
    assert str(out / "index.html") in ran.out


def test_a_rerun_has_nothing_to_do_and_imports_nothing_heavy(ready: Graded) -> None:
    out = ready.out
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.*") if not path.name.startswith("batch.")}
    command = command_line("batch", ready.work, "--out", out, "--roster", ready.roster, program=WITNESS)
    again = subprocess.run(command, cwd=ready.course, capture_output=True, text=True, timeout=60, check=False)
    assert again.returncode == 0, again.stderr
    assert "Nothing to do" in again.stdout
    assert "HEAVY [] STARTED []" in again.stdout
    assert {path: path.stat().st_mtime_ns for path in before} == before


@pytest.mark.slow
def test_the_driver_of_a_batch_never_imports_torch(mine: Graded) -> None:
    hand_in(mine.work, {"lea/01.py": f"{RIGHT}# lea\n"})
    command = command_line("batch", mine.work, "--out", mine.out, program=WITNESS)
    ran = subprocess.run(command, cwd=mine.course, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "Graded 1 submission" in ran.stdout
    assert "HEAVY ['jinja2'] STARTED ['subprocess.Popen']" in ran.stdout


@dataclass(frozen=True)
class Change:
    """What an instructor or a student does between two runs, and what comes of it."""

    does: Callable[[Graded], object]
    regraded: int
    scores: dict[str, list[str]]
    """Rows of scores.csv that are others than before."""


CHANGES = {
    "submission": Change(lambda c: (c.work / "bob/double.py").write_text(RIGHT), 1, {"bob": ["100", "50", "83.33"]}),
    "to-what-another-handed-in": Change(
        lambda c: (c.work / "dee/01.py").write_bytes((c.work / "cy/01.py").read_bytes()), 0, {"dee": ["0", "", "0"]}
    ),
    "new": Change(lambda c: hand_in(c.work, {"dee/02.py": "#"}), 1, {"dee": ["100", "0", "66.67"]}),
    "check": Change(lambda c: append(c.course / "problems/02-total/checks/test_total.py", "\n# Read again.\n"), 2, {}),
    "solution": Change(lambda c: append(c.course / "solutions/01-double/solution.py", "\n"), 3, {}),
    "withdrawn": Change(lambda c: (c.work / "ann/02.py").unlink(), 0, {"ann": ["100", "", "66.67"]}),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_regrades_what_it_touches(mine: Graded, change: Change) -> None:
    before = {row[0]: row[1:] for row in table(mine.out / "scores.csv")}
    change.does(mine)
    ran = batch(mine.course, mine.work, mine.out, "--roster", mine.roster)
    assert ran.code == 0, ran.err
    said = f"Graded {change.regraded} submission" if change.regraded else "Nothing to do"
    assert said in ran.out
    assert {row[0]: row[1:] for row in table(mine.out / "scores.csv")} == before | change.scores
    assert pages(mine.out) == {f"pages/{one['student']}/{one['problem']}.html" for one in results(mine.out)}


@pytest.mark.slow
def test_fresh_forgets(mine: Graded) -> None:
    before = timeless((mine.out / "results.jsonl").read_text(encoding="utf-8"))
    ran = batch(mine.course, mine.work, mine.out, "--fresh")
    assert "Graded 5 submissions" in ran.out
    assert timeless((mine.out / "results.jsonl").read_text(encoding="utf-8")) == before


@pytest.mark.slow
def test_one_problem_out_of_several(mine: Graded) -> None:
    ran = batch(mine.course, mine.work, mine.out, "--problem", "total")
    assert "Nothing to do" in ran.out
    assert table(mine.out / "scores.csv")[:3] == [
        ["student", "02-total", "total"],
        ["ann", "100", "100"],
        ["bob", "50", "50"],
    ]
    assert {line["problem"] for line in results(mine.out)} == {"02-total"}
    ran = batch(mine.course, mine.work, mine.out, "--problem", "01", "--problem", "02")
    assert "Nothing to do" in ran.out, "what was graded before is kept"
    assert len(results(mine.out)) == 6


@pytest.mark.slow
def test_files_of_any_name_are_meant_for_the_only_problem_asked(small: Path, tmp_path: Path) -> None:
    work = hand_in(tmp_path / "work", {"ann/homework.py": "x = 1\n", "bob/final.py": RIGHT})
    out = tmp_path / "out"
    assert batch(small, work, out, "--problem", "01").code == 0
    assert percents(out) == {("ann", "01-double"): 0.0, ("bob", "01-double"): 100.0}


@pytest.mark.slow
def test_odd_names_are_shown_as_text_and_run_nowhere(small: Path, tmp_path: Path) -> None:
    names = ["=HYPERLINK(1)", "<script>alert(1)<", "..", "a" * 150, "Müller, Zoë", "ANN", "ann", "con", "x;=1+1"]
    work = hand_in(tmp_path / "work", {f"{name.replace('..', 'do..ts')}/01.py": RIGHT for name in names})
    out = tmp_path / "out"
    ran = batch(small, work, out)
    assert ran.code == 0, ran.err
    students = {line["student"] for line in results(out)}
    assert "<script>alert(1)<" in students
    assert "<script>alert" not in (out / "index.html").read_text(encoding="utf-8")
    cells = [row[0] for row in table(out / "scores.csv")]
    assert "'=HYPERLINK(1)" in cells
    found = list(out.rglob("pages/*/*.html"))
    assert len(found) == len(students)
    assert len({str(path).casefold() for path in found}) == len(found)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["{tmp}/nothing", "--out", "{tmp}/out"], "there is no"),
        (["{work}", "--out", "{work}/out"], "lies among the submissions"),
        (["{work}", "--out", "{tmp}"], "holds other files"),
        (["{work}", "--out", "{tmp}/roster.csv"], "cannot be used"),
        (["{work}", "--out", "{tmp}/out", "--problem", "03"], "there is no problem 03"),
        (["{work}", "--out", "{tmp}/out", "--roster", "{tmp}/rooster.csv"], "roster"),
        (["{work}", "--out", "{tmp}/out", "--diff", "{tmp}"], "holds no results.jsonl"),
        (["{work}", "--out", "{tmp}/out", "--jobs", "0"], "--jobs"),
        (["{work}"], "--out"),
    ],
    ids=["no-source", "inside-out", "strangers", "a-file", "no-problem", "no-roster", "no-old", "no-jobs", "no-out"],
)
def test_wrong_usage(small: Path, tmp_path: Path, arguments: list[str], says: str) -> None:
    work = hand_in(tmp_path / "work", {"ann/01.py": RIGHT})
    (tmp_path / "roster.csv").write_text("id\nann\n", encoding="utf-8")
    ran = grade("batch", *(part.format(tmp=tmp_path, work=work) for part in arguments), cwd=small)
    assert ran.code == 2, ran.err
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_a_typo_in_the_class_leaves_no_results_behind(small: Path, tmp_path: Path) -> None:
    ran = batch(small, tmp_path / "results", tmp_path / "result")
    assert ran.code == 2
    assert "Did you mean" not in ran.err
    assert not (tmp_path / "result").exists()


@pytest.mark.slow
def test_a_broken_problem_stops_the_batch(small: Path, handed_in: Path, tmp_path: Path) -> None:
    append(small / "problems/02-total/checks/test_total.py", "\n\ndef broken(:\n")
    ran = batch(small, handed_in, tmp_path / "out")
    assert ran.code == 2
    assert "02-total" in ran.err


@pytest.mark.slow
def test_diff_says_who_gains_and_who_loses_by_check(ready: Graded, mine: Graded) -> None:
    (mine.work / "bob/double.py").write_text(RIGHT, encoding="utf-8")
    (mine.work / "ann/01.py").write_text("def double(x):\n    return abs(2 * x)\n", encoding="utf-8")
    (mine.work / "dee/02.py").write_text(SUM, encoding="utf-8")
    ran = batch(mine.course, mine.work, mine.out, "--diff", ready.out)
    assert ran.code == 0
    assert "3 answers differ" in ran.out
    assert "2 with more points, 1 with fewer" in ran.out
    assert "ann, 01-double: 4 of 4 → 1 of 4  −3" in ran.out
    assert "bob, 01-double: 0 of 4 → 4 of 4  +4" in ran.out
    assert "dee, 02-total: no grade → 2 of 2  +2" in ran.out
    assert "−2  A tensor is doubled everywhere.: passed → failed" in ran.out
    assert "02-total" not in batch(mine.course, mine.work, mine.out, "--problem", "01", "--diff", ready.out).out
    same = batch(mine.course, mine.work, mine.out, "--problem", "01", "--diff", mine.out)
    assert "No grade differs" in same.out


def test_what_was_graded_can_be_exported(ready: Graded, tmp_path: Path) -> None:
    ran = grade("export", ready.out, "--format", "csv", "--out", tmp_path / "scores.csv", cwd=ready.course)
    assert ran.code == 0, ran.err
    assert str(tmp_path / "scores.csv") in ran.out
    assert "6 grades written" in ran.err
    rows = table(tmp_path / "scores.csv")
    bob = dict(zip(rows[0], next(row for row in rows if row[0] == "bob"), strict=True))
    assert (bob["01-double"], bob["02-total"]) == ("0", "1")
    wrong = grade("export", ready.out, "--format", "canvsa", cwd=ready.course)
    assert wrong.code == 2
    assert "did you mean canvas?" in wrong.err


def test_a_student_kit_cannot_grade_a_class(small: Path, handed_in: Path, tmp_path: Path) -> None:
    (small / "solutions").rename(tmp_path / "solutions")
    ran = batch(small, handed_in, tmp_path / "out")
    assert ran.code == 2
    assert "student kit" in ran.err
