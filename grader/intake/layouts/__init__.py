"""How a class's submissions may be arranged: one module for each platform and habit, and the table of them.

A layout proposes a `Reading` of a listing, or none; which one is taken is decided in `choosing`. To add one: a module
with the four constants and `read` of `reading.Layout`, and its line here.
"""

from __future__ import annotations

from grader.intake.layouts import (
    blackboard,
    brightspace,
    canvas,
    classroom,
    folders,
    google_classroom,
    gradescope,
    ilias,
    moodle,
    plain,
    problem_folders,
    sakai,
    sections,
    teams,
)
from grader.intake.reading import Layout

LAYOUTS: tuple[Layout, ...] = (
    gradescope,
    moodle,
    blackboard,
    brightspace,
    sakai,
    teams,
    canvas,
    classroom,
    ilias,
    google_classroom,
    problem_folders,
    sections,
    folders,
    plain,
)
"""Platforms first, those with the clearest marks before others; then what people arrange by hand."""

NAMES = tuple(sorted(layout.NAME for layout in LAYOUTS))
"""What ``--layout`` takes."""
