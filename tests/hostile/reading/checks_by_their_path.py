"""Opens the hidden checks where they lie.

stopped_by = ["private-files", "landlock"]
status = "graded"
at_most = 0
prints = ["read_text refused"]
also_held = [["private-files"], ["landlock"]]
down = { without = ["private-files", "landlock"], prints = ["read_text succeeded"] }
"""

import pathlib


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("read_text", lambda: pathlib.Path("@COURSE@/problems/02-conv-bias/checks/test_conv_bias.py").read_text())
attempt("exists", lambda: pathlib.Path("@COURSE@/problems/02-conv-bias/checks/test_conv_bias.py").stat().st_size)

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
