"""Reads from every descriptor that it may have inherited.

stopped_by = ["process-boundary"]
status = "graded"
at_most = 0
prints = ["read refused", "dup refused", "fd 0 refused"]
"""

import os


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("read", lambda: [os.read(fd, 100) for fd in range(4, 1024) if os.fstat(fd)])
attempt("dup", lambda: [os.dup(fd) for fd in range(4, 200)])
attempt("fd 0", lambda: os.read(0, 10)[0])

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
