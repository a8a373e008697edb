"""Makes a process by clone3, whose arguments no filter can see.

stopped_by = ["seccomp"]
status = "graded"
at_most = 0
prints = ["clone3 refused"]
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

ARGUMENTS = (ctypes.c_uint64 * 11)(0, 0, 0, 0, 17)


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("clone3", lambda: call(435, ctypes.addressof(ARGUMENTS), 88) or os._exit(0))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
