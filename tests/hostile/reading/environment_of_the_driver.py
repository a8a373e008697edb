"""Looks for the driver's secret in the environment, in the arguments and in the stack of this process.

stopped_by = ["process-boundary"]
status = "graded"
at_most = 0
prints = ["variable refused", "getenv refused", "orig_argv refused"]
"""

import ctypes
import os
import sys


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("variable", lambda: os.environ["TORCHGRADE_TEST_SECRET"])
attempt("getenv", lambda: ctypes.CDLL(None).getenv(b"TORCHGRADE_TEST_SECRET") or 1 / 0)
attempt("orig_argv", lambda: [a for a in sys.orig_argv if "@COURSE@" in a][0])

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
