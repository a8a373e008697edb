"""Lets the kernel copy the solution: sendfile, copy_file_range, rename.

stopped_by = ["private-files", "landlock"]
status = "graded"
at_most = 0
prints = ["sendfile refused", "O_PATH refused", "rename refused"]
also_held = [["private-files"], ["landlock"]]
"""

import os


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("sendfile", lambda: os.sendfile(1, os.open("@COURSE@/solutions/02-conv-bias/solution.py", os.O_RDONLY), 0, 100))
attempt("O_PATH", lambda: os.read(os.open("/proc/self/fd/" + str(os.open("@COURSE@/solutions/02-conv-bias/solution.py", os.O_PATH)), os.O_RDONLY), 10))
attempt("rename", lambda: os.rename("@COURSE@/solutions/02-conv-bias/solution.py.not-there", "mine"))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
