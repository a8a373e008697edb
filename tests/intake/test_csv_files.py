"""CSV of any dialect: the values, and the file again byte for byte."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.intake.csv_files import Dialect, read_table

FILES = {
    "plain": (b"a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    "no-last-newline": (b"a,b\n1,2", [["a", "b"], ["1", "2"]]),
    "crlf": (b"a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
    "old-mac": (b"a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
    "quoted": (b'"a",b\n"1,5","say ""hi"""\n', [["a", "b"], ["1,5", 'say "hi"']]),
    "newline-inside": (b'a,b\n"1\r\n2",3\n', [["a", "b"], ["1\r\n2", "3"]]),
    "empty-cells": (b"a,,\n,,\n", [["a", "", ""], ["", "", ""]]),
    "semicolons": (b'a;b\n"1,5";2\n', [["a", "b"], ["1,5", "2"]]),
    "tabs": (b"a\tb,c\n1\t2\n", [["a", "b,c"], ["1", "2"]]),
    "excel-hint": (b"sep=;\r\na,b;c\r\n", [["a,b", "c"]]),
    "mark": (codecs.BOM_UTF8 + "ä,b\n".encode(), [["ä", "b"]]),
    "utf-16-le": (codecs.BOM_UTF16_LE + "ä\tb\r\n".encode("utf-16-le"), [["ä", "b"]]),
    "utf-16-be": (codecs.BOM_UTF16_BE + "ä,b\n".encode("utf-16-be"), [["ä", "b"]]),
    "utf-16-without-mark": ("a,b\n".encode("utf-16-le"), [["a", "b"]]),
    "windows": ("Müller,“x”\n".encode("cp1252"), [["Müller", "“x”"]]),
    "stray-text-after-a-quote": (b'"a"x,b\n', [["ax", "b"]]),
    "blank-line": (b"a,b\n\n1,2\n", [["a", "b"], [""], ["1", "2"]]),
    "empty": (b"", []),
}


@pytest.mark.parametrize(("content", "values"), FILES.values(), ids=FILES)
def test_round_trip(content: bytes, values: list[list[str]]) -> None:
    table = read_table(content)
    assert table.values() == values
    assert table.encode() == content


@pytest.mark.parametrize(
    ("content", "words"),
    [(b'a,b\n1,"2\n3', "line 2: a quotation mark is never closed"), (codecs.BOM_UTF8 + b"\xff", "UTF-8")],
    ids=["unclosed", "false-mark"],
)
def test_damaged(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_table(content)


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8).filter(lambda t: "\0" not in t)


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=4), st.sampled_from(",;\t"))
def test_cells_survive(rows: list[list[str]], separator: str) -> None:
    dialect = Dialect(separator=separator)
    lines = [
        "x" + separator + "y",
        *(separator.join(dialect.cell(value).raw for value in row) for row in rows),
    ]
    table = read_table(dialect.bom + "\r\n".join(lines).encode() + b"\r\n")
    assert table.values() == [["x", "y"], *rows]
