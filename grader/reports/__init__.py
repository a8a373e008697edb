"""Turns grades into something to look at: a page, a terminal report, a file of JSON, a page for the class.

    shown.py       what a student may see of a grade, and the words for it
    wording.py     untrusted text made harmless, numbers made short
    planes.py      arithmetic on the planes of a mismatch

    json.py        result.json
    terminal.py    the report in a terminal (rich); matrices.py sets its matrices
    html.py        the page of one submission (jinja2): templating.py is the engine and the security policy,
                   heatmaps.py draws planes, figures.py curves and images, statement.py the task
    classpage.py   the page of a class: model.py is what it shows, statistics.py computes that as grades
                   stream by, items.py holds the formulas

Import the module you need: this package imports nothing by itself, so that a terminal report never waits
for jinja2.
"""
