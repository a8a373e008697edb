"""Sends signals to its parent, to process 1 and to a process that does not exist.

stopped_by = ["seccomp", "pid-namespace"]
status = "graded"
at_most = 0
prints = ["parent refused", "init refused", "nobody refused", "group refused", "pidfd refused"]
"""

import os
import signal


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("parent", lambda: os.kill(os.getppid() or 4000000, 0))
attempt("init", lambda: os.kill(1, 0))
attempt("nobody", lambda: os.kill(4000000, signal.SIGKILL))
attempt("group", lambda: os.killpg(4000000, 0))
attempt("pidfd", lambda: os.pidfd_open(1))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
