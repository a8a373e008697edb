"""Asks the kernel to take the walls down again.

stopped_by = ["seccomp"]
status = "graded"
at_most = 0
prints = ["dumpable refused", "seccomp off refused", "no_new_privs off refused", "parent death signal refused"]
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def call(*numbers):
    ctypes.set_errno(0)
    result = libc.syscall(*map(ctypes.c_long, numbers))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("dumpable", lambda: call(157, 4, 1, 0, 0, 0))
attempt("seccomp off", lambda: call(157, 22, 0, 0, 0, 0))
attempt("no_new_privs off", lambda: call(157, 38, 0, 0, 0, 0))
attempt("parent death signal", lambda: call(157, 1, 0, 0, 0, 0))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
