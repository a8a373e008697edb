"""What a notebook showed is taken out at intake; its code never changes, and no file takes long."""

from __future__ import annotations

import json
from typing import Any

import pytest

from grader.intake.notebook_outputs import limit_of, without_outputs

PICTURE = "iVBORw0KGgo" * 1000


def saved(source: str, *outputs: dict[str, Any], indent: int | None = 1) -> bytes:
    cell = {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": list(outputs)}
    cells = [{**cell, "source": source}, {**cell, "source": source.splitlines(keepends=True)}]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=indent).encode()


OUTPUTS: dict[str, dict[str, Any]] = {
    "a picture": {"output_type": "display_data", "data": {"image/png": PICTURE, "text/plain": ["<Figure>"]}},
    "printed lines": {"output_type": "stream", "name": "stdout", "text": ['say "hi" \\ \n'] * 500},
    "a widget": {"output_type": "display_data", "data": {"application/vnd.x+json": PICTURE, "text/html": PICTURE}},
}


@pytest.mark.parametrize("output", OUTPUTS.values(), ids=OUTPUTS)
@pytest.mark.parametrize("indent", [None, 1], ids=["one line", "as Jupyter saves"])
def test_what_was_shown_goes_and_what_was_written_stays(output: dict[str, Any], indent: int | None) -> None:
    source = f'text = {{"text": ["{PICTURE}"], "image/png": "{PICTURE}"}}\nshow("text": \'{PICTURE}\')'
    before = saved(source, output, indent=indent)
    after = without_outputs("work.ipynb", before)
    assert len(after) < len(before) - 4_000
    assert after.count(b"\n") == before.count(b"\n")
    assert [cell["source"] for cell in json.loads(after)["cells"]] == [
        cell["source"] for cell in json.loads(before)["cells"]
    ]


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/svg+xml", "image/gif"])
def test_figures_that_a_person_looks_at_stay(kind: str) -> None:
    before = saved("x = 1", {"output_type": "display_data", "data": {kind: PICTURE, "text/html": PICTURE}})
    after = without_outputs("work.ipynb", before, figures=True)
    assert after.count(PICTURE.encode()) == (0 if kind == "image/gif" else before.count(PICTURE.encode()) // 2)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.py", b'{"text": "' + b"x" * 1000 + b'"}'),
        ("short.ipynb", b'{"text": "x", "image/png": "abc"}'),
        ("cut.ipynb", b'{"text": "' + b"x" * 1000),
        ("number.ipynb", b'{"text": 12345}'),
        ("object.ipynb", b'{"application/json": {"a": 1}}'),
        ("mixed.ipynb", b'{"text": ["a", 1]}'),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_everything_else_stays_as_it_is(name: str, content: bytes) -> None:
    assert without_outputs(name, content) == content


@pytest.mark.parametrize(
    "unit",
    [b'"text":["a",', b'"a" ', b'\\"', b'"text": ', b'"text":["x","text":', b'"image/', b"\\"],
    ids=lambda unit: unit.decode(),
)
def test_a_hostile_file_is_done_with(unit: bytes) -> None:
    """Ten megabytes: anything worse than a search in linear time would not come back."""
    content = b'{"text": ["' + unit * (10_000_000 // len(unit))
    assert len(without_outputs("a.ipynb", content)) <= len(content)


def test_a_notebook_may_be_larger_than_a_script() -> None:
    assert limit_of("a.py", 10) == 10
    assert limit_of("A.IPYNB", 10) == 640
