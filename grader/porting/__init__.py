"""Assignments of other graders as problems: `grade import FORMAT PATH`.

A format reads its files into an `Assignment`: statement, code, tests (`formats.py` is their table). `carry` turns each
test into a check, statement by statement, and says why a statement cannot be carried over; `as_problem` writes the
problem. The files are their author's and trusted, and nothing of them is run here.
"""

from grader.porting.as_problem import Written, write_problem
from grader.porting.formats import FORMATS
from grader.porting.model import Assignment, Lost

__all__ = ["FORMATS", "Assignment", "Lost", "Written", "write_problem"]
