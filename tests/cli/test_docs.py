"""`grade docs`: every page is in the index once, can be read, and leads nowhere that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT, grade

PAGES = sorted((ROOT / "docs").glob("*.md"))
_LINK = re.compile(r"\]\((?P<path>[^)#:]+)(#[^)]*)?\)")


def test_the_index_names_each_page_once() -> None:
    listed = re.findall(r"^- \[([\w-]+)\]\(\1\.md\): ", (ROOT / "docs" / "README.md").read_text(), re.MULTILINE)
    assert sorted(listed) == [page.stem for page in PAGES if page.stem != "README"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.finditer(page.read_text(encoding="utf-8")):
        assert (page.parent / link["path"]).exists(), link["path"]


@pytest.mark.slow
def test_pages_are_shown(tmp_path: Path) -> None:
    index = grade("docs", cwd=tmp_path)
    assert (index.code, "Tutorials" in index.out, "glossary" in index.out) == (0, True, True)
    for typed in ("course", "docs/course.md", "course.md"):
        assert "adjustments.csv" in grade("docs", typed, cwd=tmp_path).out
    wrong = grade("docs", "glosary", cwd=tmp_path)
    assert wrong.code == 2
    assert "did you mean glossary?" in wrong.err
