"""Reads the memory of process 1 by process_vm_readv and ptrace.

stopped_by = ["seccomp", "pid-namespace"]
status = "graded"
at_most = 0
prints = ["process_vm_readv refused", "attach refused", "seize refused"]
down = { without = ["seccomp"], prints = ["process_vm_readv succeeded", "attach refused", "seize refused"] }
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def call(*numbers):
    if libc.syscall(*map(ctypes.c_long, numbers)) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return 0


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("process_vm_readv", lambda: call(310, 1, 0, 0, 0, 0, 0))
attempt("attach", lambda: call(101, 16, 1, 0, 0))
attempt("seize", lambda: call(101, 0x4206, 1, 0, 0))
attempt("kcmp", lambda: call(312, 1, 2, 0, 0, 0))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
