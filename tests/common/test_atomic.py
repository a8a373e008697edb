"""Writing a file whole: what is there before, after, and when it fails."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

import pytest

from grader.common.atomic import create_file, replace_file, replacing


def _half(file: BinaryIO) -> None:
    file.write(b"half of the new")
    raise ZeroDivisionError


UNIX = pytest.mark.skipif(os.name == "nt", reason="modes, pipes and links of Unix")


def left(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def test_a_file_is_created_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "name with ümlaut.json"
    replace_file(path, b"one")
    replace_file(str(path), b"two")
    assert path.read_bytes() == b"two"
    assert left(tmp_path) == {path.name}


@UNIX
@pytest.mark.parametrize(
    ("asked", "mask", "got"), [(0o666, 0o022, 0o644), (0o600, 0o022, 0o600), (0o666, 0o077, 0o600)]
)
def test_the_mode_is_the_one_asked_for_within_the_umask(tmp_path: Path, asked: int, mask: int, got: int) -> None:
    before = os.umask(mask)
    try:
        replace_file(tmp_path / "file", b"", mode=asked)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == got


def test_an_exception_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), replacing(path) as file:
        _half(file)
    assert path.read_bytes() == b"old"
    assert left(tmp_path) == {"file"}


@pytest.mark.parametrize("target", ["missing/file", "folder"])
def test_the_error_names_the_target_and_not_the_temporary_file(tmp_path: Path, target: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match=r"missing|folder") as caught:
        replace_file(tmp_path / target, b"content")
    assert caught.value.filename == str(tmp_path / target)
    assert left(tmp_path) == {"folder"}


@UNIX
def test_a_link_gives_way_and_its_target_stays(tmp_path: Path) -> None:
    elsewhere, link = tmp_path / "elsewhere", tmp_path / "link"
    elsewhere.write_bytes(b"somebody's")
    link.symlink_to(elsewhere)
    replace_file(link, b"new")
    assert elsewhere.read_bytes() == b"somebody's"
    assert (link.read_bytes(), link.is_symlink()) == (b"new", False)


def test_what_is_there_is_never_created_anew(tmp_path: Path) -> None:
    path = tmp_path / "file"
    create_file(path, b"mine\r\n")
    with pytest.raises(FileExistsError):
        create_file(path, b"other")
    assert path.read_bytes() == b"mine\r\n"
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        create_file(link, b"other")
    assert not (tmp_path / "nowhere").exists()
