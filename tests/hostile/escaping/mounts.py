"""Mounts file systems, unmounts what hides others, and changes the root.

stopped_by = ["seccomp", "user-namespace"]
status = "graded"
at_most = 0
prints = ["proc refused", "umount refused", "chroot refused", "pivot refused", "open_tree refused"]
also_held = [["seccomp"]]
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

NAME = ctypes.create_string_buffer(b"proc")
AT = ctypes.addressof(NAME)


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("proc", lambda: call(165, AT, AT, AT, 0, 0))
attempt("umount", lambda: call(166, AT, 2))
attempt("chroot", lambda: os.chroot("/"))
attempt("pivot", lambda: call(155, AT, AT))
attempt("open_tree", lambda: call(428, -100, AT, 1))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
