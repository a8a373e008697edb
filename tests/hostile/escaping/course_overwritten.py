"""Writes to the course: its checks, its solution, a result of its own.

stopped_by = ["private-files", "landlock", "seccomp"]
status = "graded"
at_most = 0
prints = ["write refused", "truncate refused", "chmod refused", "utime refused", "mkdir refused", "rmtree refused", "xattr refused"]
also_held = [["private-files"], ["landlock"], ["seccomp"]]
"""

import os
import shutil


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("write", lambda: open("@COURSE@/problems/02-conv-bias/checks/test_conv_bias.py", "w").write(""))
attempt("truncate", lambda: os.truncate("@COURSE@/solutions/02-conv-bias/solution.py", 0))
attempt("chmod", lambda: os.chmod("@COURSE@/solutions", 0o777))
attempt("utime", lambda: os.utime("@COURSE@/solutions/02-conv-bias/solution.py", (0, 0)))
attempt("mkdir", lambda: os.mkdir("@COURSE@/mine"))
attempt("rmtree", lambda: shutil.rmtree("@COURSE@/not-there"))
attempt("xattr", lambda: os.setxattr("@COURSE@", b"user.x", b"x"))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
