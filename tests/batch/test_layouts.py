"""Every platform's layout, from its folder in `golden/` through the real command to the files that come of it."""

from __future__ import annotations

import contextlib
import io
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest

from grader.batch.pages import page_path
from grader.batch.store import STORE
from grader.intake.layouts import NAMES
from tests.batch.conftest import COURSE, HERE, batch, pages, results, table
from tests.lent import EVERYTHING, WHOLE

pytestmark = pytest.mark.slow
GOLDEN = sorted(path.name for path in (HERE / "golden").iterdir())
BY_NAME = {"google-classroom"}
"""Layouts that are taken only if they are asked for."""
ALIKE = {"canvas-anonymous", "moodle-trailing-underscore"}
"""Another one's with other names, which `tests/intake` reads as well: as folders where CI has the time."""
PACKED = [
    *((layout, "folder") for layout in GOLDEN if WHOLE or layout not in ALIKE),
    *((layout, "zip") for layout in GOLDEN[:: 1 if EVERYTHING else 3 if WHOLE else 6]),
    ("folders", "zips-in-a-zip"),
]
"""Each as a folder and every third as an archive: `tests/intake` reads archives of every layout."""


@pytest.fixture(scope="module")
def primed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch in which most of what the layouts hold is graded: grades are filed by content, not by place."""
    root = tmp_path_factory.mktemp("primed")
    for layout in ("folders", "gradescope", "flat", "moodle", "canvas"):
        ran = batch(COURSE, HERE / "golden" / layout / "submissions", root / "out", "--add")
        assert ran.code == 0, ran.err
    # Nobody's hand-ins, so that none of them are missed.
    # Closed before it is copied: what the connection keeps beside the file would vanish meanwhile.
    with contextlib.closing(sqlite3.connect(root / "out" / STORE)) as store, store:
        for table_name in ("rounds", "students", "notices", "work"):
            store.execute(f"DELETE FROM {table_name}")
    return root / "out"


@pytest.mark.parametrize(("layout", "packed"), PACKED)
def test_layout(layout: str, packed: str, primed: Path, tmp_path: Path) -> None:
    golden = HERE / "golden" / layout
    source = _packed(golden / "submissions", packed, tmp_path)
    out = tmp_path / "out"
    shutil.copytree(primed, out)
    asked = ("--layout", layout) if layout in BY_NAME else ()
    ran = batch(COURSE, source, out, *asked)
    assert ran.code == 0, ran.err
    expected = golden / "expected"
    assert (out / "scores.csv").read_bytes() == (expected / "scores.csv").read_bytes()
    # What somebody handed in is called by its archive, where it came in one.
    said = (out / "students.json").read_bytes().replace(b".zip holds", b" holds")
    assert said == (expected / "students.json").read_bytes()
    told = table(out / "notices.csv")
    assert all(row[4] for row in told), "everything is listed with its reason"
    if packed == "folder":
        assert [row[:4] for row in told] == table(expected / "notices.csv")
    assert pages(out) == {page_path(one["student"], one["problem"]) for one in results(out)}


def test_a_golden_folder_for_every_layout() -> None:
    missing = set(NAMES) - set(GOLDEN) - {"plain"}
    assert not missing
    assert "flat" in GOLDEN, "which is plain"


def _packed(folder: Path, how: str, tmp_path: Path) -> Path:
    """The submissions as they lie there, or as the platform's archive, or with an archive for each student."""
    if how == "folder":
        return folder
    target = tmp_path / f"{folder.parent.name}.zip"
    if how == "zip":
        target.write_bytes(_zipped(folder))
        return target
    with zipfile.ZipFile(target, "w") as archive:
        for student in sorted(path for path in folder.iterdir() if path.is_dir()):
            archive.writestr(f"{student.name}.zip", _zipped(student))
        archive.write(folder / "roster.csv", "roster.csv")
    return target


def _zipped(folder: Path) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return file.getvalue()
