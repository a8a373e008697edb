"""Replaces itself by another program.

stopped_by = ["seccomp", "landlock", "private-files"]
status = "graded"
at_most = 0
prints = ["execv refused", "execve refused", "by descriptor refused"]
"""

import ctypes
import os
import sys


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("execv", lambda: os.execv(sys.executable, ["python"]))
attempt("execve", lambda: os.execve("/bin/sh", ["sh"], {}))
attempt("by descriptor", lambda: os.execve(os.open(ctypes.__file__, os.O_RDONLY), ["x"], {}))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
