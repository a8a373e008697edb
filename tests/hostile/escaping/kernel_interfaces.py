"""Opens the interfaces through which kernels have been attacked: bpf, perf, io_uring, userfaultfd, keyrings.

stopped_by = ["seccomp"]
status = "graded"
at_most = 0
prints = ["bpf refused", "perf refused", "io_uring refused", "userfaultfd refused", "keyring refused", "add_key refused", "personality refused", "memfd refused"]
down = { without = ["seccomp"], prints = ["memfd succeeded"] }
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

attempt("bpf", lambda: call(321, 0, 0, 0))
attempt("perf", lambda: call(298, 0, 0, 0, 0, 0))
attempt("io_uring", lambda: call(425, 1, 0))
attempt("userfaultfd", lambda: call(323, 1))
attempt("keyring", lambda: call(250, 0, -3, 0))
attempt("add_key", lambda: call(248, 0, 0, 0, 0, 0))
attempt("personality", lambda: call(135, 0x40000))
attempt("memfd", lambda: os.memfd_create("x"))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
