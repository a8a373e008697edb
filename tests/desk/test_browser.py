"""The desk in a real browser: with the keyboard alone, quietly, in both themes, at every width.

Needs Debian's chromium (or any, named by TORCHGRADE_CHROMIUM), playwright and axe-playwright-python.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.batch.conftest import RIGHT, batch, hand_in, percents, table
from tests.desk.conftest import Class, OpenDesk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page, Request, Route

pytest.importorskip("httpx", reason="httpx is not installed")
pytest.importorskip("uvicorn", reason="the desk's extra is not installed")
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = os.environ.get("TORCHGRADE_CHROMIUM") or shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")]


class Visit:
    """An open page of a desk, and everything it did on its own."""

    def __init__(self, browser: Browser, desk: OpenDesk, path: str, **options) -> None:
        self.desk = desk
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.page: Page = self.context.new_page()
        self.noise: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("console", lambda message: self.noise.append(message.text))
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.on("dialog", self._dialog)
        self.page.on("request", self._request)
        self.page.goto(desk.address + path)

    def _dialog(self, dialog: Dialog) -> None:
        self.noise.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not request.url.startswith(self.desk.address):
            self.elsewhere.append(request.url)

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.desk.address).partition("?")[0].partition("#")[0]

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, self.page.inner_text("body")[:1000]
            self.page.wait_for_timeout(30)
        # An address changes before the page's script runs, and a key that comes between means nothing.
        self.page.wait_for_load_state("load")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    visits: list[Visit] = []

    def start(desk: OpenDesk, path: str = "", **options) -> Visit:
        visits.append(Visit(browser, desk, path, **options))
        return visits[-1]

    yield start
    for each in visits:
        assert each.noise == []
        assert each.elsewhere == []
        each.context.close()


PAGES = {
    "class": "",
    "answer": "answer/bob/01-double",
    "hostile": "answer/cy/01-double",
    "alike": "alike",
    "pair": "alike/01-double/ann/eve",
    "notices": "notices",
    "adjustments": "adjustments",
    "hand-back": "hand-back",
    "by-hand": "by-hand",
    "part": "by-hand/ann/02-total/why",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_is_quiet_and_as_wide_as_its_window(looked_at: OpenDesk, visit, path: str) -> None:
    page = visit(looked_at, path).page
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), width


# Its script takes a second a page and theme. By hand, one of each kind: the table, an answer, a form, two side by side.
BY_HAND = ("class", "part", "pair", "adjustments")


@pytest.mark.parametrize(
    "path",
    [pytest.param(PAGES[id], marks=[] if id in BY_HAND else [pytest.mark.whole], id=id) for id in PAGES],
)
def test_axe_finds_nothing_serious_in_both_themes(looked_at: OpenDesk, browser: Browser, path: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is missing")
    # Its script is let in past the page's policy, which would not have it.
    opened = Visit(browser, looked_at, path, color_scheme="light", bypass_csp=True)
    wanted: dict[str, object] = {"resultTypes": ["violations"]}
    found = axe.Axe().run(opened.page, options=wanted).response["violations"]
    opened.page.emulate_media(color_scheme="dark")
    found += axe.Axe().run(opened.page, options={**wanted, "runOnly": ["color-contrast"]}).response["violations"]
    opened.context.close()
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in serious] == []


def test_a_grade_is_found_adjusted_and_taken_back_with_keys_alone(mine: Class, opened, visit) -> None:
    desk = opened(mine)
    at = visit(desk)
    at.press("/")
    at.page.keyboard.type("bob")
    assert at.page.inner_text("#found") == "1 of 6"
    at.page.select_option("#part", "section 1")
    assert at.page.inner_text("#found") == "0 of 6", "Bob is in section 2"
    at.page.select_option("#part", "tutor Tom")
    at.page.focus("#find")
    at.press("Enter")
    at.wait_for(lambda: at.path == "answer/bob/01-double")
    at.press("a", "Tab", "Tab")
    at.page.keyboard.type("1.5")
    at.press("Tab")
    at.page.keyboard.type("the statement was unclear")
    at.press("Enter")
    at.wait_for(lambda: at.page.locator("#told").count() == 1)
    assert "0 → 1.5 of 4 points" in at.page.inner_text("#told")
    assert percents(desk.written())["bob", "01-double"] == 37.5
    at.press("u")
    at.wait_for(lambda: "Taken back" in at.page.inner_text("#told"))
    assert percents(desk.written())["bob", "01-double"] == 0
    at.press("l")
    at.wait_for(lambda: at.path == "answer/bob/02-total")
    at.press("1")
    at.wait_for(lambda: at.path == "")
    at.press("j", "j", "k", "Enter")
    at.wait_for(lambda: at.path.startswith("answer/"))
    first = at.path
    at.press("j")
    at.wait_for(lambda: at.path.startswith("answer/") and at.path != first)
    at.press("k")
    at.wait_for(lambda: at.path == first)


def test_parts_are_graded_with_keys_alone_and_what_waits_is_said(mine: Class, opened, visit) -> None:
    assert [row[3] for row in table(mine.out / "scores.csv")[1:3]] == ["", ""], "nothing of Ann's and Bob's is final"
    desk = opened(mine)
    at = visit(desk)
    assert "2 answers wait to be graded by hand" in at.page.inner_text("#head")
    at.press("6")
    at.wait_for(lambda: at.path == "by-hand")
    assert "0 of 2" in at.page.inner_text("main")
    at.press("j", "Enter")
    at.wait_for(lambda: at.path == "by-hand/ann/02-total/why")
    assert at.page.locator(".written strong").inner_text() == "Nothing"
    widths = at.page.evaluate("[...document.querySelectorAll('.piece img')].map((each) => each.naturalWidth)")
    assert widths[0] == 4
    assert widths[1] > 0, "a drawing"
    at.press("1", "2", "3")
    assert at.page.input_value("#number") == "2"
    at.press("3", "s")
    at.wait_for(lambda: at.path == "by-hand/bob/02-total/why")
    assert "3 of 3 points" in at.page.inner_text("#told")
    at.press("s")
    at.wait_for(lambda: "how many points" in at.page.inner_text("#told"))
    at.press("a")
    at.page.keyboard.type("0")
    at.press("Escape", "c")
    at.page.keyboard.type("says nothing of it")
    at.press("Enter")
    at.wait_for(lambda: at.path == "by-hand")
    assert "2 of 2" in at.page.inner_text("main")
    assert [row[1:] for row in table(desk.written() / "scores.csv")[1:3]] == [
        ["100", "100", "100"],
        ["0", "20", "11.11"],
    ]
    report = (mine.out / "pages" / "ann" / "02-total.html").read_text(encoding="utf-8")
    assert "names the neutral element; says what the loop begins with" in report
    assert "takes it for a convention" not in report


def test_hidden_checks_are_asked_with_a_key_and_shown_in_the_frame(mine: Class, opened, visit) -> None:
    at = visit(opened(mine), "answer/bob/01-double")
    at.press("t")
    at.wait_for(lambda: at.page.locator("#told").count() == 1)
    frame = at.page.frame_locator("iframe")
    assert "double(-2)" in frame.locator("body").inner_text()
    at.press("t")
    at.wait_for(lambda: "view=report" in at.page.url)
    assert "double(-2)" not in at.page.frame_locator("iframe").locator("body").inner_text()


def test_the_keys_are_told_and_do_nothing_in_a_field(looked_at: OpenDesk, visit) -> None:
    at = visit(looked_at)
    at.press("?")
    assert at.page.locator("dialog[open]").count() == 1
    at.press("2")
    assert at.path == "", "a key means nothing behind the list of keys"
    at.press("Escape")
    assert at.page.locator("dialog[open]").count() == 0
    at.press("/", "2")
    assert at.page.input_value("#find") == "2"
    assert at.path == ""
    at.press("Escape", "2")
    at.wait_for(lambda: at.path == "alike")


def test_shared_passages_lead_to_each_other(looked_at: OpenDesk, visit) -> None:
    at = visit(looked_at, "alike/01-double/ann/eve")
    at.press("j")
    assert at.page.locator("mark.now").count() >= 2
    at.page.locator("#b1").click()
    assert at.page.locator("#a1.now").count() == 1


def test_the_class_is_followed_as_it_is_graded(mine: Class, opened, visit) -> None:
    at = visit(opened(mine))
    hand_in(mine.work, {"fay/01.py": f"{RIGHT}# Fay's\n"})
    assert batch(mine.course, mine.work, mine.out, "--roster", mine.roster).code == 0
    at.wait_for(lambda: at.page.locator("#rows", has_text="fay").count() == 1)
    # The page may have asked while fay's answer was at work: then it shows the end the next time.
    at.wait_for(lambda: "8 of 8 answers graded" in at.page.inner_text("#head"))


def test_it_says_and_does_the_same_without_its_script(mine: Class, opened, visit) -> None:
    at = visit(opened(mine), java_script_enabled=False)
    at.page.get_by_role("link", name="Bob").click()
    at.page.get_by_label("Points", exact=True).fill("1")
    at.page.get_by_label("Because").fill("x")
    at.page.get_by_role("button", name="Adjust", exact=True).click()
    assert "0 → 1 of 4 points" in at.page.inner_text("#told")


def test_the_token_goes_nowhere(looked_at: OpenDesk, browser: Browser) -> None:
    """Neither into a cookie, nor along with a request that leads elsewhere."""
    at = Visit(browser, looked_at, "answer/cy/01-double")
    assert at.context.cookies() == []
    asked: list[dict[str, str]] = []

    def elsewhere(route: Route) -> None:
        asked.append(route.request.headers)
        route.fulfill(body="")

    at.context.route(lambda url: not url.startswith(looked_at.origin), elsewhere)
    at.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<a id=out href=http://elsewhere.example/>x</a>')")
    at.page.click("#out")
    assert asked
    assert urlsplit(looked_at.address).path.strip("/") not in str(asked)
    assert "referer" not in asked[0]
    at.context.close()
