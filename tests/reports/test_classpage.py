"""The page of a class: complete, deaf to names, small."""

import re

import msgspec
import pytest

from grader.reports.classpage import class_page

from . import classroom
from .hostile import HARMLESS, HOSTILE
from .parsed import Parsed

_ENUMS = {"visibility", "status", "outcomes", "slug"}


def renamed(report, text: str):
    """The report with `text` in place of what comes from outside, ids made different from each other."""
    plain = msgspec.to_builtins(report)
    ids = {row["learner"]["id"]: f"{text}{index:03d}" for index, row in enumerate(plain["rows"])}

    def walk(value):
        if isinstance(value, str):
            return ids.get(value, text)
        if isinstance(value, list | tuple):
            return [walk(item) for item in value]
        if isinstance(value, dict):
            return {k: item if k in _ENUMS else walk(item) for k, item in value.items()}
        return value

    return msgspec.convert(walk(plain), type(report))


def test_names_cannot_change_the_page() -> None:
    report = classroom.report(12)
    hostile = Parsed(class_page(renamed(report, HOSTILE)))
    harmless = Parsed(class_page(renamed(report, HARMLESS)))
    assert hostile.skeleton == harmless.skeleton
    assert len(hostile.all("script")) == 1
    assert not [a for _, attributes in hostile.tags for a in attributes if a.startswith("on")]
    assert not set(hostile.content) & set("\x1b\x07\x00\x9b\u202e\u2066")
    assert all((link["href"] or "").startswith(("#", "./")) for link in hostile.all("a"))


def test_the_policy_allows_one_style_sheet_and_one_script() -> None:
    policy = Parsed(class_page(classroom.report(5))).all("meta")[1]["content"]
    assert policy is not None
    assert re.fullmatch(
        r"default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        r"style-src 'sha256-[^']+'; script-src 'sha256-[^']+'",
        policy,
    )


def test_a_thousand_students_weigh_less_than_two_megabytes() -> None:
    page = class_page(classroom.report(1000))
    assert len(page.encode()) < 2_000_000
    assert page.count("<tr data-o=") == 1000


def test_everything_is_there_without_scripts() -> None:
    report = classroom.report(40)
    text = Parsed(class_page(report)).text
    for row in report.rows:
        assert row.learner.name in text
    for found in report.misconceptions:
        assert found.title in text
        assert found.advice in text
    for idea in report.ideas:
        assert idea.title in text
        assert idea.hardest.title in text
    for problem in report.problems:
        assert problem.title in text
        assert all(check.title in text for check in problem.checks)
    for notice in report.notices:
        assert notice.reason in text
    assert "identical" in text
    assert "94 %" in text


def test_links_lead_to_the_pages_of_students() -> None:
    links = {link["href"] for link in Parsed(class_page(classroom.report(5))).all("a")}
    assert "./s0000/01-maxpool.html" in links


@pytest.mark.parametrize("count", [0, 1, 2])
def test_small_classes(count: int) -> None:
    assert "<h1>" in class_page(classroom.report(count))


def test_the_strip_draws_what_did_not_pass() -> None:
    source = class_page(classroom.report(30))
    for line in re.findall(r"<tr data-o=.*", source):
        codes = re.findall(r'data-o="([^"]*)"', line)[0]
        assert ("class=f" in line) == ("f" in codes)
        assert ("class=e" in line) == any(code in codes for code in "etc")
        assert ("class=n" in line) == any(code in codes for code in "n-")
