"""One module for each export format; `FORMATS` is the table of them.

A format is an `ExportFormat` that its module calls ``FORMAT``. To add one, write the module and name it here.
"""

from grader.exports.formats import canvas, gradescope, junit, moodle, page, spreadsheet
from grader.exports.model import ExportFormat

FORMATS: dict[str, ExportFormat] = {
    each.name: each
    for each in (spreadsheet.FORMAT, canvas.FORMAT, moodle.FORMAT, gradescope.FORMAT, junit.FORMAT, page.FORMAT)
}
"""By name, in the order in which help lists them."""
