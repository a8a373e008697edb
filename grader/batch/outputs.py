"""What a batch leaves in its directory for people and for other programs."""

from __future__ import annotations

from grader.exports import RESULTS, STUDENTS

SCORES = "scores.csv"
NOTICES = "notices.csv"
INDEX = "index.html"
PAGES = "pages"

__all__ = ["ALL", "INDEX", "NOTICES", "PAGES", "RESULTS", "SCORES", "STUDENTS"]

ALL = (RESULTS, SCORES, STUDENTS, NOTICES, INDEX)
"""The files that are written in one go when everything is graded."""
