"""Makes memory and semaphores by which it could talk to another submission.

stopped_by = ["seccomp", "ipc-namespace", "private-files"]
status = "graded"
at_most = 0
prints = ["shmget refused", "msgget refused", "semget refused", "posix refused", "mq refused"]
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
from multiprocessing import shared_memory


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("shmget", lambda: call(29, 4711, 4096, 0o1600))
attempt("msgget", lambda: call(68, 4711, 0o1600))
attempt("semget", lambda: call(64, 4711, 1, 0o1600))
attempt("posix", lambda: shared_memory.SharedMemory("torchgrade-hostile", create=True, size=10))
attempt("mq", lambda: call(240, 0, 0, 0, 0))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
