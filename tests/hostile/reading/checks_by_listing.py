"""Lists the course's folders.

stopped_by = ["private-files", "landlock"]
status = "graded"
at_most = 0
prints = ["listdir refused", "scandir refused"]
also_held = [["private-files"], ["landlock"]]
down = { without = ["private-files", "landlock"], prints = ["listdir succeeded"] }
"""

import os


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("listdir", lambda: os.listdir("@COURSE@"))
attempt("scandir", lambda: list(os.scandir("@COURSE@/solutions/02-conv-bias")))
attempt("walk up", lambda: os.listdir("../../../.."))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
