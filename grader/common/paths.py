"""A path in the words of who reads it."""

from __future__ import annotations

from pathlib import Path


def short(path: Path) -> str:
    """The path as somebody would type it in the current folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def recognisable(path: Path) -> str:
    """The path for reports, which others may read: without the folders that lead to where somebody works."""
    shown = short(path)
    return path.name if Path(shown).is_absolute() else shown
