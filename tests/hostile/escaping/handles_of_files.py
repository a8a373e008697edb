"""Opens files by handle, which needs no path.

stopped_by = ["seccomp"]
status = "graded"
at_most = 0
prints = ["name_to_handle refused", "open_by_handle refused", "openat2 refused", "pidfd_getfd refused", "landlock refused"]
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

attempt("name_to_handle", lambda: call(303, -100, 0, 0, 0, 0))
attempt("open_by_handle", lambda: call(304, -100, 0, 0))
attempt("openat2", lambda: call(437, -100, 0, 0, 0))
attempt("pidfd_getfd", lambda: call(438, 3, 0, 0))
attempt("landlock", lambda: call(444, 0, 0, 1))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
