"""docs/an-hour.md: what its students see fits their terminal, and is what the command says today."""

from __future__ import annotations

import importlib.util
import re
from types import ModuleType

import pytest

from tests.conftest import ROOT


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("an_hour", ROOT / "examples" / "an_hour.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HOUR = _script()
PAGE = HOUR.PAGE.read_text(encoding="utf-8")


def test_all_five_are_on_the_page() -> None:
    assert [line.removeprefix("## ") for line in PAGE.splitlines() if line.startswith("## ")] == [
        student.__doc__ for student in HOUR.STUDENTS
    ]


def test_every_screen_fits_the_terminal_and_ends_with_what_comes_next() -> None:
    screens = re.findall(r"^```text\n(\$ grade.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(screens) > 20
    for screen in screens:
        rows = screen.splitlines()
        assert len(rows) <= HOUR.ROWS
        if re.match(r"\$ grade \d\d$", rows[0]):
            assert "next:" in " ".join(rows[-3:])


@pytest.mark.slow
def test_what_ben_sees_is_what_the_command_says() -> None:
    assert HOUR.played(HOUR.ben) in PAGE
