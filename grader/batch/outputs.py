"""What a batch leaves in its directory for people and for other programs."""

from __future__ import annotations

# The first two are also what `grader.exports` reads; a test holds them together. To import them from there would load
# every export format, each time there is nothing to do.
RESULTS = "results.jsonl"
STUDENTS = "students.json"
SCORES = "scores.csv"
NOTICES = "notices.csv"
ALIKE = "alike.csv"
INDEX = "index.html"
PAGES = "pages"

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
"""The mode of what holds names, grades and code of a class: only its owner reads that, until they hand something on."""

ALL = (RESULTS, SCORES, STUDENTS, NOTICES, ALIKE, INDEX)
"""The files that are written in one go when everything is graded."""
