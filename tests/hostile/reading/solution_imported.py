"""Imports the solution as a module, from its folder and by its path.

stopped_by = ["private-files", "landlock"]
status = "graded"
at_most = 0
prints = ["sys.path refused", "spec refused"]
also_held = [["private-files"], ["landlock"]]
down = { without = ["private-files", "landlock"], prints = ["sys.path succeeded"] }
"""

import importlib.util
import sys


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("sys.path", lambda: (sys.path.insert(0, "@COURSE@/solutions/02-conv-bias"), __import__("solution")))
attempt("spec", lambda: importlib.util.module_from_spec(importlib.util.spec_from_file_location("s", "@COURSE@/solutions/02-conv-bias/solution.py")).__loader__.exec_module(object()))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
