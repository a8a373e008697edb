"""The table of formats that can be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from grader.porting import nbgrader, otter, pytest_folder
from grader.porting.model import Assignment

FORMATS: Mapping[str, Callable[[Path], Assignment]] = {
    "nbgrader": nbgrader.read,
    "otter": otter.read,
    "pytest": pytest_folder.read,
}
