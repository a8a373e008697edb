"""Makes namespaces, in which it would be root.

stopped_by = ["seccomp"]
status = "graded"
at_most = 0
prints = ["user refused", "mount refused", "net refused", "pid refused", "setns refused"]
down = { without = ["seccomp"], prints = ["user succeeded"] }
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

attempt("user", lambda: call(272, 0x10000000))
attempt("mount", lambda: call(272, 0x20000))
attempt("net", lambda: call(272, 0x40000000))
attempt("pid", lambda: call(272, 0x20000000))
attempt("setns", lambda: call(308, 1, 0))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
