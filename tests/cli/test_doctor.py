"""`grade doctor` on this machine, which has every wall."""

from __future__ import annotations

import json
from pathlib import Path

from grader.sandbox.walls import table
from tests.conftest import grade


def test_doctor_finds_every_wall_by_trying() -> None:
    ran = grade("doctor", "--json")
    found = json.loads(ran.out)
    assert ran.code == 0, found
    assert set(table.STRICT) <= set(found["walls"])
    assert found["breaches"] == []
    assert found["may_grade_others_work"] is True
    assert found["versions"]["torch"]


def test_doctor_says_it_in_words(tmp_path: Path) -> None:
    """Of data, too, but for a course that uses none."""
    ran = grade("doctor")
    assert "seccomp" in ran.out
    assert "This machine may grade others' work." in ran.out
    assert "MNIST" in ran.out
    (tmp_path / "problems").mkdir()
    assert "MNIST" not in grade("doctor", cwd=tmp_path).out
