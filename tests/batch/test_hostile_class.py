"""A class with one student of each hostile kind: each costs its own notices, and no neighbour a byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.kinds import hostile_kinds
from grader.intake.allowance import MOST_NOTICES
from tests.batch.classroom import HONEST
from tests.batch.conftest import RIGHT, batch, hand_in, percents, table, timeless
from tests.conftest import ROOT, grade
from tests.hostile.cases import FOLDER
from tests.hostile.test_untrained import CHEATS, REMEMBERS, SOLUTION, SPEAKING
from tests.lent import WHOLE

SILENT = ("comment", "import", "outputs", "printing")
"""Kinds whose hand-in is in order: it costs what any costs."""
TRAINED = SOLUTION.read_text(encoding="utf-8")
TRAINING = {
    "neighbours/05.py": TRAINED + REMEMBERS + CHEATS["neighbours_in_predict"],
    "losses/05.py": SPEAKING.replace("0.123456789", "1e-12"),
}
"""Each is trained for seconds, which CI has the time for."""
OF_THE_COURSE = {
    **(TRAINING if WHOLE else {}),
    "speaking/05.py": SPEAKING,
    "fusion/01.py": (FOLDER / "forging" / "pooling_by_a_compiled_graph.py").read_text(encoding="utf-8"),
}
"""What hostile students hand in for problems that train or forbid something, in the project's own course."""


def by_student(out: Path) -> dict[str, str]:
    """student -> the line of results.jsonl, but for its times."""
    lines = (out / "results.jsonl").read_text("utf-8").splitlines()
    return {json.loads(line)["student"]: timeless(line) for line in lines}


@pytest.mark.slow
def test_each_hostile_student_costs_a_few_notices_and_no_neighbour_a_byte(small: Path, tmp_path: Path) -> None:
    honest = {f"s{number:02}": source for number, source in enumerate(HONEST.values()) if "helper" not in source}
    files: dict[str, bytes | str] = {f"{name}/01.py": source for name, source in honest.items()}
    without, out = tmp_path / "without", tmp_path / "out"
    assert batch(small, hand_in(tmp_path / "alone", files), without).code == 0
    kinds = hostile_kinds(RIGHT, "01", "02")
    hostile = {name: content for one in kinds.values() for name, content in one.items()}
    ran = batch(small, hand_in(tmp_path / "class", {**files, **hostile}), out)
    assert ran.code == 0, ran.err

    rows = table(out / "notices.csv")[1:]
    for kind in kinds:
        own = [row for row in rows if f"x{kind}" in row[0] or row[2] == f"x{kind}"]
        assert len(own) <= MOST_NOTICES + 5, kind
        assert own or kind in SILENT, f"{kind} is told"
    assert not [row for row in rows if row[2] in honest]
    assert (out / "index.html").stat().st_size < 500_000

    mine, theirs = by_student(out), by_student(without)
    assert {name: mine[name] for name in honest} == theirs
    for name in honest:
        page = Path("pages", name, "01-double.html")
        assert timeless((out / page).read_text("utf-8")) == timeless((without / page).read_text("utf-8"))
    right = {student for (student, _), percent in percents(out).items() if percent == 100.0}
    whole = ("archives", "climbing", "files", "notebooks", "bomb", "comment", "names", "outputs", "deep", "printing")
    assert right >= {f"x{kind}" for kind in whole}


@pytest.mark.slow
def test_no_neighbour_in_the_projects_course_loses_a_byte(tmp_path: Path) -> None:
    """The same for attacks on training and on forbidden operators, beside honest answers of these problems."""
    right = (ROOT / "solutions" / "01-maxpool" / "solution.py").read_text(encoding="utf-8")
    wrong = (ROOT / "solutions" / "01-maxpool" / "misconceptions" / "padding_left_out.py").read_text(encoding="utf-8")
    honest: dict[str, bytes | str] = {"ann/01.py": right, "bob/01.py": wrong}
    if WHOLE:
        honest["cy/05.py"] = TRAINED
    without, out = tmp_path / "without", tmp_path / "out"
    for folder, files in ((without, honest), (out, honest | OF_THE_COURSE)):
        ran = grade("batch", hand_in(tmp_path / f"in-{folder.name}", files), "--out", folder, cwd=ROOT, seconds=900)
        assert ran.code == 0, ran.err
    mine, theirs = by_student(out), by_student(without)
    assert {name: mine[name] for name in theirs} == theirs
    for page in without.glob("pages/*/*.html"):
        again = out / page.relative_to(without)
        assert timeless(again.read_text("utf-8")) == timeless(page.read_text("utf-8"))
    hostile = {student: percent for (student, _), percent in percents(out).items() if student not in theirs}
    assert hostile.keys() == {name.partition("/")[0] for name in OF_THE_COURSE}
    assert all(percent is not None and percent < 100 for percent in hostile.values()), hostile
    assert "SPOKEN" not in (out / "pages" / "speaking" / "05-mnist-cnn.html").read_text("utf-8")
