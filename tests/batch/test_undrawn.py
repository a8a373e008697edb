"""A page that cannot be drawn, a row that cannot be written: their student has a notice, and the class goes on.

No grade is known of which no page can be made; so the command runs with a fault put into what draws.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests import lent
from tests.batch.conftest import RIGHT, hand_in, percents, results, table, timeless
from tests.conftest import COMMAND_SECONDS, Ran, command_line

FAULTY = """
import os
from grader.batch import contained, likeness, outlines
from grader.reports import html
contained.Contained.__init__.__kwdefaults__["cpu_seconds"] = 0.3
def fail(how):
    if how == "raise":
        raise ZeroDivisionError("float division by zero")
    while how == "loop":
        pass
    if how == "eat":
        [bytearray(1 << 24) for _ in range(1000)]
    if how == "die":
        os.abort()
def faulty(function, part):
    def of(grade, *more, **also):
        fail(grade.stdout.strip().removeprefix(part))
        return function(grade, *more, **also)
    return of
html.student_page = faulty(html.student_page, "page ")
outlines.encode_grade = faulty(outlines.encode_grade, "row ")
likeness.alike = lambda *asked: fail("raise")
from grader.cli import main
main()
"""
CRUEL = {"raise": "ZeroDivisionError", "loop": "processor time", "eat": "more memory", "die": "SIGABRT"}
ROWS = ("raise", "die")
NEIGHBOURS: dict[str, str | bytes] = {
    "ann/01.py": RIGHT,
    "bob/01.py": RIGHT + "# bob\n",
    "cy/01.py": "def double(x):\n    return 0 if x == 3 else x + x\n",
}


def batch(course: Path, source: Path, out: Path) -> Ran:
    done = subprocess.run(
        command_line("batch", source, "--out", out, program=lent.borrowing(FAULTY)),
        cwd=course, pass_fds=lent.descriptors(), capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False,
    )  # fmt: skip
    return Ran(done.returncode, done.stdout, done.stderr)


def told(out: Path, kind: str = "page") -> dict[str, list[str]]:
    """student -> the notice on the page, or on the row."""
    return {row[2]: row for row in table(out / "notices.csv") if row[1] == kind}


@pytest.mark.slow
def test_the_class_goes_on(small: Path, tmp_path: Path) -> None:
    assert batch(small, hand_in(tmp_path / "alone", NEIGHBOURS), tmp_path / "without").code == 0
    cruel = {f"{name}/01.py": f"print('page {name}')\n{RIGHT}" for name in CRUEL}
    cruel |= {f"row-{name}/01.py": f"print('row {name}')\n{RIGHT}" for name in ROWS}
    out, work = tmp_path / "out", hand_in(tmp_path / "work", {**NEIGHBOURS, **cruel})
    ran = batch(small, work, out)
    assert ran.code == 0, ran.err
    notices, rows = told(out), told(out, "row")
    assert set(notices) == set(CRUEL)
    assert set(rows) == {f"row-{name}" for name in ROWS}
    assert "were not compared with each other" in told(out, "note")[""][4]
    written = {line["student"]: line for line in results(out)}
    index = (out / "index.html").read_text(encoding="utf-8")
    for name, why in CRUEL.items():
        assert percents(out)[name, "01-double"] == 100.0
        assert notices[name][0] == f"{name}/01.py"
        assert why in notices[name][4]
        assert why in index
        page = (out / f"pages/{name}/01-double.html").read_text(encoding="utf-8")
        assert "4 of 4 points" in page
        assert "Three becomes six" in page
        assert "could not be drawn" in page
    for name in ROWS:
        assert CRUEL[name] in rows[f"row-{name}"][4]
        line = written[f"row-{name}"]
        assert (line["percent"], line["stdout"], len(line["checks"])) == (100.0, "", len(written["ann"]["checks"]))
        assert CRUEL[name] in line["notes"][0]

    names = [name.split("/")[0] for name in NEIGHBOURS]
    for name in names:
        mine, theirs = (
            timeless((folder / f"pages/{name}/01-double.html").read_text(encoding="utf-8"))
            for folder in (out, tmp_path / "without")
        )
        assert mine == theirs
    lines = timeless((out / "results.jsonl").read_text(encoding="utf-8")).splitlines()
    honest = [line for line in lines if any(f'"student":"{name}"' in line for name in names)]
    assert honest == timeless((tmp_path / "without/results.jsonl").read_text(encoding="utf-8")).splitlines()

    again = batch(small, work, out)
    assert (again.code, "Nothing to do" in again.out) == (0, True), again.err
    (out / "index.html").unlink()
    (out / "pages/raise/01-double.html").unlink()
    assert batch(small, work, out).code == 0
    assert (told(out), told(out, "row")) == (notices, rows), "a rerun ends the same"
    assert (out / "pages/raise/01-double.html").is_file()
