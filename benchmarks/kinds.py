"""Hand-ins that are made to cost more than they should, one student each; tests use them, too.

Each holds a right answer wherever that is possible, so that it can be seen to be graded all the same.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping

Files = Mapping[str, bytes | str]


def zipped(files: Files) -> bytes:
    """An archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def notebook(*cells: object) -> str:
    """A notebook of such cells, some of which may be none."""
    return json.dumps({"cells": list(cells), "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


def cell(source: object, shown: str = "") -> dict[str, object]:
    """A cell of code, with what it has printed."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": shown}] if shown else []
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "source": source, "outputs": outputs}


def hostile_kinds(right: str, slug: str, other: str) -> dict[str, Files]:
    """Kind -> the files of a student called ``xKIND``; `right` answers `slug`, `other` is another problem."""
    tiny = zipped({f"{i:x}": "" for i in range(4_900)})
    one, two = f"{slug}.py", f"{other}.py"
    many = {"output_type": "stream", "name": "stdout", "text": "x"}
    return {
        "archives": {"xarchives.zip": zipped({one: right, **{f"{i}.zip": tiny for i in range(40)}})},
        "climbing": {"xclimbing.zip": zipped({one: right, **{f"../../ann/{i}.py": right for i in range(3_000)}})},
        "files": {f"xfiles/{one}": right, **{f"xfiles/{i % 50}/{i}.dat": "" for i in range(10_500)}},
        "notebooks": {f"xnotebooks/{i}.ipynb": notebook(cell(right, "x" * 5_000_000)) for i in range(12)},
        "outputs": {
            f"xoutputs/{slug}.ipynb": notebook({**cell(right), "outputs": [many] * 100_000}),
        },
        "deep": {f"xdeep/{one}": right, f"xdeep/{other}.ipynb": '{"cells":' + "[" * 400_000 + "]" * 400_000 + "}"},
        "bomb": {"xbomb.zip": zipped({one: right, two: b"#" * 60_000_000})},
        "damaged": {"xdamaged.zip": b"PK\x03\x04" + bytes(range(256)) * 2_000},
        "odd-cells": {f"xodd-cells/{slug}.ipynb": notebook(cell(right), 3, cell([1, 2]), cell(None))},
        "comment": {f"xcomment/{one}": f"# {'long ' * 150_000}\n{right}"},
        "names": {f"xnames/{'<b>' * 20}\u202e\n{i}.txt": "" for i in range(200)} | {f"xnames/{one}": right},
        "import": {f"ximport/{one}": "import time\nwhile True: time.sleep(1)\n"},
        "printing": {f"xprinting/{one}": f"print('<script>\\ud800\\x1b[2J' * 500_000)\n{right}"},
    }
