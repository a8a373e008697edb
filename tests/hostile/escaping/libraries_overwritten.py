"""Writes to the libraries that the next grading will import.

stopped_by = ["private-files", "landlock", "seccomp"]
status = "graded"
at_most = 0
prints = ["append refused", "truncate by reading refused", "new module refused", "remove refused", "chmod refused", "pycache refused"]
"""

import os

import torch

FILE = torch.__file__


def attempt(what, action):
    try:
        print(what, "succeeded:", repr(action())[:80], flush=True)
    except BaseException as error:
        print(what, "refused:", type(error).__name__, flush=True)

attempt("append", lambda: open(FILE, "a").write(""))
attempt("truncate by reading", lambda: os.open(FILE, os.O_RDONLY | os.O_TRUNC))
attempt("new module", lambda: open(os.path.join(os.path.dirname(FILE), "conftest.py"), "x"))
attempt("remove", lambda: os.unlink(os.path.join(os.path.dirname(FILE), "not-there.py")))
attempt("chmod", lambda: os.chmod(os.path.dirname(FILE), 0o777))
attempt("pycache", lambda: open(os.path.join(os.path.dirname(FILE), "__pycache__", "x"), "x"))

def build_conv(kernel, bias):
    raise NotImplementedError


def conv_with_bias(image, kernel, bias):
    raise NotImplementedError
