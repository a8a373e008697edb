"""Opens the solution where it lies.

stopped_by = ["private-files", "landlock"]
status = "graded"
at_most = 0
prints = ["open refused", "os.open refused"]
also_held = [["private-files"], ["landlock"]]
down = { without = ["private-files", "landlock"], prints = ["open succeeded"] }
"""

import os


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("open", lambda: open("@COURSE@/solutions/02-conv-bias/solution.py").read())
attempt("os.open", lambda: os.read(os.open("@COURSE@/solutions/02-conv-bias/solution.py", os.O_RDONLY), 100))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
