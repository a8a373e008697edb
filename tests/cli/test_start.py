"""`grade start`: the stub is written once and never over somebody's work."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import grade


def test_start_writes_the_stub_and_never_overwrites(course: Path) -> None:
    written = course / "problems" / "02-conv-bias" / "submission.py"
    first = grade("start", "02", cwd=course)
    assert first.code == 0
    assert "problems/02-conv-bias/submission.py is ready.\n" in first.out
    assert str(course) not in first.out
    assert written.read_bytes() == written.with_name("stub.py").read_bytes()
    written.write_text("mine = 1\n", encoding="utf-8")
    second = grade("start", "conv", cwd=course)
    assert second.code == 2
    assert "is left as it is" in second.err
    assert written.read_text(encoding="utf-8") == "mine = 1\n"


def test_start_leaves_a_link_alone(course: Path) -> None:
    link = course / "problems" / "02-conv-bias" / "submission.py"
    link.symlink_to(course / "elsewhere.py")
    assert grade("start", "02", cwd=course).code == 2
    assert not (course / "elsewhere.py").exists()
