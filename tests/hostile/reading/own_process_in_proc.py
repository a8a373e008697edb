"""Reads its own process in /proc: environment, command line, memory map, descriptors.

stopped_by = ["private-files", "landlock"]
status = "graded"
at_most = 0
prints = ["environ refused", "maps refused", "fd refused", "mountinfo refused"]
also_held = [["private-files"], ["landlock"]]
"""

import os


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("environ", lambda: open("/proc/self/environ", "rb").read(100))
attempt("cmdline", lambda: open("/proc/self/cmdline", "rb").read(100))
attempt("maps", lambda: open("/proc/self/maps", "rb").read(100))
attempt("status", lambda: open("/proc/self/status", "rb").read(100))
attempt("mountinfo", lambda: open("/proc/self/mountinfo", "rb").read(100))
attempt("fd", lambda: [os.readlink("/proc/self/fd/" + n) for n in os.listdir("/proc/self/fd")])

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
