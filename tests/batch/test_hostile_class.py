"""A class with one student of each hostile kind: each costs its own notices, and no neighbour a byte."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.intake.budget import MOST_NOTICES
from tests.batch.classroom import HONEST
from tests.batch.conftest import RIGHT, batch, hand_in, percents, table, timeless


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def notebook(*cells: object) -> str:
    return json.dumps({"cells": list(cells), "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


def cell(source: object, shown: str = "") -> dict[str, object]:
    outputs = [{"output_type": "stream", "name": "stdout", "text": shown}] if shown else []
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "source": source, "outputs": outputs}


TINY = zipped({f"{i:x}": "" for i in range(4_900)})
HOSTILE: dict[str, Mapping[str, bytes | str]] = {
    "archives": {"x-archives.zip": zipped({"01.py": RIGHT, **{f"{i}.zip": TINY for i in range(40)}})},
    "climbing": {"x-climbing.zip": zipped({"01.py": RIGHT, **{f"../../ann/{i}.py": RIGHT for i in range(3_000)}})},
    "files": {"x-files/01.py": RIGHT, **{f"x-files/{i % 50}/{i}.dat": "" for i in range(10_500)}},
    "notebooks": {f"x-notebooks/{i}.ipynb": notebook(cell(RIGHT, "x" * 5_000_000)) for i in range(12)},
    "bomb": {"x-bomb.zip": zipped({"01.py": RIGHT, "02.py": b"#" * 60_000_000})},
    "damaged": {"x-damaged.zip": b"PK\x03\x04" + bytes(range(256)) * 2_000},
    "odd-cells": {"x-odd-cells/01.ipynb": notebook(cell(RIGHT), 3, cell([1, 2]), cell(None))},
    "comment": {"x-comment/01.py": f"# {'long ' * 150_000}\n{RIGHT}"},
    "names": {f"x-names/{'<b>' * 20}\u202e\n{i}.txt": "" for i in range(200)} | {"x-names/01.py": RIGHT},
    "import": {"x-import/01.py": "import time\nwhile True: time.sleep(1)\n"},
}


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
    hostile = {name: content for one in HOSTILE.values() for name, content in one.items()}
    ran = batch(small, hand_in(tmp_path / "class", {**files, **hostile}), out)
    assert ran.code == 0, ran.err

    rows = table(out / "notices.csv")[1:]
    for kind in HOSTILE:
        own = [row for row in rows if f"x-{kind}" in row[0] or row[2] == f"x-{kind}"]
        assert len(own) <= MOST_NOTICES + 5, kind
        assert own or kind in ("comment", "import"), f"{kind} is told"
    assert not [row for row in rows if row[2] in honest]
    assert (out / "index.html").stat().st_size < 500_000

    mine, theirs = by_student(out), by_student(without)
    assert {name: mine[name] for name in honest} == theirs
    for name in honest:
        page = Path("pages", name, "01-double.html")
        assert timeless((out / page).read_text("utf-8")) == timeless((without / page).read_text("utf-8"))
    right = {student for (student, _), percent in percents(out).items() if percent == 100.0}
    assert right >= {"x-archives", "x-climbing", "x-files", "x-notebooks", "x-bomb", "x-comment", "x-names"}
