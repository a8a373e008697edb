"""Whatever a grade holds that its types allow, every report of it is made, within its size, without foreign markup."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from grader.model import Grade
from grader.reports.classpage import class_page
from grader.reports.html import student_page
from grader.reports.json import encode_grade
from grader.reports.model import ClassEntry
from grader.reports.plainpage import drawn_or_plain, plain_page
from grader.reports.statistics import ClassCounting
from grader.reports.terminal import print_grade

from . import samples
from .parsed import Parsed
from .strategies import grades

pytestmark = pytest.mark.slow

FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
PROBLEM = samples.problem()
MOST_BYTES = 250_000


def harmless(page: str) -> None:
    parsed = Parsed(page)
    assert len(page.encode("utf-8", "replace")) < MOST_BYTES
    assert not [a for _, attributes in parsed.tags for a in attributes if a.startswith("on") or a == "srcdoc"]
    assert not set(page) & set("\x1b\x07\x00\x9b\u202e\u2066")
    assert all((link["href"] or "").startswith(("#", "./")) for link in parsed.all("a"))
    assert not [image for image in parsed.all("img") if not (image["src"] or "").startswith("data:image/png;base64,")]


@FEW
@given(grades)
def test_the_page_of_any_grade(grade: Grade) -> None:
    page = student_page(grade, PROBLEM, samples.STATEMENT)
    harmless(page)
    assert not Parsed(page).all("script")
    plain = plain_page(grade, PROBLEM, grade.message).decode()
    harmless(plain)


@FEW
@given(st.lists(grades, max_size=4))
def test_the_class_page_of_any_grades(several: list[Grade]) -> None:
    entries = [ClassEntry(grade, "pages/x.html") for grade in several]
    page = class_page(ClassCounting().report("class", [PROBLEM], [], entries))
    harmless(page)
    assert len(Parsed(page).all("script")) == 1


@FEW
@given(grades, st.sampled_from([40, 80, 200]), st.booleans())
def test_the_terminal_report_of_any_grade(grade: Grade, width: int, reveal: bool) -> None:
    out = io.StringIO()
    print_grade(grade, Console(file=out, width=width), reveal=reveal)
    said = out.getvalue()
    assert len(said) < MOST_BYTES
    assert not set(said) & set("\x1b\x07\x00\x9b\u202e\u2066")


@FEW
@given(grades)
def test_the_json_of_any_grade(grade: Grade) -> None:
    line = encode_grade(grade, indent=None)
    assert line.count(b"\n") == 1
    assert json.loads(line)["problem"] == grade.problem


class Undrawable(str):
    """A text of which no page can be made."""

    def isprintable(self) -> bool:
        raise ValueError("no <b>page</b>")


def test_a_page_that_cannot_be_drawn_is_a_plain_one() -> None:
    grade = samples.grade(samples.check("A & B"), submission=Undrawable("x"))
    page = drawn_or_plain(grade, PROBLEM, None)
    harmless(page)
    assert "1 of 1 points" in page
    assert "A &amp; B" in page
    assert "ValueError: no &lt;b&gt;page&lt;/b&gt;" in page
    assert drawn_or_plain(samples.typical(), PROBLEM, None) == student_page(samples.typical(), PROBLEM, None)
