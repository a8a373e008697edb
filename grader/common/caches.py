"""The user's own folders on this system: what can be made again (cache), and what cannot (state).

Neither need exist. Where the `XDG_…` variables count they decide, but for relative ones, which their specification
forbids.
"""

from __future__ import annotations

from pathlib import Path

_NAME = "torchgrade"
VARIABLES = ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA", "USERPROFILE")
"""Environment variables that decide where the cache is: what a process that is started with none needs to be told."""


def cache_folder() -> Path:
    """The folder for what can be made or fetched again, such as images of digits and known answers."""
    import platformdirs

    return _absolute(Path(platformdirs.user_cache_dir(_NAME, appauthor=False)), Path(".cache"))


def state_folder() -> Path:
    """The folder for what people would miss, such as a student's history."""
    import platformdirs

    return _absolute(Path(platformdirs.user_state_dir(_NAME, appauthor=False)), Path(".local", "state"))


def _absolute(found: Path, usual: Path) -> Path:
    return found if found.is_absolute() else Path.home() / usual / _NAME
