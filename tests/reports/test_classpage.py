"""The page of a class: complete, deaf to names, small."""

import re
from itertools import pairwise

import msgspec
import pytest

from grader.reports.classpage import MOST_LISTED, class_page, matrix_bed
from grader.reports.model import Alike, ClassEntry, ClassNotice
from grader.reports.statistics import ClassCounting

from . import classroom, samples
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
    policy = Parsed(class_page(classroom.report(5))).policy
    assert policy is not None
    assert re.fullmatch(
        r"default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        r"style-src 'sha256-[^']+'; script-src 'sha256-[^']+'",
        policy,
    )


@pytest.mark.slow
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


def test_long_tables_are_cut_and_lead_to_the_file_that_holds_all() -> None:
    report = classroom.report(12)
    notices = tuple(
        ClassNotice(f"eve/{i}.bin", "is neither code nor a file that the code asks for") for i in range(774_168)
    )
    alike = tuple(Alike("01-maxpool", ("a", "b"), 1.0) for _ in range(10_000))
    page = class_page(msgspec.structs.replace(report, notices=notices, alike=alike), "notices.csv")
    assert len(page) < 300_000
    assert "774,168 notices" in page
    assert Parsed(page).text.count("is neither code") == MOST_LISTED
    assert "And 773,968 others." in " ".join(Parsed(page).text.split())
    assert [link for link in Parsed(page).all("a") if link["href"] == "./notices.csv"]


def test_a_problem_that_nobody_handed_in_is_not_told_as_measured() -> None:
    report = ClassCounting().report("c", classroom.problems(), classroom.learners(3), [])
    bare = class_page(report)
    assert "0 ms" not in Parsed(bare).text
    lefts = [left for _, left, _, _ in matrix_bed(report.problems).spans]
    assert all(later - earlier >= 16 for earlier, later in pairwise(lefts)), "labels have room beside each other"


def test_likenesses_lead_to_the_pages() -> None:
    report = classroom.report(30)
    row, first = next((row, cell) for row in report.rows if (cell := row.cells[0]) is not None)
    cell = msgspec.structs.replace(first, page="pages/x/01-maxpool.html")
    row = msgspec.structs.replace(row, cells=(cell, *row.cells[1:]))
    alike = (Alike("01-maxpool", (row.learner.id, "somebody without a page"), 1.0),)
    page = class_page(msgspec.structs.replace(report, rows=(row,), alike=alike))
    after = page[page.index('<h2 id="alike">') :]
    assert '<a href="./pages/x/01-maxpool.html">' in after


def test_the_slowest_are_named() -> None:
    grades = [samples.grade(student=f"s{i}", duration_s=float(i)) for i in range(30)]
    report = ClassCounting().report("c", classroom.problems(), [], [ClassEntry(grade) for grade in grades])
    assert [slow.student for slow in report.slowest] == [f"s{i}" for i in range(29, 21, -1)]
    assert "Slowest" in class_page(report)
    quick = ClassCounting().report("c", classroom.problems(), [], [ClassEntry(samples.grade(duration_s=0.2))])
    assert not quick.slowest
