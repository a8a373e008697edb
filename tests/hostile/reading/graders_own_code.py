"""Imports the checking side of the grader, and looks where the grader was installed from.

stopped_by = ["private-files", "landlock"]
status = "graded"
at_most = 0
never = []
"""

import sys


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("checking", lambda: __import__("grader.checking.verdict"))
attempt("problem", lambda: __import__("grader.problem.load"))
attempt("pytest plugin", lambda: __import__("grader.checking.plugin").checking.plugin.Check)

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
