"""Makes a second process, by fork, vfork, clone and multiprocessing.

stopped_by = ["seccomp"]
status = "graded"
at_most = 0
prints = ["fork refused", "forkpty refused", "vfork refused", "clone refused", "worker refused"]
down = { without = ["seccomp"], prints = ["fork succeeded"] }
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


def worker():
    import multiprocessing

    process = multiprocessing.get_context("fork").Process(target=int)
    process.start()
    process.join()


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("fork", lambda: os.fork() or os._exit(0))
attempt("forkpty", lambda: os.forkpty()[0] or os._exit(0))
attempt("vfork", lambda: call(58) or os._exit(0))
attempt("clone", lambda: call(56, 17, 0, 0, 0, 0) or os._exit(0))
attempt("worker", lambda: worker())

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
