"""The report inside a notebook's output, in a real browser: its height, its theme, its isolation."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from grader.model import Outcome
from grader.notebook.inline import framed
from grader.reports.html import student_page
from tests.reports import samples

pytestmark = pytest.mark.slow

CHROMIUM = shutil.which("chromium")
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_HOSTILE = "<img src=x onerror=parent.document.title='broken'><script>parent.document.title='broken'</script>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("there is no chromium")
    with api.sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=_QUIET)


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    # Without an emulated scheme: it would hide what the notebook's theme asks for.
    context = browser.new_context(color_scheme="null", viewport={"width": 1000, "height": 700})
    yield context.new_page()
    context.close()


def notebook_page(attributes: str = "") -> str:
    """A page that shows a report as a notebook does, under styles that must not reach it."""
    failed = samples.check("A check", Outcome.FAILED, message=_HOSTILE, traceback="Traceback\n" * 40)
    grade = samples.grade(failed, *(samples.check(f"Check {number}") for number in range(12)), stdout=_HOSTILE)
    report = framed(student_page(grade, samples.problem(), None), 'A title with "quotes"')
    styles = "<style>h1, p, .card { color: rgb(1, 2, 3) !important; font-size: 3px !important }</style>"
    return f"<!doctype html><title>notebook</title><body {attributes}>{styles}<h1>Notebook</h1>{report}</body>"


def inside(page: Any) -> Any:
    page.wait_for_function("document.querySelector('iframe').style.height")
    return page.frames[1]


def test_the_notebooks_theme_counts_where_the_browser_hands_none_on(browser: Any) -> None:
    context = browser.new_context(color_scheme="light", viewport={"width": 1000, "height": 700})
    page = context.new_page()
    page.set_content(notebook_page('data-jp-theme-light="false"'))
    frame = inside(page)
    dark = background(frame)
    page.evaluate("document.body.setAttribute('data-jp-theme-light', 'true')")
    frame.wait_for_function("document.documentElement.style.colorScheme === 'light'")
    assert dark == "rgb(14, 16, 21)"
    assert background(frame) == "rgb(251, 251, 252)"
    context.close()


def background(frame: Any) -> str:
    return str(frame.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_frame_is_as_tall_as_the_report_and_follows_it(page: Any) -> None:
    page.set_content(notebook_page())
    frame = inside(page)
    height = "document.querySelector('iframe').getBoundingClientRect().height"
    folded = page.evaluate(height)
    assert folded == frame.evaluate("document.body.scrollHeight") > 700
    frame.click("summary")
    page.wait_for_function(f"{height} > {folded + 100}")


@pytest.mark.parametrize(
    ("light", "dark"),
    [
        ('data-jp-theme-light="true"', 'data-jp-theme-light="false"'),
        ('class="vscode-light"', 'class="vscode-dark"'),
        ('theme="light"', 'theme="dark"'),
    ],
    ids=["jupyterlab", "vscode", "colab"],
)
def test_the_report_takes_the_notebooks_theme(page: Any, light: str, dark: str) -> None:
    found = []
    for attributes in (light, dark):
        page.set_content(notebook_page(attributes))
        found.append(background(inside(page)))
    assert found[0] != found[1]
    assert min(map(int, found[0][4:-1].split(","))) > 200 > 60 > max(map(int, found[1][4:-1].split(",")))


def test_nothing_leaks_in_or_out_and_nothing_is_asked_of_the_network(page: Any) -> None:
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.set_content(notebook_page())
    frame = inside(page)
    assert frame.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(1, 2, 3)"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(1, 2, 3)"
    assert page.title() == "notebook"
    assert page.get_attribute("iframe", "title") == 'A title with "quotes"'
    assert page.get_attribute("iframe", "sandbox") == "allow-same-origin"
    assert [url for url in asked if not url.startswith(("about:", "data:"))] == []
    assert errors == []
