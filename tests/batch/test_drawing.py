"""Pages that are drawn in a process of their own, and what becomes of them on their way."""

from __future__ import annotations

import contextlib
import os
import signal
import zlib
from pathlib import Path

import pytest

from grader.batch.drawing import MOST_PAGE_MB, DrawingProcess, DrawnPage, stamp_of
from grader.problem.course import open_course
from tests.reports import samples


def test_who_draws_may_end(small: Path) -> None:
    problem = open_course(small).load("01-double")
    grade = samples.grade(samples.check("it doubles"), problem=problem.slug)
    with contextlib.closing(DrawingProcess([problem])) as process:
        drawn = process.drawn("key", grade)
        assert drawn is not None
        assert drawn.stamp == stamp_of("key", grade)
        assert problem.title.encode() in drawn.page
        os.kill(process.pid, signal.SIGKILL)
        assert process.drawn("key", grade) is None
        assert process.drawn("key", grade) is None


@pytest.mark.parametrize(
    "packed",
    [b"", b"no page", zlib.compress(b"page")[:-5], zlib.compress(b"x" * ((MOST_PAGE_MB << 20) + 1))],
    ids=["empty", "other", "cut", "huge"],
)
def test_what_is_no_page_is_none(packed: bytes) -> None:
    with pytest.raises(zlib.error):
        assert DrawnPage("stamp", packed).page is None
