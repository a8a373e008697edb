"""Packages that a course asks for, and what of them a room would find."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.problem.packages import look_up

METADATA = "Metadata-Version: 2.1\nName: einblick\nVersion: 1.2\n"
ORIGIN = {"url": "file:///home/ann/einblick"}
INSTALLED: dict[str, tuple[object, str, bool, str]] = {
    "from an index": (None, "einblick>=1", True, "1.2 is installed"),
    "from a folder": (ORIGIN | {"dir_info": {}}, "einblick", True, "1.2 is installed"),
    "in editable mode": (ORIGIN | {"dir_info": {"editable": True}}, "einblick", False, "editable mode"),
    "an older one": (None, "einblick>=2", False, "1.2 is installed"),
    "not at all": (None, "einblick-more", False, "not installed"),
    "for another system": (None, "einblick-more; sys_platform == 'plan9'", True, "not installed"),
}


@pytest.mark.parametrize(("origin", "required", "fits", "says"), INSTALLED.values(), ids=INSTALLED)
def test_what_is_installed_of_a_requirement(
    origin: object, required: str, fits: bool, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = tmp_path / "einblick-1.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(METADATA)
    if origin is not None:
        (about / "direct_url.json").write_text(json.dumps(origin))
    monkeypatch.syspath_prepend(tmp_path)
    (package,) = look_up([required])
    assert package.fits is fits
    assert says in package.said()
