"""Looks in its own folder for what another submission left there, and leaves something.

stopped_by = ["private-files", "landlock"]
status = "graded"
at_most = 0
prints = ["left refused", "leave succeeded"]
also_held = [["private-files"], ["landlock"]]
"""

import os


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("left", lambda: open([name for name in os.listdir(".") if "left" in name][0]).read())
attempt("leave", lambda: open("left-by-me", "w").write("x"))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
