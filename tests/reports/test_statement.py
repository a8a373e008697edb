"""Statements: headings that advice can point to, tables, highlighted examples, the author's own SVG."""

import pytest

from grader.reports.statement import render, without_title

from . import samples
from .parsed import Parsed


def test_headings_are_shifted_and_named() -> None:
    statement = render("# One\n## Two words\n## Two words\n## `code` & more\n")
    ids = [(tag, a.get("id")) for tag, a in Parsed(statement.html).tags if tag.startswith("h")]
    assert ids == [
        ("h3", "task-one"),
        ("h4", "task-two-words"),
        ("h4", "task-two-words-2"),
        ("h4", "task-code-more"),
    ]
    assert statement.headings["code & more"] == "task-code-more"


@pytest.mark.parametrize(
    ("advice", "expected"),
    [
        ("Read again. See “What the bias does”.", "task-what-the-bias-does"),
        ('See "what the BIAS does"', "task-what-the-bias-does"),
        ("A “window” is no heading. See “What to write”.", "task-what-to-write"),
        ("See “Elsewhere”.", None),
        ("No pointer.", None),
    ],
)
def test_advice_finds_its_heading(advice: str, expected: str | None) -> None:
    found = render(samples.STATEMENT).link(advice)
    assert (found and found[0]) == expected


def test_a_first_heading_that_repeats_the_title_is_dropped() -> None:
    assert without_title("# Max pooling\n\nText", "Max pooling") == "\nText"
    assert without_title("# Another\nText", "Max pooling") == "# Another\nText"
    assert without_title("", "Max pooling") == ""


def test_tables_and_pictures_of_the_author() -> None:
    html = render(samples.STATEMENT).html
    parsed = Parsed(html)
    assert "style" not in dict(parsed.all("td")[1])
    assert parsed.all("td")[1]["class"] == "center"
    assert parsed.all("svg")
    assert 'fill="var(--soft)"' in html
    assert '<span class="t-gp">&gt;&gt;&gt; </span>' in html


def test_code_without_a_language_is_text() -> None:
    assert "&lt;b&gt;" in render("```\n<b>\n```").html
    assert "&lt;b&gt;" in render("```nosuch\n<b>\n```").html
