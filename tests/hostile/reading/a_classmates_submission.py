"""Opens another student's submission, and what the room before may have left.

stopped_by = ["private-files", "landlock"]
status = "graded"
at_most = 0
prints = ["classmate refused", "glob refused"]
also_held = [["private-files"], ["landlock"]]
down = { without = ["private-files", "landlock"], prints = ["classmate succeeded"] }
"""

import glob
import os


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("classmate", lambda: open("@CLASSMATE@").read())
attempt("glob", lambda: open(glob.glob("/tmp/*/*/*.py")[0]).read())
attempt("scratch", lambda: os.listdir("/tmp/torchgrade-0"))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
