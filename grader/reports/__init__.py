"""Turns grades into something to look at: a page, a terminal report, a file of JSON, a page for the class.

    text.py       untrusted text made harmless, and numbers made short
    shown.py      what a student may see of a grade
    json.py       result.json
    terminal.py   the report in a terminal (rich)
    html.py       the page of one submission (jinja2)
    statistics.py the numbers behind the class page, computed as grades stream by
    classpage.py  the page of a class

Import the module you need: this package imports nothing by itself, so that a terminal report never waits for
jinja2.
"""
