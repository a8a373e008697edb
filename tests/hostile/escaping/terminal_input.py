"""Types a command into the terminal that the grader was started from.

stopped_by = ["seccomp"]
status = "graded"
at_most = 0
prints = ["TIOCSTI on 0 refused", "TIOCSTI on 1 refused", "TIOCSTI on 2 refused", "control refused", "ctermid refused"]
"""

import fcntl
import os
import termios


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("TIOCSTI on 0", lambda: fcntl.ioctl(0, termios.TIOCSTI, b"x"))
attempt("TIOCSTI on 1", lambda: fcntl.ioctl(1, termios.TIOCSTI, b"x"))
attempt("TIOCSTI on 2", lambda: fcntl.ioctl(2, termios.TIOCSTI, b"x"))
attempt("control", lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
attempt("ctermid", lambda: os.open(os.ctermid(), os.O_RDWR))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
