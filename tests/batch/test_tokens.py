"""Shapes: what is left of a submission for comparing, and that nothing a student writes makes that slow or fail."""

from __future__ import annotations

import json

import pytest

from grader.batch.tokens import CodeShape, read_shape, shape, shape_of
from grader.model import SourceFile

CODE = """
def pool(image, size):
    out = image.unfold(2, size, size)
    for row in range(3):
        out = out + row * 1.5
    return out.amax(-1)
"""


def of(source: str | bytes, name: str = "a.py") -> CodeShape:
    return shape_of(name, source if isinstance(source, bytes) else source.encode())


@pytest.mark.parametrize(
    ("other", "same_grams", "same_text"),
    [
        pytest.param(CODE, True, True, id="itself"),
        pytest.param(CODE.replace("    ", "\t") + "\n\n\n", True, True, id="layout"),
        pytest.param("# mine\n" + CODE.replace(":\n", ":  # here\n"), True, True, id="comments"),
        pytest.param('"""Mine."""\n' + CODE.replace("size):\n", 'size):\n    "Doc."\n'), True, True, id="docstrings"),
        pytest.param(CODE.replace("image", "x").replace("out", "y"), True, False, id="variables"),
        pytest.param(CODE.replace("\n", "\r\n"), True, True, id="line-ends"),
        pytest.param(CODE.replace("1.5", "2.5"), False, False, id="numbers"),
        pytest.param(CODE.replace("amax", "amin"), False, False, id="methods"),
        pytest.param(CODE.replace("range(3)", "list(3)"), False, False, id="functions"),
        pytest.param(CODE.replace("+", "-"), False, False, id="operators"),
    ],
)
def test_what_counts_as_the_same(other: str, same_grams: bool, same_text: bool) -> None:
    one, two = of(CODE), of(other)
    assert (one.numbers() == two.numbers()) is same_grams
    assert (one.text == two.text) is same_text


def test_strings_are_alike_but_for_the_text() -> None:
    one, two = of(CODE + 'print("a", out)\n'), of(CODE + "print('b', out)\n")
    assert one.numbers() == two.numbers()
    assert one.text != two.text


def test_a_notebook_is_as_its_code_cells() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# def other(): pass"]},
        {"cell_type": "code", "source": CODE.splitlines(keepends=True), "outputs": [{"data": {"x": [[1]]}}]},
    ]
    assert of(json.dumps({"cells": cells, "nbformat": 4}), "A.IPYNB").numbers() == of(CODE).numbers()


def cells(*sources: object, kind: str = "code") -> bytes:
    return json.dumps({"cells": [{"cell_type": kind, "source": source} for source in sources]}).encode()


LONG = "# " + "nobody reads this " * 10_000 + "\n"
OLD = json.dumps({"worksheets": [{"cells": [{"cell_type": "code", "input": CODE}]}]}).encode()
BLINDING = {
    "long-comment-first": ("a.py", LONG + CODE),
    "long-comments-between": ("a.py", CODE.replace("\n", "\n" + LONG)),
    "comment-that-old-line-ends-end": ("a.py", "# mine\r" + CODE.replace("\n", "\r")),
    "byte-order-mark": ("a.py", "\ufeff" + CODE),
    "shell-line-with-an-open-quote": ("a.py", "!echo ''' \n" + CODE),
    "names-in-full-width": ("a.py", CODE.replace("amax", "\uff41\uff4d\uff41\uff58")),
    "long-docstring": ("a.py", '"""' + "x\n" * 100_000 + '"""\n' + CODE),
    "long-comment-in-a-cell": ("a.ipynb", cells(LONG, CODE)),
    "cell-magic": ("a.ipynb", cells("%%time\n" + CODE)),
    "cell-written-to-a-file": ("a.ipynb", cells("%%writefile model.py\n" + CODE)),
    "magic-with-an-open-quote": ("a.ipynb", cells("%env X='''\n" + CODE)),
    "open-quote-in-another-cell": ("a.ipynb", cells("x = '''", CODE)[:-1] + b"}"),
    "cell-that-is-none": ("a.ipynb", b'{"cells": [3, ' + cells(CODE)[len(b'{"cells": [') :]),
    "source-of-numbers": ("a.ipynb", cells([1, 2], CODE)),
    "source-is-null": ("a.ipynb", cells(None, CODE)),
    "notebook-of-2014": ("a.ipynb", OLD),
    "notebook-with-a-byte-order-mark": ("a.ipynb", b"\xef\xbb\xbf" + cells(CODE)),
}


@pytest.mark.parametrize(("name", "content"), BLINDING.values(), ids=BLINDING)
def test_nothing_that_is_no_code_blinds(name: str, content: str | bytes) -> None:
    assert of(CODE).numbers() <= of(content, name).numbers()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"not json", "no notebook"),
        (b'{"cells": 3}', "no notebook"),
        (cells([1], [2], CODE), "2 of its cells cannot be read"),
        (cells(CODE), ""),
    ],
    ids=["no-json", "no-cells", "odd-cells", "whole"],
)
def test_what_cannot_be_compared_is_told(content: bytes, says: str) -> None:
    unread = of(content, "a.ipynb").unread
    assert says in unread
    assert bool(unread) is bool(says)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.py", b"", id="empty"),
        pytest.param("a.py", b"\xff\xfe\x00def", id="binary"),
        pytest.param("a.py", b"x = " + b"-" * 200_000 + b"1", id="signs"),
        pytest.param("a.py", b"'\\" * 60_000, id="open-string"),
        pytest.param("a.py", b"\\'" * 60_000, id="escaped-quotes"),
        pytest.param("a.py", b'"""' * 40_001, id="triple-quotes"),
        pytest.param("a.py", b"'''\\" * 30_000, id="open-triple-quotes"),
        pytest.param("a.py", b"r'" * 60_000, id="prefixes"),
        pytest.param("a.py", b"(" * 120_000, id="brackets"),
        pytest.param("a.py", b"\\\n" * 60_000, id="joined-lines"),
        pytest.param("a.py", b"a" * 1_000_000, id="one-name"),
        pytest.param("a.py", b"\n".join(b"v%d = %d" % (i, i) for i in range(20_000)), id="long"),
        pytest.param("a.ipynb", b"not json", id="no-notebook"),
        pytest.param("a.ipynb", b"[" * 200_000, id="deep-notebook"),
        pytest.param("a.ipynb", b'{"cells": 3}', id="odd-notebook"),
        pytest.param("a.ipynb", b'{"cells": [{"cell_type": "code", "source": ["\\ud800"]}]}', id="surrogate"),
    ],
)
def test_anything_has_a_shape_of_bounded_size(name: str, content: bytes) -> None:
    encoded = shape(SourceFile(name, content))
    assert len(encoded) <= 41_000
    assert read_shape(encoded) == shape_of(name, content)
