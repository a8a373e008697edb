"""The pages in a real browser: they open quietly, ask for nothing, run nothing of a student's, and can be used by all.

Needs Debian's chromium (or any, named by TORCHGRADE_CHROMIUM), playwright and axe-playwright-python.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from grader.model import Grade, Problem, Status
from grader.reports.classpage import class_page
from grader.reports.html import student_page
from grader.reports.model import ClassReport
from grader.reports.plainpage import plain_page

from . import classroom, samples
from .hostile import HOSTILE, filled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = os.environ.get("TORCHGRADE_CHROMIUM") or shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed"),
]


def hostile_class() -> ClassReport:
    """A class in which every name, path and reason is hostile."""
    report = classroom.report(12)
    rows = tuple(
        msgspec.structs.replace(
            row,
            learner=msgspec.structs.replace(row.learner, name=f"{HOSTILE} {index}"),
            cells=tuple(cell and msgspec.structs.replace(cell, page="javascript:alert(5)") for cell in row.cells),
        )
        for index, row in enumerate(report.rows)
    )
    failures = tuple(
        msgspec.structs.replace(each, reason=HOSTILE, page="javascript:alert(6)") for each in report.failures
    )
    notices = tuple(msgspec.structs.replace(each, path=HOSTILE, reason=HOSTILE) for each in report.notices)
    return msgspec.structs.replace(report, title=HOSTILE, rows=rows, failures=failures, notices=notices)


def rejected() -> Grade:
    return samples.grade(status=Status.REJECTED, max_score=10.0, message="02.py, line 3: SyntaxError")


PAGES = {
    "typical": lambda: student(samples.typical()),
    "everything": lambda: student(samples.everything()),
    "perfect": lambda: student(samples.perfect()),
    "figures": lambda: student(samples.figures()),
    "rejected": lambda: student(rejected()),
    "plain": lambda: plain_page(samples.everything(), samples.problem(), f"ValueError: {'x' * 400}").decode(),
    "hostile": lambda: student(filled(samples.everything(), HOSTILE)),
    "hostile-figures": lambda: student(filled(samples.figures(), HOSTILE)),
    "class": lambda: class_page(classroom.report(40)),
    "small-class": lambda: class_page(classroom.report(8)),
    "hostile-class": lambda: class_page(hostile_class()),
    "empty-class": lambda: class_page(classroom.empty()),
}


def student(grade: Grade) -> str:
    task: Problem = samples.problem()
    return student_page(grade, task, samples.STATEMENT)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name, make in PAGES.items():
        (folder / f"{name}.html").write_text(make(), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


def wait_until(page: Page, condition: str) -> None:
    """Ask from outside, again and again: playwright's own waiting evaluates text in the page, which forbids that."""
    deadline = time.monotonic() + 10
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, f"never true: {condition}"
        page.wait_for_timeout(20)


class Visit:
    """An open page and everything it did on its own."""

    def __init__(self, browser: Browser, file: Path, **options) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.page = self.context.new_page()
        self.noise: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.noise.append(message.text))
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.on("dialog", self._dialog)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.url = file.as_uri()
        self.page.goto(self.url)

    def _dialog(self, dialog: Dialog) -> None:
        self.noise.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def visit(browser: Browser, folder: Path) -> Iterator:
    visits: list[Visit] = []

    def open_page(name: str, **options) -> Visit:
        visits.append(Visit(browser, folder / f"{name}.html", **options))
        return visits[-1]

    yield open_page
    for each in visits:
        each.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_opens_quietly_asks_for_nothing_and_fits(visit, name: str) -> None:
    visited = visit(name)
    for width in (1280, 390):
        visited.page.set_viewport_size({"width": width, "height": 800})
        assert visited.page.evaluate("document.documentElement.scrollWidth") <= width
    assert visited.noise == []
    assert [url for url in visited.requests if not url.startswith("data:")] == [visited.url]
    assert visited.page.evaluate("document.scripts.length") == ("class" in name)


# For each row of a class's table it looks for the same.
@pytest.mark.parametrize("name", ["typical", "everything", "figures", "rejected", "plain", "small-class"])
def test_axe_finds_nothing_serious_in_both_themes(visit, name: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is missing")
    page = visit(name).page
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    page.emulate_media(color_scheme="dark")
    contrast = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
    found += axe.Axe().run(page, options=contrast).response["violations"]
    serious = [
        (each["id"], [node["target"] for node in each["nodes"]][:3])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_links_of_hostile_pages_stay_in_the_folder(visit) -> None:
    page = visit("hostile-class").page
    targets = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    assert targets
    assert all(target.startswith("file://") for target in targets)


def test_an_idea_in_the_band_leads_to_its_checks(visit) -> None:
    page = visit("typical").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for idea in ("What the layer holds", "What the bias adds", "Axes"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == idea, "one stop an idea, none a check"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    group = page.get_by_role("region", name="Axes")
    assert group.evaluate("it => Math.abs(it.getBoundingClientRect().top) < innerHeight / 2")
    assert group.get_by_role("listitem").filter(has_text="hidden").count() == 1


def test_the_plain_page_is_dark_where_the_reader_wants_it(browser: Browser, folder: Path) -> None:
    dark = Visit(browser, folder / "plain.html", color_scheme="dark", viewport={"width": 80, "height": 80})
    light = Visit(browser, folder / "plain.html", color_scheme="light", viewport={"width": 80, "height": 80})
    corners = {
        visit.page.screenshot(clip={"x": 0, "y": 0, "width": 4, "height": 4}, type="png") for visit in (dark, light)
    }
    assert len(corners) == 2, "the canvas, not the text alone"
    for each in (dark, light):
        each.context.close()


@pytest.mark.parametrize("name", ["typical", "everything", "figures", "class"])
def test_on_paper_nothing_is_folded_cut_or_dark(visit, name: str) -> None:
    page = visit(name, color_scheme="dark").page
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    # What was skipped until now is laid out with one of the next frames.
    wait_until(
        page,
        "[...document.querySelectorAll('details:not(.rarer, .rarer details)')]"
        ".every(fold => fold.lastElementChild.checkVisibility({contentVisibilityAuto: true}))",
    )
    scrolling = (
        "[...document.querySelectorAll('.scroll, pre')].filter(it => getComputedStyle(it).overflow != 'visible')"
    )
    assert page.evaluate(f"{scrolling}.length") == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    breaks = "[...document.querySelectorAll('figure, tr')].map(it => getComputedStyle(it).breakInside)"
    assert set(page.evaluate(breaks)) <= {"avoid"}
    # The width of A4 between margins of 12 mm, upright for a student's page and lying for a class's.
    page.set_viewport_size({"width": 1032 if name == "class" else 703, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")


def test_what_paper_leaves_out_is_said(visit) -> None:
    page = visit("class").page
    page.emulate_media(media="print")
    rarer = page.locator("details.rarer").first
    assert not rarer.locator("ol").is_visible()
    assert "not on paper" in rarer.locator("summary").first.evaluate("it => getComputedStyle(it, '::after').content")


def test_the_matrix_fits_a_desktop(visit) -> None:
    matrix = visit("class").page.locator("#matrix")
    assert matrix.evaluate("it => it.parentElement.scrollWidth <= it.parentElement.clientWidth")
    assert matrix.evaluate("it => it.parentElement.scrollHeight > it.parentElement.clientHeight"), "and has a bar"


def test_the_lecture_is_on_the_first_screen(visit) -> None:
    page = visit("class").page
    for name in ("Shared misunderstandings", "Hard ideas"):
        first = page.get_by_role("region", name=name).get_by_role("listitem").first
        assert first.evaluate("it => it.getBoundingClientRect().bottom < innerHeight")


def test_folds_open_by_keyboard(visit) -> None:
    page = visit("typical").page
    fold = page.locator("details", has_text="What it printed")
    assert not fold.locator("pre").is_visible()
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    assert fold.locator("pre").is_visible()


def test_the_advice_leads_into_the_statement(visit) -> None:
    page = visit("typical").page
    page.get_by_role("link", name="What the bias does").click()
    heading = page.locator("#task-what-the-bias-does")
    assert heading.evaluate("it => it.getBoundingClientRect().top < innerHeight")


def test_marks_have_names(visit) -> None:
    page = visit("typical").page
    assert page.get_by_role("img", name="failed").count() >= 3
    assert page.get_by_role("article", name="The lecture's image, sharpened").count() == 1


def first_names(page: Page) -> list[str]:
    return page.eval_on_selector_all("#matrix tbody tr:not([hidden]) bdi", "all => all.map(it => it.textContent)")


def test_the_matrix_sorts_by_its_headings(visit) -> None:
    page = visit("class").page
    by_total = first_names(page)
    page.get_by_role("button", name="Student", exact=True).click()
    names = first_names(page)
    assert names != by_total
    assert names == sorted(names, key=lambda name: names.index(name))
    assert [name[0] for name in names] == sorted(name[0] for name in names)
    page.get_by_role("button", name="Total").click()
    assert first_names(page) == by_total or sorted(first_names(page)) == sorted(by_total)
    totals = page.eval_on_selector_all("#matrix tbody td:nth-child(2)", "all => all.map(it => +it.textContent)")
    assert totals == sorted(totals, reverse=True)
    assert page.locator("#matrix th[aria-sort=descending]").count() == 1


def test_the_matrix_sorts_by_a_check_and_by_pattern(visit) -> None:
    page = visit("class").page
    page.select_option("#order", index=4)
    column = page.eval_on_selector_all("#matrix tbody tr", "all => all.map(it => it.dataset.o[1])")
    order = "-nctefp"
    assert column == sorted(column, key=order.index)
    page.select_option("#order", "pattern")
    patterns = page.eval_on_selector_all("#matrix tbody tr", "all => all.map(it => it.dataset.o)")
    simple = ["".join(code if code == "p" else "f" for code in each) for each in patterns]
    assert simple == sorted(simple, reverse=True)


def test_other_tables_sort_too(visit) -> None:
    page = visit("class").page
    table = page.locator("table.checks").first
    table.get_by_role("button", name="Passed").click()
    rates = table.locator("td:nth-child(2)").evaluate_all("all => all.map(it => +it.dataset.v)")
    assert rates == sorted(rates, reverse=True)


def test_search_narrows_the_matrix(visit) -> None:
    page = visit("class").page
    page.fill("#find", "ada")
    assert {name.split()[0] for name in first_names(page)} == {"Ada"}
    assert page.text_content("#found") == f"{len(first_names(page))} of 40"
    page.fill("#find", "nobody of that name")
    assert first_names(page) == []
    page.fill("#find", "")
    assert len(first_names(page)) == 40


def test_pointing_at_a_cell_names_the_check(visit) -> None:
    page = visit("class").page
    strip = page.locator("#matrix tbody svg.k").first
    strip.scroll_into_view_if_needed()
    strip.hover(position={"x": 2, "y": 5})
    said = page.text_content("#said") or ""
    assert "01-maxpool" in said
    assert said.endswith((": passed", ": failed", ": raised an error", ": ran out of time"))


def test_the_class_page_is_readable_without_scripts(visit) -> None:
    page = visit("class", java_script_enabled=False).page
    assert page.locator("#matrix tbody tr").count() == 40
    assert page.locator("#matrix tbody tr").first.is_visible()
    assert not page.locator(".tools").is_visible()
    page.locator("details.problem summary").nth(1).click()
    assert page.locator("details.problem table").nth(1).is_visible()
