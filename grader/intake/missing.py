"""Words for a path that does not exist."""

from __future__ import annotations

import os
from pathlib import Path

from grader.common.suggest import nearest
from grader.errors import UsageError
from grader.intake.folding import printable


def refuse_missing(source: Path) -> None:
    """Raise UsageError unless there is such a file or folder."""
    if not source.exists():
        raise UsageError(f"there is no {source}", hint=did_you_mean_path(source))


def did_you_mean_path(path: Path) -> str | None:
    """``did you mean …?`` for the nearest name beside `path`, or a word on the folder that is missing."""
    parent = path.parent
    if not parent.is_dir():
        return f"there is no folder {parent} either" if parent != path else None
    try:
        names = os.listdir(parent)[:10_000]
    except OSError:
        return None
    near = nearest(path.name, (name for name in names if not name.startswith(".")))
    return f"did you mean {printable(str(parent / near))}?" if near else None
