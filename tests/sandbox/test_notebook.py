"""A notebook becomes code: what is read, what is left out, and by which lines it goes."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest

from grader.intake.notebook_outputs import without_outputs
from grader.sandbox.loading.cell import parse_cell
from grader.sandbox.loading.document import Unusable
from grader.sandbox.loading.notebook import HISTORY, read
from tests.notebook.build import notebook


def lines_of(source: str) -> dict[str, int]:
    """Name -> the line at which a cell defines it."""
    return parse_cell("cell 1", source).binds


@pytest.mark.parametrize("version", [3, 4])
def test_cells_come_in_order_and_empty_ones_do_not_count(version: int) -> None:
    found = read(notebook("a = 1", "  \n", "def f():\n    pass", version=version))
    assert [(cell.label, cell.source) for cell in found.cells] == [
        ("cell 1", "a = 1"),
        ("cell 2", "def f():\n    pass"),
    ]


def test_a_source_may_be_one_string_and_ids_may_be_missing() -> None:
    document = {"cells": [{"cell_type": "code", "source": "a = 1\r\nb = 2"}], "nbformat": 4, "nbformat_minor": 2}
    assert read(json.dumps(document).encode()).cells[0].binds == {"a": 1, "b": 2}


def test_a_kernels_history_brings_its_numbers() -> None:
    cells = [{"cell_type": "code", "execution_count": number, "source": "a = 1"} for number in (4, 9)]
    document = {"cells": cells, "metadata": {HISTORY: True}, "nbformat": 4, "nbformat_minor": 5}
    assert [cell.label for cell in read(json.dumps(document).encode()).cells] == ["In [4]", "In [9]"]


SAME_LINES = {
    "plain": ("a = 1\nb = 2", {"a": 1, "b": 2}),
    "blank lines above": ("\n\n  \na = 1\n", {"a": 4}),
    "a line magic": ("%matplotlib inline\na = 1", {"a": 2}),
    "a magic over several lines": ("!pip install \\\n  one \\\n  two\na = 1", {"a": 4}),
    "a timed cell": ("%%time\na = 1\ndef f():\n    return 2", {"a": 2, "f": 3}),
    "a captured cell below blank lines": ("\n%%capture out\n\na = 1", {"a": 4}),
    "a timed statement": ("x = 1\n%time a = 1", {"x": 1, "a": 2}),
    "an assigned command": ("files = !ls\na = 1", {"files": 1, "a": 2}),
    "a question": ("a = 1\na?\nb = 1", {"a": 1, "b": 3}),
    "a pasted session": (">>> a = 1\n>>> b = 2", {"a": 1, "b": 2}),
    "a magic in a block": ("if True:\n    %cd ..\n    a = 1", {"a": 3}),
    "another language's cell": ("%%bash\na=1", {}),
    "await": ("import asyncio\na = await asyncio.sleep(0, 1)", {"asyncio": 1, "a": 2}),
}


@pytest.mark.parametrize(("source", "expected"), SAME_LINES.values(), ids=SAME_LINES)
def test_a_cell_keeps_its_own_lines(source: str, expected: dict[str, int]) -> None:
    assert lines_of(source) == expected


BINDINGS = {
    "definitions": ("async def f(): ...\nclass C: ...", {"f", "C"}),
    "what is inside stays inside": ("def f():\n    x = 1\n    def g(): ...", {"f"}),
    "blocks are open": (
        "try:\n    import a.b\nexcept E:\n    from c import d as e\nfor i in x: y = i",
        {"a", "e", "i", "y"},
    ),
    "comprehensions are not": ("z = [q for q in x]", {"z"}),
    "targets": ("(a, *b), c.d = e\nwith f as g: pass\nif (h := 1): pass", {"a", "b", "g", "h"}),
    "broken": ("x = = 3\ndef f(a):\n    pass\nclass C:\n", {"f", "C"}),
}  # fmt: skip


@pytest.mark.parametrize(("source", "names"), BINDINGS.values(), ids=BINDINGS)
def test_what_a_cell_binds(source: str, names: set[str]) -> None:
    assert set(lines_of(source)) == names


TOLD = {
    "installation": ("!pip install einops\nimport torch", [(1, "!pip install einops")]),
    "the magic of it": ("import torch\n%pip install einops", [(2, "%pip install einops")]),
    "assigned": ("x = 1\nfiles = !ls", [(2, "files = !ls")]),
    "in a block": ("if True:\n    !ls", [(2, "!ls")]),
    "a cell of bash": ("%%bash\necho hi\n", [(1, "%%bash")]),
    "a file is not": ("\n%%writefile a.py\nx = 1\n", []),
    "another notebook": ("%run other.ipynb", [(1, "%run other.ipynb")]),
    "settings are not": ("%matplotlib inline\n%load_ext grader\n%grade 02\n%timeit 1", []),
    "a timed cell is not": ("%%time\nx = 1", []),
    "nor shown HTML": ("%%html\n<b>hi</b>", []),
    "nor a string": ("x = '''\n!pip install\n'''", []),
}


@pytest.mark.parametrize(("source", "expected"), TOLD.values(), ids=TOLD)
def test_what_is_not_run_is_told_where_it_might_be_missed(source: str, expected: list[tuple[int, str]]) -> None:
    assert [(magic.line, magic.text) for magic in parse_cell("cell 1", source).magics] == expected


def test_a_syntax_error_is_the_cells_own() -> None:
    cell = parse_cell("cell 3", "%matplotlib inline\nx = = 3")
    assert cell.statements == ()
    assert cell.error is not None
    assert (cell.error.filename, cell.error.lineno) == ("cell 3", 2)


UNUSABLE: dict[str, tuple[bytes, str]] = {
    "cut short": (notebook("a = 1")[:-30], r"damaged: it is not complete JSON \(line \d+, column \d+: .*\)"),
    "a merge conflict": (b'{"cells": [\n<<<<<<< HEAD\n=======\n>>>>>>> b\n]}', "marks of a git merge conflict"),
    "nested too deep": (b'{"cells": ' + b"[" * 200_000, "nested too deep"),
    "a number too long": (b'{"cells": ' + b"1" * 5000 + b"}", "not complete JSON"),
    "other JSON": (b'{"a": 1}', "not a notebook: it has no cells"),
    "a list": (b"[]", "not a notebook"),
    "the format of tomorrow": (b'{"cells": [], "nbformat": 5}', "saved in format 5; save it in format 4"),
    "the format of long ago": (b'{"cells": [], "nbformat": 2}', "saved in format 2"),
    "no format at all": (b'{"cells": [], "nbformat": "4"}', "saved in format '4'; save it in format 4"),
    "no cells": (b'{"cells": [], "nbformat": 4, "nbformat_minor": 5}', "has no code cells; write"),
    "cells that are none": (b'{"cells": [1, null, {}], "nbformat": 4}', "has no code cells"),
    "empty cells": (notebook("", "\n"), "code cells are all empty; was it saved"),
    "code as text": (notebook(), "there is Python in its text cells: change them to code cells"),
    "R": (
        notebook("f <- 1", metadata={"kernelspec": {"display_name": "R 4.3", "language": "R", "name": "ir"}}),
        r"written in R \(its kernel is R 4.3\); only Python",
    ),
    "Julia": (notebook("f", metadata={"language_info": {"name": "julia"}}), "written in julia; only Python"),
}


@pytest.mark.parametrize(("content", "says"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_notebook_that_cannot_be_used_says_why(content: bytes, says: str) -> None:
    with pytest.raises(Unusable, match=says):
        read(content)


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"kernelspec": {"name": "conda-env-dl-py", "display_name": "dl", "language": "python"}},
        {"language_info": {"name": "python", "version": "3.8"}},
        {"language_info": {"name": "ipython"}},
        {"kernelspec": None, "language_info": []},
    ],
    ids=["nothing", "conda", "python", "ipython", "nonsense"],
)
def test_python_by_any_name(metadata: dict[str, Any]) -> None:
    assert len(read(notebook("a = 1", metadata=metadata)).cells) == 1


@pytest.mark.parametrize("slim", [False, True], ids=["as it is", "after intake"])
def test_large_outputs_are_left_aside_and_counted(slim: bool) -> None:
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "QUJD" * 1_000_000}}
    printed = {"output_type": "stream", "name": "stdout", "text": ['line "1"\n'] * 500_000}
    content = notebook("a = 1", outputs=[picture, printed])
    found = read(without_outputs("a.ipynb", content) if slim else content)
    assert len(found.cells) == 1
    assert 8_000_000 < found.output_bytes <= len(content)
    assert read(notebook("a = 1", outputs=[])).output_bytes == 0


def test_statements_are_ordinary_python() -> None:
    (statement,) = parse_cell("cell 1", "x = [1, 2]").statements
    assert ast.unparse(statement) == "x = [1, 2]"
