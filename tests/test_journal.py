"""A student's journal: what it remembers, and that nothing it meets can stop a grading."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.journal import Journal, best
from grader.model import Grade, Status


def graded(score: float, problem: str = "02") -> Grade:
    return Grade(
        problem,
        None,
        "submission.py",
        f"{score}",
        score,
        10.0,
        score * 10,
        "1",
        "v",
        status=Status.GRADED,
        checks=(),
        misconceptions=(),
        stdout="",
        walls=(),
        data=None,
        duration_s=0.0,
    )


def test_it_remembers_gradings_by_course_and_problem(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "course", tmp_path / "state")
    for score in (1.0, 9.0, 4.0):
        journal.add(graded(score))
    journal.add(graded(2.0, "03"))
    again = Journal(tmp_path / "course", tmp_path / "state")
    last, top = again.last("02"), best(again.entries("02"))
    assert last is not None
    assert top is not None
    assert (last.score, top.score, len(again.entries())) == (4.0, 9.0, 4)
    assert Journal(tmp_path / "other", tmp_path / "state").entries() == []


@pytest.mark.parametrize(
    "damage", [b"\xff\x00", b"{", b"[" * 100_000, b'{"graded": 3}'], ids=["bytes", "cut", "deep", "other"]
)
def test_a_damaged_line_costs_only_itself(tmp_path: Path, damage: bytes) -> None:
    journal = Journal(tmp_path, tmp_path / "state")
    journal.add(graded(1.0))
    (file,) = (tmp_path / "state").iterdir()
    with file.open("ab") as opened:
        opened.write(damage + b"\n")
    journal.add(graded(2.0))
    assert [entry.score for entry in journal.entries()] == [1.0, 2.0]


def test_a_journal_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    journal = Journal(tmp_path, tmp_path / "file" / "state")
    journal.add(graded(1.0))
    assert journal.entries() == []


def test_a_long_journal_keeps_the_best_and_the_last(tmp_path: Path) -> None:
    journal = Journal(tmp_path, tmp_path / "state")
    journal.add(graded(9.0))
    journal.give_hint("02", "padding", 2)
    (file,) = (tmp_path / "state").iterdir()
    line = file.read_bytes().split(b"\n")[0].replace(b"90.0", b"10.0") + b"\n"
    with file.open("ab") as opened:
        opened.write(line * ((1 << 20) // len(line) + 1))
    journal.add(graded(3.0))
    assert file.stat().st_size < 100_000
    top = best(journal.entries("02"))
    assert top is not None
    assert (top.percent, journal.entries()[-1].score, journal.hints_given("02", "padding")) == (90.0, 3.0, 2)
