"""Has the kernel send a signal for it: the owner of a descriptor is told when it can be read.

stopped_by = ["seccomp"]
status = "graded"
at_most = 0
prints = ["owner refused", "which refused", "lease refused"]
"""

import fcntl
import os

reader, writer = os.pipe()


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("owner", lambda: fcntl.fcntl(reader, fcntl.F_SETOWN, 1))
attempt("which", lambda: fcntl.fcntl(reader, 10, 9))
attempt("lease", lambda: fcntl.fcntl(os.open("f", os.O_CREAT), fcntl.F_SETLEASE, 0))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
