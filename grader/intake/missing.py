"""What to say of a path that does not exist."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from grader.intake.text import printable


def did_you_mean(path: Path) -> str | None:
    """``Did you mean …?`` for the nearest name beside `path`, or a word on the folder that is missing."""
    parent = path.parent
    if not parent.is_dir():
        return f"There is no folder {parent} either." if parent != path else None
    try:
        names = os.listdir(parent)[:10_000]
    except OSError:
        return None
    # Compared without case, because that is the likeliest slip, and the same letters would rank far apart.
    by_lower = {name.lower(): name for name in sorted(names) if not name.startswith(".")}
    nearest = difflib.get_close_matches(path.name.lower(), by_lower, n=1)
    return f"Did you mean {printable(str(parent / by_lower[nearest[0]]))}?" if nearest else None
