"""The user's folders follow the environment."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from grader.common.caches import cache_folder, state_folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the XDG rules")
FOLDERS = [
    pytest.param(cache_folder, "XDG_CACHE_HOME", ".cache", id="cache"),
    pytest.param(state_folder, "XDG_STATE_HOME", ".local/state", id="state"),
]


@pytest.mark.parametrize(("folder", "variable", "usual"), FOLDERS)
@pytest.mark.parametrize("value", ["relative", ""], ids=["relative-is-ignored", "empty"])
def test_without_an_absolute_variable_it_is_below_home(
    folder: object, variable: str, usual: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(variable, value)
    assert folder() == tmp_path / usual / "torchgrade"  # type: ignore[operator]


@pytest.mark.parametrize(("folder", "variable", "usual"), FOLDERS)
def test_the_variable_decides(
    folder: object, variable: str, usual: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "elsewhere"))
    assert folder() == tmp_path / "elsewhere" / "torchgrade"  # type: ignore[operator]
    assert not (tmp_path / "elsewhere").exists()
