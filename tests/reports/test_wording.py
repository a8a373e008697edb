"""Untrusted text comes out harmless, and honest text as it went in."""

import pytest

from grader.reports.wording import clipped, counted, number, one_line, seconds
from grader.text import plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("tensor([1, 2])\n\tok", "tensor([1, 2])\n\tok", id="newline and tab stay"),
        pytest.param("Zoë Müller 山田太郎 שלום", "Zoë Müller 山田太郎 שלום", id="names of the world stay"),
        pytest.param("a\x00b\x07c\x7fd", "a�b�c�d", id="control characters"),
        pytest.param("\x1b[1;31mred\x1b[0m", "red", id="colours"),
        pytest.param("\x1b]0;title\x07x\x1b]8;;http://e\x1b\\y", "xy", id="window title and links"),
        pytest.param("\x1bPq#0\x1b\\z\x9b31mw", "zw", id="device strings and one-byte introducers"),
        pytest.param("a\x1b[2Jb\x1b(0c\x1bcd", "abcd", id="clear, character sets, reset"),
        pytest.param("\x1b", "�", id="a lone escape"),
        pytest.param("abc\u202etxt.py", "abc�txt.py", id="right-to-left override"),
        pytest.param("\u2066a\u2069\u200f\u061c", "�a���", id="isolates and marks"),
        pytest.param("a\u200bb\ufeffc\U000e0041", "a�b�c�", id="invisible characters"),
        pytest.param("50 %\r\n60 %\rdone", "50 %\n60 %\ndone", id="carriage returns"),
        pytest.param("a\u2028b\u2029c\x85d\x0ce", "a\nb\nc\nd\ne", id="other line ends"),
        pytest.param("\ud800x\uffff", "�x�", id="lone surrogates and no characters"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_plain_is_stable() -> None:
    hostile = "".join(map(chr, [*range(0x3000), *range(0xD700, 0xE000), *range(0xFE00, 0x10000)]))
    once = plain(hostile)
    assert plain(once) == once
    assert once.replace("\n", "").replace("\t", "").isprintable() or all(
        c.isprintable() or c.isspace() or ord(c) > 0x9F for c in once
    )


def test_a_long_escape_sequence_takes_linear_time() -> None:
    assert plain("\x1b]" + "a" * 200_000) == ""
    assert len(plain("\x1b[" * 100_000)) <= 200_000


def test_one_line_and_clipped() -> None:
    assert one_line(" a\n b\t c ") == "a b c"
    assert one_line("x" * 50, 10) == "x" * 9 + "…"
    text = "first\n" + "middle\n" * 500 + "TypeError: last"
    short = clipped(text, 120)
    assert short.startswith("first")
    assert short.endswith("TypeError: last")
    assert "characters left out" in short
    assert clipped("short", 10) == "short"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(7.5, "7.5"), (10.0, "10"), (0.333333, "0.33"), (0.0, "0"), (-0.001, "0"), (100.0, "100"), (1e-9, "0")],
)
def test_number(value: float, expected: str) -> None:
    assert number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.004, "4 ms"),
        (0.1, "0.1 s"),
        (0.25, "0.2 s"),
        (0.7, "0.7 s"),
        (0.9996, "1.0 s"),
        (12.34, "12.3 s"),
        (200.0, "3 min 20 s"),
        (0.0, "0 ms"),
    ],
)
def test_seconds(value: float, expected: str) -> None:
    assert seconds(value) == expected


def test_counted() -> None:
    assert counted(1, "check") == "1 check"
    assert counted(2, "check") == "2 checks"
    assert counted(1200, "entry", "entries") == "1,200 entries"
