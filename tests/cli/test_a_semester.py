"""docs/a-semester.md: the class goes through its homework with the real command, which says all that is shown."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests import lent
from tests.conftest import COMMAND, COMMAND_SECONDS, ROOT

PAGE = (ROOT / "docs" / "a-semester.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(yaml|csv|console|desk)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SLUGS = ("02-conv-bias", "06-images-as-tensors")


def source(path: str) -> str:
    return (ROOT / "solutions" / path).read_text(encoding="utf-8")


def write_zip(path: Path, files: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            person, _, file = name.partition("/")
            archive.writestr(f"{person}_assignsubmission_file/{file}", content)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The course as the page has it, and what was downloaded."""
    root = tmp_path / "course"
    ignored = shutil.ignore_patterns("__pycache__", "submission.*")
    for slug in SLUGS:
        for kind in ("problems", "solutions"):
            shutil.copytree(ROOT / kind / slug, root / kind / slug, ignore=ignored)
    right = {slug: source(f"{slug}/solution.py") for slug in SLUGS}
    write_zip(
        root / "homework1.zip",
        {
            "Ada Lovelace_101/02.py": right[SLUGS[0]],
            "Ada Lovelace_101/06.py": right[SLUGS[1]],
            "Ben Ode_102/02.py": source("02-conv-bias/misconceptions/flipped_kernel.py"),
            "Ben Ode_102/06.py": source("06-images-as-tensors/misconceptions/drop_last_ignored.py"),
            "Cem Ak_103/02.py": "def build_conv(kernel, bias:\n    pass\n",
            "Dora Li_104/06.pdf": "%PDF-1.7",
        },
    )
    write_zip(root / "late.zip", {"Cem Ak_103/02.py": right[SLUGS[0]], "Dora Li_104/06.py": right[SLUGS[1]]})
    (root / "roster.csv").write_text(
        "id,name,section,tutor\n101,Ada Lovelace,1,Tia\n102,Ben Ode,2,Tom\n103,Cem Ak,1,Tia\n104,Dora Li,2,Tom\n",
        encoding="utf-8",
    )
    return root


def said(course: Path, command: str) -> str:
    """What a command of the page prints; the shell's `grade` is the real one."""
    program = course.parent / "bin" / "grade"
    if not program.exists():
        program.parent.mkdir()
        program.with_suffix(".py").write_text(lent.borrowing(COMMAND), encoding="utf-8")
        program.write_text(
            f'#!/bin/sh\nexec "{sys.executable}" "{program.with_suffix(".py")}" "$@"\n', encoding="utf-8"
        )
        program.chmod(0o755)
    ran = subprocess.run(
        ["sh", "-c", command],
        cwd=course,
        env={**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "COLUMNS": "200"},
        pass_fds=lent.descriptors(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


def at_the_desk(course: Path, steps: list[str]) -> None:
    """Do in a browser what the page does: press keys, type, see."""
    from playwright.sync_api import sync_playwright

    from tests.desk.conftest import Class, open_desk
    from tests.desk.test_browser import CHROMIUM, FLAGS, Visit

    desk = open_desk(Class(course, course, course / "results", course / "roster.csv"))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
            at = Visit(browser, desk, "")
            for step in steps:
                verb, _, words = step.partition(" ")
                match verb:
                    case "press":
                        at.press(*words.split())
                    case "type":
                        at.page.keyboard.type(words)
                    case "see":
                        at.wait_for(lambda words=words: words in " ".join(at.page.inner_text("body").split()))  # type: ignore[misc]
                    case _:
                        raise AssertionError(step)
            assert at.noise == []
            browser.close()
    finally:
        desk.close()


@pytest.mark.slow
def test_the_page_is_what_the_command_says_today(course: Path) -> None:
    shown = 0
    browser = (
        shutil.which("chromium") and importlib.util.find_spec("playwright") and importlib.util.find_spec("uvicorn")
    )
    for kind, text in BLOCKS:
        if kind == "desk":
            if browser:
                at_the_desk(course, text.splitlines())
            continue
        if kind != "console":
            (course / ("course.yaml" if kind == "yaml" else "late.csv")).write_text(text, encoding="utf-8")
            continue
        first, *lines = text.splitlines()
        out = said(course, first.removeprefix("$ "))
        for line in lines:
            pattern = r"[^\n]*".join(re.escape(part.strip()) for part in line.split("…"))
            assert re.search(pattern, out), f"{first}: no {line!r} in\n{out}"
            shown += 1
    assert shown > 30
    assert "2 days late: handed in 2025-05-03 12:00 UTC" in (course / "results/pages/103/02-conv-bias.html").read_text()
    assert "the statement could be read so (Ana" in (course / "reports/102/02-conv-bias.html").read_text()
    with zipfile.ZipFile(course / "feedback.zip") as archive:
        assert "Ben Ode_102_assignsubmission_file/02-conv-bias.html" in archive.namelist()
