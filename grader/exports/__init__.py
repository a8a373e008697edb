"""A class's results in the forms that other systems read: spreadsheets, learning platforms, CI viewers.

`run_export` is the whole of it for a command; the modules behind it are pure functions from a `Gradebook` to
bytes.
"""

from grader.exports.formats import FORMATS
from grader.exports.gradebook import (
    RESULTS,
    STUDENTS,
    read_gradebook,
    students_from_json,
    students_to_json,
)
from grader.exports.model import ExportFormat, ExportReport, Unmatched, UnmatchedKind
from grader.exports.run import run_export

__all__ = [
    "FORMATS",
    "RESULTS",
    "STUDENTS",
    "ExportFormat",
    "ExportReport",
    "Unmatched",
    "UnmatchedKind",
    "read_gradebook",
    "run_export",
    "students_from_json",
    "students_to_json",
]
