"""Reads the processes around it in /proc: their memory, environment, open files.

stopped_by = ["private-files", "landlock"]
status = "graded"
at_most = 0
prints = ["list refused", "1/mem refused", "parent refused", "1/root refused"]
also_held = [["private-files"], ["landlock"]]
"""

import os


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("list", lambda: [n for n in os.listdir("/proc") if n.isdigit()])
attempt("1/mem", lambda: open("/proc/1/mem", "rb").read(10))
attempt("parent", lambda: open(f"/proc/{os.getppid()}/environ", "rb").read())
attempt("1/root", lambda: os.listdir("/proc/1/root"))
attempt("cwd", lambda: os.listdir("/proc/1/cwd/@COURSE@"))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
