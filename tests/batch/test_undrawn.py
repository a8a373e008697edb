"""A page that cannot be drawn: its student has a plain one and a notice, and the class goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.batch.conftest import RIGHT, batch, hand_in, percents, table, timeless

# A check whose picture depends on what the student returns; of a picture without labels no page can be made.
PICTURE = '''

@pytest.mark.public
def test_a_picture(submission, figures):
    """A picture of what comes back."""
    from grader.model import Confusion
    labels = submission.double("x")
    figures.append(Confusion("Which is which", tuple(labels), ((1, 2), (3, 4))))
'''
HONEST = "def double(x):\n    return x + x\n"
CRUEL = "def double(x):\n    return '' if x == 'x' else x + x\n"
NEIGHBOURS = {
    "ann/01.py": RIGHT,
    "bob/01.py": HONEST + "# bob\n",
    "cy/01.py": "def double(x):\n    return 0 if x == 3 else x + x\n",
}


@pytest.mark.slow
def test_the_class_goes_on(small: Path, tmp_path: Path) -> None:
    check = small / "problems/01-double/checks/test_double.py"
    check.write_text(check.read_text(encoding="utf-8") + PICTURE, encoding="utf-8")
    alone = batch(small, hand_in(tmp_path / "alone", NEIGHBOURS), tmp_path / "out-alone")
    assert alone.code == 0, alone.err
    out = tmp_path / "out"
    work = hand_in(tmp_path / "work", {**NEIGHBOURS, "eve/01.py": CRUEL})
    ran = batch(small, work, out)
    assert ran.code == 0, ran.err
    assert percents(out)["eve", "01-double"] == percents(out)["ann", "01-double"] == 100.0

    (notice,) = [row for row in table(out / "notices.csv") if row[1] == "page"]
    assert notice[0] == "eve/01.py"
    assert notice[2:4] == ["eve", "01-double"]
    assert "could not be drawn" in notice[4]
    assert "could not be drawn" in (out / "index.html").read_text(encoding="utf-8")
    page = (out / "pages/eve/01-double.html").read_text(encoding="utf-8")
    assert "5 of 5 points" in page
    assert "Three becomes six" in page
    assert "could not be drawn" in page
    for name in ("ann", "bob", "cy"):
        mine, theirs = (
            timeless(path.read_text(encoding="utf-8"))
            for path in (out / f"pages/{name}/01-double.html", tmp_path / f"out-alone/pages/{name}/01-double.html")
        )
        assert mine == theirs
    lines = timeless((out / "results.jsonl").read_text(encoding="utf-8")).splitlines()
    assert [line for line in lines if '"eve"' not in line] == timeless(
        (tmp_path / "out-alone/results.jsonl").read_text(encoding="utf-8")
    ).splitlines()

    again = batch(small, work, out)
    assert (again.code, "Nothing to do" in again.out) == (0, True), again.err
    assert [row for row in table(out / "notices.csv") if row[1] == "page"] == [notice]
    (out / "index.html").unlink()
    (out / "pages/eve/01-double.html").unlink()
    assert batch(small, work, out).code == 0
    assert [row for row in table(out / "notices.csv") if row[1] == "page"] == [notice], "a rerun ends the same"
    assert (out / "pages/eve/01-double.html").read_text(encoding="utf-8") == page
