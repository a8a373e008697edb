"""A student's first wrong answer on a fresh machine, against `python -c "import torch"`."""

from __future__ import annotations

import os
import tempfile

from benchmarks.rows import GRADE, ROOT, Row, import_torch, seconds, side_by_side

_SLUG = "01-maxpool"


def measure() -> list[Row]:
    """One row: nothing is known yet of what the known wrong answers reply."""
    wrong = min((ROOT / "solutions" / _SLUG / "misconceptions").glob("*.py"))

    def first() -> float:
        with tempfile.TemporaryDirectory() as cache:
            fresh = {**os.environ, "XDG_CACHE_HOME": cache}
            return seconds((*GRADE, _SLUG, "--submission", wrong), env=fresh, codes=(1,))

    ours, bare = side_by_side(first, import_torch, rounds=5)
    return [Row("first wrong answer", ours / bare, 1.5, "x", False, f"{ours:.2f} s, import torch {bare:.2f} s")]
