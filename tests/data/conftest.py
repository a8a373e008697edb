"""Folders with MNIST files, small ones."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from .files import images_file, labels_file

Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No copy of MNIST anywhere, until a test puts one."""
    monkeypatch.delenv("TORCHGRADE_MNIST", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def write(home: Path) -> Write:
    """Writes files into the user's cache; contents are bytes, or a list of labels, or a number of images."""

    def write(files: dict[str, bytes | list[int] | int], folder: Path | None = None) -> Path:
        folder = folder or home / "cache" / "torchgrade" / "mnist"
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            if isinstance(content, int):
                content = images_file(content)
            elif isinstance(content, list):
                content = labels_file(content)
            (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return folder

    return write
